// A GPU that is lost in the middle of a run: the page opens it again, and the run goes on by itself from where it was
// saved. The loss is made on purpose: the worker's script is served with a way to destroy its devices.

import { afterAll, expect, test } from 'vitest';
import { breakable } from './breakable-gpu';
import { chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

/** A software adapter compiles its shaders for up to a minute, twice here, and takes long for a step. */
const slowMs = 420_000;

test('a run goes on by itself after its GPU was lost, and says from which step', async () => {
	const workbench = await openWorkbench({ backend: 'webgpu', place: 'data' });
	const { page } = workbench;
	try {
		await page.context().route(/\/worker-[^/]*\.js$/, async (route) => {
			const response = await route.fetch();
			await route.fulfill({ response, body: `${breakable}${await response.text()}` });
		});
		await page.goto(`${workbench.url}?backend=webgpu&lang=en#/train`);
		await page.reload();
		await page.locator('[data-backend="webgpu"]').waitFor({ timeout: slowMs });
		await chooseRun(page, { preset: 'smoke', settings: 'stages.2.epochs=500\nstages.2.patience=500' });
		await startTraining(page);
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 1, undefined, { timeout: slowMs });
		const before = Number(await page.getByTestId('steps').getAttribute('data-value'));

		await page.evaluate(() => new BroadcastChannel('lose-gpu').postMessage('now'));
		const notice = page.locator('[data-notice="device-lost"]');
		await notice.getByText('continuing from step').waitFor({ timeout: slowMs });
		expect(before).toBeGreaterThan(0);
		await waitForState(page, ['training'], slowMs);
		await page.waitForFunction(
			(steps) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > steps,
			before,
			{ timeout: slowMs },
		);
		expect(await page.getByRole('alert').count()).toBe(0);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['stopped', 'failed'], slowMs)).toBe('stopped');
	} finally {
		await workbench.close();
	}
}, 900_000);
