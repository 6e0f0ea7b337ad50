// Pause, resume and stop, on a run that is long enough to be caught in the middle.

import { afterAll, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openPlace, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

/** Thousands of steps, so that a slow browser still meets the run before its end. */
const longRun = 'stages.0.epochs=1000\nstages.0.patience=1000';

async function waitForRows(page: import('playwright').Page, count: number): Promise<void> {
	await page.waitForFunction((least) => document.querySelectorAll('tbody tr').length >= least, count);
}

async function waitForSteps(page: import('playwright').Page, above: number): Promise<void> {
	await page.waitForFunction(
		(before) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > before,
		above,
	);
}

async function stepsDone(page: import('playwright').Page): Promise<number> {
	const text = await page.getByTestId('steps').getAttribute('data-value');
	return Number(text);
}

test('a run pauses, goes on where it stood, and stops with a model that tags', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke', settings: longRun });
		await startTraining(page);
		await waitForState(page, ['training']);
		await waitForRows(page, 1);

		await page.getByRole('button', { name: 'Pause' }).click();
		await waitForState(page, ['paused']);
		await page.waitForTimeout(1000); // the last message of steps may still be on its way
		const held = await stepsDone(page);
		await page.waitForTimeout(500);
		expect(await stepsDone(page)).toBe(held);

		await page.getByRole('button', { name: 'Resume' }).click();
		await waitForState(page, ['training']);
		await waitForSteps(page, held);

		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(await page.getByText('stopped before its end').count()).toBe(1);
		await openPlace(page, 'Tag');
		await page.getByRole('button', { name: 'Tag text' }).click();
		await page.getByRole('list', { name: 'Tagged sentences' }).waitFor();
		await openPlace(page, 'Train');
		expect(workbench.problems).toEqual([]);

		await page.getByRole('button', { name: 'New run' }).click();
		await chooseRun(page, { preset: 'smoke', settings: '' }); // the form keeps what was chosen last
		await startTraining(page);
		await waitForState(page, ['training']);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(await page.getByText('All stages done').count()).toBe(1);
	} finally {
		await workbench.close();
	}
});

test('a stopped run goes on after the page was loaded again, in the same curves', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke', settings: longRun });
		await startTraining(page);
		await waitForRows(page, 2);
		await page.getByRole('button', { name: 'Stop' }).click();
		await waitForState(page, ['finished']);
		const before = await stepsDone(page);
		const rows = await page.locator('tbody tr').count();

		await page.reload();
		await page.getByRole('region', { name: 'Runs' }).getByRole('link', { name: 'smoke' }).click();
		await waitForRows(page, rows);
		expect(await stepsDone(page)).toBe(before);
		expect(await page.getByRole('status').textContent()).toBe('idle');

		await page.getByRole('button', { name: 'Resume' }).click();
		await waitForState(page, ['training']);
		await waitForSteps(page, before);
		await waitForRows(page, rows + 1);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(await page.getByRole('region', { name: 'Runs' }).getByRole('link').count()).toBe(1);
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('a run that a closed page cut off stands as paused, and goes on', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke', settings: longRun });
		await startTraining(page);
		await waitForRows(page, 2);
		// A run is saved after an epoch, two seconds after its start at the earliest.
		await page.waitForTimeout(4000);
		await page.reload();
		await waitForState(page, ['paused']);
		await page.getByText('Stopped when the page closed').waitFor();
		await waitForRows(page, 1);
		const saved = await stepsDone(page);
		expect(saved).toBeGreaterThan(0);

		await page.getByRole('button', { name: 'Resume' }).click();
		await waitForState(page, ['training']);
		await waitForSteps(page, saved);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('two seeds train one after the other, and both open from the queue', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke' });
		await page.getByLabel('Seeds').fill('1, 2');
		await startTraining(page);
		const queue = page.getByRole('region', { name: 'Queue' });
		await queue.getByText('finished').nth(1).waitFor();
		expect(await waitForState(page, ['finished'])).toBe('finished');
		await queue.getByRole('link', { name: 'smoke · 1' }).click();
		await page.getByText('All stages done').waitFor();
		expect(await page.locator('.crumbs').textContent()).toContain('seed 1');
		const gist = page.getByRole('region', { name: 'Scores' }).getByRole('img', { name: 'dev F1 goes' });
		await gist.waitFor();
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

/** The loss of SGD grows without end at such a rate. */
const divergingRun = [
	'optimizer.kind=sgd',
	'optimizer.learningRate=10',
	'optimizer.clipValue=0',
	'optimizer.momentum=0.99',
	'optimizer.warmup=1',
	'optimizer.epochDecay=0',
	'epochs=400',
	'patience=400',
]
	.map((setting) => `stages.2.${setting}`)
	.join('\n');

test('a run whose loss becomes NaN says at which step, and its settings open in the form', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke', settings: divergingRun });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('failed');
		const alert = page.getByRole('alert');
		expect(await alert.getAttribute('data-code')).toBe('not-a-number');
		expect(await alert.textContent()).toMatch(/NaN at step \d+ \(Full\)/);
		await alert.getByRole('button', { name: 'Open settings' }).click();
		await page.getByRole('button', { name: 'reset to adamw' }).click();
		expect(
			await page.getByRole('region', { name: 'Full' }).getByRole('textbox', { name: 'Learning rate' }).inputValue(),
		).toBe('10');
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
