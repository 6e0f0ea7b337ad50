// A GPU that is lost before anything of a run was saved, and again in the middle of it: the page opens it again, and the run
// starts again, or continues from where it was saved, by itself. The loss is made on purpose: the worker's script is served with a way to destroy its devices.

import { afterAll, expect, test } from 'vitest';
import { breakable } from './breakable-gpu';
import { chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

test('a run starts again or continues by itself after its GPU was lost, and says from which step', async () => {
	const workbench = await openWorkbench({ backend: 'webgpu', page: 'data' });
	const { page } = workbench;
	try {
		await page.context().route(/\/worker-[^/]*\.js$/, async (route) => {
			const response = await route.fetch();
			await route.fulfill({ response, body: `${breakable}${await response.text()}` });
		});
		await page.goto(`${workbench.url}?backend=webgpu&lang=en#/train`);
		await page.reload();
		await page.locator('[data-backend="webgpu"]').waitFor();
		await chooseRun(page, { preset: 'smoke', settings: 'stages.2.epochs=500\nstages.2.patience=500' });
		await startTraining(page);
		const notice = page.locator('[data-notice="device-lost"]');
		const lose = () => page.evaluate(() => new BroadcastChannel('lose-gpu').postMessage('now'));
		// While its first step is compiled, long before a state is saved.
		await waitForState(page, ['training']);
		await page.getByRole('region', { name: 'Stages' }).waitFor();
		await lose();
		await notice.getByText('the run starts again from the beginning').waitFor();
		expect(await page.getByRole('alert').count()).toBe(0);
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 1);
		const before = Number(await page.getByTestId('steps').getAttribute('data-value'));

		await lose();
		await notice.getByText('continuing from step').waitFor();
		expect(before).toBeGreaterThan(0);
		await waitForState(page, ['training']);
		await page.waitForFunction(
			(steps) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > steps,
			before,
		);
		expect(await page.getByRole('alert').count()).toBe(0);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
	} finally {
		await workbench.close();
	}
});
