// The smoke preset with fewer epochs, trained in the worker on both back ends from the same files, to the same losses.

import { afterAll, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

/** All stages, the last one with an epoch after another. */
const settings = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=2';

interface RunResult {
	state: string;
	/** Rows of the table of epochs, cell by cell. */
	epochs: string[][];
	/** Mean training loss of each epoch, unrounded. */
	trainLosses: number[];
	lastLoss: number;
	backend: string | null;
	adapter: string | null;
	isSoftware: string | null;
	alerts: string[];
	problems: string[];
	spans: string[][];
}

async function trainSmoke(backend: 'webgpu' | 'wasm'): Promise<RunResult> {
	const workbench = await openWorkbench({ backend });
	const { page, problems } = workbench;
	try {
		const device = page.locator('[data-backend]');
		await device.waitFor();
		await chooseRun(page, { preset: 'smoke', settings });
		await startTraining(page);
		const state = await waitForState(page, ['finished', 'failed']);
		const alerts = await page.getByRole('alert').allTextContents();
		const rows = await page.getByRole('row').all();
		const epochs = await Promise.all(rows.slice(1).map((row) => row.getByRole('cell').allTextContents()));
		const cells = await page.locator('tbody td[data-value]').all();
		const trainLosses = await Promise.all(cells.map(async (cell) => Number(await cell.getAttribute('data-value'))));
		const lastLoss = Number(await page.getByTestId('last-loss').getAttribute('data-value'));
		await openPage(page, 'Tag');
		await page.getByLabel('Text to tag').fill('李明住在北京。\n今天没有课。');
		await page.getByRole('button', { name: 'Tag text' }).click();
		// The earlier result stays until the new one is shown.
		const tagged = page.getByRole('list', { name: 'Tagged sentences' }).filter({ hasText: '今天没有课' });
		await tagged.waitFor();
		const spans = await tagged
			.locator('mark[data-type]')
			.evaluateAll((marks) => marks.map((mark) => [mark.textContent ?? '', mark.getAttribute('data-type') ?? '']));
		return {
			state,
			epochs,
			trainLosses,
			lastLoss,
			backend: await device.getAttribute('data-backend'),
			adapter: await device.getAttribute('data-adapter'),
			isSoftware: await device.getAttribute('data-software'),
			alerts,
			problems,
			spans,
		};
	} finally {
		await workbench.close();
	}
}

function relativeDifference(value: number, expected: number): number {
	return Math.abs(value - expected) / Math.max(1, Math.abs(expected));
}

let onWasm: RunResult | null = null;

test('smoke trains on wasm to its end, shows scores of every epoch and tags text', async () => {
	onWasm = await trainSmoke('wasm');
	expect(onWasm).toMatchObject({ state: 'finished', backend: 'wasm', alerts: [], problems: [] });
	expect(onWasm.epochs.map((cells) => cells[0])).toEqual(['Contrastive', 'Head', 'Full', 'Full']);
	const last = onWasm.epochs.at(-1) ?? [];
	for (const score of [last[4], last[5]]) expect(Number(score)).toBeGreaterThanOrEqual(0);
	expect(onWasm.lastLoss).toBeGreaterThan(0);
	for (const [text] of onWasm.spans) expect('李明住在北京。今天没有课。').toContain(text);
});

test('smoke trains on webgpu without an uncaptured error, to the same losses as on wasm', async () => {
	const onWebgpu = await trainSmoke('webgpu');
	expect(onWebgpu).toMatchObject({ state: 'finished', backend: 'webgpu', alerts: [], problems: [] });
	expect(onWebgpu.adapter).toMatch(/\w/);
	console.log(`adapter: ${onWebgpu.adapter}, software: ${onWebgpu.isSoftware}`);
	onWasm ??= await trainSmoke('wasm');
	expect(onWebgpu.epochs.map((cells) => cells[0])).toEqual(onWasm.epochs.map((cells) => cells[0]));
	console.log(`train losses on webgpu: ${onWebgpu.trainLosses}; on wasm: ${onWasm.trainLosses}`);
	// The first epoch agrees to rounding. Sums in another order differ in their last bits, and AdamW's early steps, which
	// go by the sign of tiny gradients, let the difference grow.
	expect(relativeDifference(onWebgpu.trainLosses[0], onWasm.trainLosses[0])).toBeLessThan(1e-3);
	for (const [index, loss] of onWebgpu.trainLosses.entries()) {
		expect(relativeDifference(loss, onWasm.trainLosses[index])).toBeLessThan(0.02);
	}
});
