// Killed while a run trains, or while it measures itself on a large dev split: afterwards the run is paused, its curves are
// there up to its saved state, it is resumed, and trains beyond where it was killed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { type Finding, type Kept, type Sitting, scene } from './kill-scene';
import { dropFiles, goToAddress } from './page-acts';
import { type SavedState, savedStateOf, storedItems, waitForItem } from './stored-items';
import { builtPage, startTraining, waitForState } from './workbench';

/** The promise of the workbench. */
const maxRedoneSeconds = 30;
/** Its epochs take seconds: thousands of rows a minute would keep the page from answering. */
const sample = 'Sample';
const measuredName = 'measured';
const measuredSentences = 6000;

interface SeenRun {
	id: string;
	steps: number;
	/** Rows of finished epochs, as shown. */
	rows: string[];
	/** When its first step was done. */
	startedAtMs: number;
	saved: SavedState | null;
}

const steps = async (page: Page) => Number(await page.getByTestId('steps').getAttribute('data-value'));
/** Without the times, which are measured again. */
const rows = (page: Page) =>
	page
		.locator('tbody tr')
		.evaluateAll((all) =>
			all.map((row) =>
				[...row.querySelectorAll('td[data-value]')].map((cell) => cell.getAttribute('data-value')).join(' '),
			),
		);

/** Starts a run of endless patience and gives its identifier. */
async function start(page: Page, { corpus, preset, longStage }: { corpus: string; preset: string; longStage: number }) {
	const stored = await storedItems(page);
	const before = new Set(stored.map(({ id }) => id));
	const corpusId = stored.find(({ kind, name }) => kind === 'corpus' && name === corpus)?.id;
	if (corpusId === undefined) throw new Error(`no corpus ${corpus}`);
	const stages = `stages.${longStage}.epochs=1000&stages.${longStage}.patience=1000`;
	await goToAddress(page, `train/new?preset=${preset}&corpus=${encodeURIComponent(corpusId)}&${stages}`);
	await page.locator('[data-backend]').waitFor();
	await startTraining(page);
	await waitForState(page, ['training']); // said from the reading of the data on
	const run = await waitForItem(page, ({ kind, id }) => kind === 'run' && !before.has(id));
	await page.waitForFunction(
		() => Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > 0,
	);
	return run.id;
}

async function seenRun(page: Page, id: string, startedAtMs: number): Promise<SeenRun> {
	const saved = savedStateOf((await storedItems(page)).find((item) => item.id === id));
	return { id, startedAtMs, saved, rows: await rows(page), steps: await steps(page) };
}

async function check({ page }: Sitting, seen: SeenRun, killedAtMs: number): Promise<Finding> {
	const losses: string[] = [];
	const run = (await storedItems(page)).find(({ id }) => id === seen.id);
	const saved = savedStateOf(run);
	if (seen.saved && (saved?.savedAtMs ?? 0) < seen.saved.savedAtMs) losses.push('the saved state is older than before');
	await goToAddress(page, `train/${seen.id}`);
	const resume = page.getByRole('main').getByRole('button', { name: 'Resume' });
	const redoneSeconds = (killedAtMs - (saved?.savedAtMs ?? seen.startedAtMs)) / 1000;
	if (redoneSeconds > maxRedoneSeconds) losses.push(`${redoneSeconds.toFixed(1)} s are redone`);
	await waitForState(page, ['paused']);
	await resume.waitFor();
	const resumedFrom = await steps(page);
	const storedRows = await rows(page);
	const differs = storedRows.findIndex((row, index) => index < seen.rows.length && row !== seen.rows[index]);
	if (differs >= 0) losses.push(`epoch ${differs + 1} has other numbers than before`);
	await resume.click();
	await waitForState(page, ['training']);
	await page.waitForFunction(
		([steps, rows]) =>
			Number(document.querySelector('[data-testid="steps"]')?.getAttribute('data-value')) > steps &&
			document.querySelectorAll('tbody tr').length >= rows,
		[Math.max(seen.steps, resumedFrom), seen.rows.length] as const,
	);
	const again = (await rows(page)).slice(0, seen.rows.length);
	const otherwise = again.findIndex((row, index) => row !== seen.rows[index]);
	if (otherwise >= 0) losses.push(`epoch ${otherwise + 1} comes out otherwise when it is redone`);
	await page.getByRole('main').getByRole('button', { name: 'Stop' }).click();
	await waitForState(page, ['finished', 'stopped']);
	const said = `step ${seen.steps}, resumed from ${resumedFrom}, ${redoneSeconds.toFixed(1)} s redone`;
	return { losses, redoneSeconds, said };
}

/** Somewhere in the first seconds: before the first save, between two, or in one. */
export const training = scene<SeenRun>('training', async ({ page }) => {
	const id = await start(page, { corpus: sample, preset: 'sample', longStage: 0 });
	const startedAtMs = Date.now();
	return {
		longestMs: 12_000,
		capture: () => seenRun(page, id, startedAtMs),
		check: (sitting, { seen, killedAtMs }) => check(sitting, seen, killedAtMs),
	};
});

/** A corpus of a few train sentences whose dev split takes seconds to measure. */
async function addMeasured(page: Page, kept: Kept): Promise<void> {
	if (kept.items.some(({ kind, name }) => kind === 'corpus' && name === measuredName)) return;
	const read = (split: string) =>
		readFileSync(join(builtPage, `sample/${split}.conll`), 'utf8')
			.trim()
			.split(/\n\s*\n/);
	const [train, dev] = [read('train'), read('dev')];
	const many = Array.from({ length: measuredSentences }, (_, index) => dev[index % dev.length]);
	await goToAddress(page, 'data/import');
	await dropFiles(page, {
		[`${measuredName}.train`]: train.slice(0, 60).join('\n\n'),
		[`${measuredName}.dev`]: many.join('\n\n'),
	});
	await page.getByText('2 files · ').first().waitFor();
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await waitForItem(page, ({ kind, name }) => kind === 'corpus' && name === measuredName);
}

/** Waits until no step is added while the run trains: it is evaluated. */
async function waitForEvaluation(page: Page): Promise<void> {
	await page.waitForFunction(
		() =>
			new Promise<boolean>((resolve) => {
				const shown = () => document.querySelector('[data-testid="steps"]')?.getAttribute('data-value');
				const before = shown();
				setTimeout(() => resolve(Number(before) > 0 && shown() === before), 300);
			}),
	);
}

export const evaluation = scene<SeenRun>('evaluation', async ({ page }, { kept }) => {
	await addMeasured(page, kept);
	const id = await start(page, { corpus: measuredName, preset: 'smoke', longStage: 2 });
	const startedAtMs = Date.now();
	await waitForEvaluation(page);
	return {
		longestMs: 4000,
		capture: () => seenRun(page, id, startedAtMs),
		check: (sitting, { seen, killedAtMs }) => check(sitting, seen, killedAtMs),
	};
});
