// Pause, resume and stop, on a run that is long enough to be caught in the middle.

import type { Page } from 'playwright';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { divergingRun, startLongRun, waitForEpochs } from './page-acts';
import { waitForSavedState } from './stored-items';
import {
	chooseRun,
	closeBrowser,
	openPage,
	openWorkbench,
	startTraining,
	type Workbench,
	waitForState,
} from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm' });
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

async function waitForSteps(page: Page, above: number): Promise<void> {
	await page.waitForFunction(
		(before) => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > before,
		above,
	);
}

/** Waits until the number of steps has not changed over thirty frames of the page, and gives it. */
async function stepsAtRest(page: Page): Promise<number> {
	return page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				let [held, frames] = [-1, 0];
				const check = () => {
					const steps = Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value'));
					frames = steps === held ? frames + 1 : 0;
					held = steps;
					if (frames === 30) resolve(held);
					else requestAnimationFrame(check);
				};
				check();
			}),
	);
}

async function stepsDone(page: Page): Promise<number> {
	const text = await page.getByTestId('steps').getAttribute('data-value');
	return Number(text);
}

test('a run pauses, resumes at the same step, and stops with a model that tags', async () => {
	const { page, problems } = workbench;
	await startLongRun(page);
	await waitForEpochs(page, 1);

	await page.getByRole('button', { name: 'Pause' }).click();
	await waitForState(page, ['paused']);
	const held = await stepsAtRest(page); // the last message of steps may still be on its way

	await page.getByRole('button', { name: 'Resume' }).click();
	await waitForState(page, ['training']);
	await waitForSteps(page, held);

	await page.getByRole('button', { name: 'Stop' }).click();
	expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
	expect(await page.getByText('Stopped early after').count()).toBe(1);
	await openPage(page, 'Tag');
	await page.getByRole('button', { name: 'Tag text' }).click();
	await page.getByRole('list', { name: 'Tagged sentences' }).waitFor();
	await openPage(page, 'Train');
	expect(problems).toEqual([]);

	await page.getByRole('button', { name: 'New run' }).click();
	await chooseRun(page, { preset: 'smoke', settings: '' }); // the form keeps what was chosen last
	await startTraining(page);
	await waitForState(page, ['training']);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	expect(await page.getByText('All stages done').count()).toBe(1);
});

test('a stopped run resumes after a reload, in the same curves', async () => {
	const { page, problems } = workbench;
	await startLongRun(page);
	await waitForEpochs(page, 2);
	await page.getByRole('button', { name: 'Stop' }).click();
	await waitForState(page, ['stopped']);
	const before = await stepsDone(page);
	const rows = await page.locator('tbody tr').count();

	await page.reload();
	await page.getByRole('region', { name: 'Runs' }).getByRole('link', { name: 'smoke' }).click();
	await waitForEpochs(page, rows);
	expect(await stepsDone(page)).toBe(before);
	expect(await page.getByRole('status').textContent()).toBe('idle');

	await page.getByRole('button', { name: 'Resume' }).click();
	await waitForState(page, ['training']);
	await waitForSteps(page, before);
	await waitForEpochs(page, rows + 1);
	await page.getByRole('button', { name: 'Stop' }).click();
	expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
	expect(await page.getByRole('region', { name: 'Runs' }).getByRole('link').count()).toBe(1);
	expect(problems).toEqual([]);
});

test('a run that a closed page cut off is shown as paused, and resumes', async () => {
	const { page, problems } = workbench;
	await startLongRun(page);
	await waitForEpochs(page, 2);
	await waitForSavedState(page);
	await page.reload();
	await waitForState(page, ['paused']);
	await page.getByText('The page was closed while this run was training').waitFor();
	await waitForEpochs(page, 1);
	const saved = await stepsDone(page);
	expect(saved).toBeGreaterThan(0);

	await page.getByRole('button', { name: 'Resume' }).click();
	await waitForState(page, ['training']);
	await waitForSteps(page, saved);
	await page.getByRole('button', { name: 'Stop' }).click();
	expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
	expect(problems).toEqual([]);
});

test('a part of the epochs is chosen by dragging or by typing, and all charts show it', async () => {
	const { page, problems } = workbench;
	await chooseRun(page, { preset: 'smoke', settings: 'stages.2.epochs=20' });
	await startTraining(page);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	const charts = ['Loss', 'Scores', 'F1 per type', 'Learning rate per step', 'Steps per second'];
	const firstTick = (name: string) =>
		page.getByRole('region', { name, exact: true }).locator('.recharts-xAxis-tick-labels text').first();
	for (const name of charts) await firstTick(name).filter({ hasText: /^0$/ }).waitFor();
	expect(await page.getByTestId('memory').textContent()).toMatch(/^[\d.]+ MB$/);

	const surface = page.getByRole('region', { name: 'Loss', exact: true }).locator('.chart-drag');
	const box = await surface.boundingBox();
	if (!box) throw new Error('the chart has no plot');
	await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 3 });
	await page.mouse.up();
	const ends = page.locator('.train-chart-part input');
	const [from, to] = await Promise.all([ends.nth(0).inputValue(), ends.nth(1).inputValue()]);
	expect(Number(to) - Number(from)).toBeCloseTo(23 / 4, 0);
	for (const name of charts)
		await firstTick(name)
			.filter({ hasText: String(Math.ceil(Number(from))) })
			.waitFor();

	await surface.dblclick();
	await ends.first().waitFor({ state: 'detached' });
	await page.getByRole('radio', { name: 'Custom' }).press('Space');
	await ends.first().fill('7');
	await ends.first().press('Enter');
	for (const name of charts) await firstTick(name).filter({ hasText: /^7$/ }).waitFor();
	await ends.first().fill('9');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Control+a');
	await page.keyboard.type('9.5');
	await page.keyboard.press('Enter');
	for (const name of charts) await firstTick(name).filter({ hasText: /^9$/ }).waitFor();
	const loss = page.getByRole('region', { name: 'Loss', exact: true });
	const ticks = (axis: string) => loss.locator(`.recharts-${axis}-tick-labels text`).allTextContents();
	expect((await ticks('xAxis')).at(-1)).toBe('9.4');
	await loss.getByRole('radio', { name: 'log' }).press('Space');
	await loss.locator('.recharts-yAxis-tick-labels').getByText('10', { exact: true }).waitFor();
	expect(new Set(await ticks('yAxis')).size).toBe((await ticks('yAxis')).length);
	expect(problems).toEqual([]);
});

test('two seeds train one after the other, and both open from the queue', async () => {
	const { page, problems } = workbench;
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
	expect(problems).toEqual([]);
});

test('a run whose loss becomes NaN says at which step, and its settings open in the form', async () => {
	const { page, problems } = workbench;
	await chooseRun(page, { preset: 'smoke', settings: divergingRun });
	await startTraining(page);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('failed');
	const alert = page.getByRole('alert');
	expect(await alert.getAttribute('data-code')).toBe('not-a-number');
	expect(await alert.textContent()).toMatch(/NaN at step \d+ \(Full\)/);
	await alert.getByRole('button', { name: 'Open settings' }).click();
	await page.getByRole('button', { name: 'reset to adamw' }).click();
	expect(
		await page
			.getByRole('region', { name: 'Full' })
			.getByRole('textbox', { name: 'Learning rate', exact: true })
			.inputValue(),
	).toBe('10');
	expect(problems).toEqual([]);
});
