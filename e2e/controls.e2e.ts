// Pause, resume and stop, on a run that is long enough to be caught in the middle.

import { afterAll, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

async function stepsDone(page: import('playwright').Page): Promise<number> {
	const text = await page.getByTestId('steps').getAttribute('data-value');
	return Number(text);
}

test('a run pauses, goes on where it stood, and stops with a model that tags', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'sample' });
		await startTraining(page);
		await waitForState(page, ['training']);
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 1, undefined, { timeout: 60_000 });

		await page.getByRole('button', { name: 'Pause' }).click();
		await waitForState(page, ['paused']);
		await page.waitForTimeout(300); // the last message of steps may still be on its way
		const held = await stepsDone(page);
		await page.waitForTimeout(500);
		expect(await stepsDone(page)).toBe(held);

		await page.getByRole('button', { name: 'Resume' }).click();
		await waitForState(page, ['training']);
		await page.waitForFunction(
			(before) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > before,
			held,
			{ timeout: 60_000 },
		);

		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(await page.getByText('stopped before its end').count()).toBe(1);
		await page.getByRole('button', { name: 'Tag text' }).click();
		await page.getByRole('list', { name: 'Tagged sentences' }).waitFor();
		expect(workbench.problems).toEqual([]);

		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	} finally {
		await workbench.close();
	}
});
