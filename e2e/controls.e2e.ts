// Pause, resume and stop, on a run that is long enough to be caught in the middle.

import { afterAll, expect, test } from 'vitest';
import {
	chooseOption,
	chooseRun,
	closeBrowser,
	openPlace,
	openWorkbench,
	startTraining,
	waitForState,
} from './workbench';

afterAll(closeBrowser);

/** Thousands of steps, so that a slow browser still meets the run before its end. */
const longRun = 'stages.0.epochs=1000\nstages.0.patience=1000';

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
		await openPlace(page, 'Tag');
		await page.getByRole('button', { name: 'Tag text' }).click();
		await page.getByRole('list', { name: 'Tagged sentences' }).waitFor();
		await openPlace(page, 'Train');
		expect(workbench.problems).toEqual([]);

		await page.getByRole('button', { name: 'New run' }).click();
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		await waitForState(page, ['training']);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(await page.getByText('All stages done').count()).toBe(1);
	} finally {
		await workbench.close();
	}
});

test('a stopped run goes on after the page was loaded again, with the same files only', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke', settings: longRun });
		await startTraining(page);
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 2, undefined, { timeout: 60_000 });
		await page.getByRole('button', { name: 'Stop' }).click();
		await waitForState(page, ['finished']);
		const before = Number(await page.getByTestId('steps').getAttribute('data-value'));

		await page.reload();
		const again = page.getByRole('button', { name: 'Continue saved run' });
		await chooseOption(page, 'Corpus', 'Own files');
		const other = { name: 'other.conll', mimeType: 'text/plain', buffer: Buffer.from('李 B-PER\n明 I-PER\n\n') };
		for (const label of ['Train', 'Dev'])
			await page.getByRole('main').getByLabel(label, { exact: true }).setInputFiles(other);
		await again.click();
		expect(await waitForState(page, ['failed', 'finished'])).toBe('failed');
		expect(await page.getByRole('alert').getAttribute('data-code')).toBe('resume-other-input');

		await chooseOption(page, 'Corpus', 'Smoke corpus');
		await again.click();
		await waitForState(page, ['training']);
		await page.waitForFunction(
			(steps) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > steps,
			before,
			{ timeout: 60_000 },
		);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		await page.getByRole('button', { name: 'New run' }).click();
		await again.waitFor();
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
