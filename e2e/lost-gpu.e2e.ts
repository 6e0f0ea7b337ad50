// A GPU that is lost before anything of a run was saved, or in the middle of it: the page opens it again, and the run starts
// again, or continues from where it was saved, by itself. The loss is made on purpose: the worker's script is served with a
// way to destroy its devices.

import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openWorkbench, startTraining, type Workbench, waitForState } from './workbench';

afterAll(closeBrowser);

/** Starts a run of 500 epochs on a GPU that can be lost. */
async function startOnBreakableGpu(): Promise<Workbench> {
	const workbench = await openWorkbench({ backend: 'webgpu', breaksGpu: true });
	const { page } = workbench;
	await page.locator('[data-backend="webgpu"]').waitFor();
	const settings = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=500\nstages.2.patience=500';
	await chooseRun(page, { preset: 'smoke', settings });
	await startTraining(page);
	await waitForState(page, ['training']);
	await page.getByRole('region', { name: 'Stages' }).waitFor();
	return workbench;
}

const lose = (page: Page) => page.evaluate(() => new BroadcastChannel('lose-gpu').postMessage('now'));

const stepsOf = async (page: Page) => Number(await page.getByTestId('steps').getAttribute('data-value'));

async function expectTrainingOn(page: Page, steps: number): Promise<void> {
	await waitForState(page, ['training']);
	await page.waitForFunction(
		(before) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > before,
		steps,
	);
	expect(await page.getByRole('alert').count()).toBe(0);
	await page.getByRole('button', { name: 'Stop' }).click();
	expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
}

test('a run whose GPU is lost before anything was saved starts again by itself, and says so', async () => {
	const workbench = await startOnBreakableGpu();
	const { page } = workbench;
	try {
		// While its first step is compiled.
		await lose(page);
		await page.locator('[data-notice="device-lost"]').getByText('the run starts again from the beginning').waitFor();
		expect(await page.getByRole('alert').count()).toBe(0);
		await expectTrainingOn(page, 0);
	} finally {
		await workbench.close();
	}
});

test('a run whose GPU is lost in the middle continues by itself, and says from which step', async () => {
	const workbench = await startOnBreakableGpu();
	const { page } = workbench;
	try {
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 1);
		const before = await stepsOf(page);
		expect(before).toBeGreaterThan(0);
		await lose(page);
		await page.locator('[data-notice="device-lost"]').getByText('continuing from step').waitFor();
		await expectTrainingOn(page, before);
	} finally {
		await workbench.close();
	}
});
