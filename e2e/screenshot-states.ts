// The states of the page that `npm run screenshots` takes pictures of, in the order in which one visit meets them.

import type { Page } from 'playwright';
import { breakable } from './breakable-gpu';
import {
	divergingRun,
	drawLasso,
	dropFiles,
	fillDisk,
	goToAddress,
	longRun,
	relabelFirst,
	shortRun,
	waitForEpochs,
} from './page-acts';
import { chooseRun, startTraining, type Workbench, type WorkbenchOptions, waitForState } from './workbench';

export interface State {
	/** The file names begin with it. */
	name: string;
	/** Brings the page there from the state before, in English. */
	open(page: Page): Promise<void>;
	/** Puts away what would lie over the next state. */
	leave?(page: Page): Promise<void>;
	/** Later states of the sitting stand on this one, so it is opened even when no picture of it is asked for. */
	isNeeded?: true;
}

/** One visit: a browser context of its own. */
export interface Sitting {
	options: WorkbenchOptions;
	begin?(workbench: Workbench): Promise<void>;
	states: readonly State[];
	patienceMs?: number;
}

async function goTo(page: Page, address: string): Promise<void> {
	await goToAddress(page, address);
	await page.locator('main:not([aria-busy="true"])').waitFor();
}

async function drop(page: Page, files: Record<string, string>): Promise<void> {
	await goTo(page, 'data/import');
	await dropFiles(page, files);
}

async function train(page: Page, settings: string, seeds = '1'): Promise<void> {
	await goTo(page, 'train/new');
	await chooseRun(page, { preset: 'smoke', settings });
	await page.getByLabel('Seeds').fill(seeds);
	await startTraining(page);
}

/** Opens a run from the table of results. */
async function openResult(page: Page): Promise<void> {
	await goTo(page, 'results?group=off');
	await page.getByRole('region', { name: 'Runs', exact: true }).getByRole('link', { name: 'smoke' }).first().click();
	await page.getByRole('region', { name: 'Errors', exact: true }).locator('.lane-span').first().waitFor();
}

const importFiles = {
	'mine.train': '李 B-PER\n明 I-PER\n来 O\n\n南 B-GPE\n京 I-GPE\n好 O\n',
	'mine.dev': '{"text": "王芳去了北京。", "label": [[0, 2, "PER"], [4, 6, "GPE"]]}\n',
	'mine.test': '张/B-PER 伟/I-PER 在/O 上/B-GPE 海/I-GPE\n',
};

const dataStates: State[] = [
	{
		name: 'data',
		open: async (page) => {
			await goTo(page, 'data/sample');
			await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
			await page.getByRole('link', { name: /^Sample words/ }).waitFor();
		},
	},
	{ name: 'data-numbers', open: (page) => goTo(page, 'data/sample?tab=numbers') },
	{
		name: 'data-vectors',
		open: async (page) => {
			await page
				.getByRole('link', { name: /^Sample words/ })
				.first()
				.click();
			await page.getByRole('region', { name: 'Coverage' }).locator('.data-coverage-figure').waitFor();
		},
	},
	{
		name: 'data-train-vectors',
		open: async (page) => {
			await page.getByRole('button', { name: 'Add vectors' }).click();
			await page.getByRole('radio', { name: 'Train from text' }).click();
		},
		leave: (page) => page.keyboard.press('Escape'),
	},
	{
		name: 'data-import',
		open: async (page) => {
			await drop(page, importFiles);
			await page.getByText('3 files · 4 sentences').waitFor();
		},
		leave: async (page) => {
			await page.getByRole('button', { name: 'Import', exact: true }).click();
			await page.getByRole('list', { name: 'Sentences' }).getByText('王芳').waitFor();
		},
	},
	{
		name: 'data-import-problem',
		open: async (page) => {
			await drop(page, { 'mine.train': `${importFiles['mine.train']}\n王 B-PER\n芳\n` });
			await page.getByRole('alert').filter({ hasText: 'mine.train' }).waitFor();
		},
	},
];

const trainStates: State[] = [
	{ name: 'space-empty', open: (page) => goTo(page, 'space') },
	{ name: 'results-empty', open: (page) => goTo(page, 'results') },
	{
		name: 'train-new',
		open: async (page) => {
			await goTo(page, 'train/new');
			await chooseRun(page, { preset: 'sample', corpus: 'Sample(?! .English)' });
		},
	},
	{
		name: 'train-queue',
		isNeeded: true,
		open: async (page) => {
			await train(page, shortRun, '1, 2');
			await page.getByRole('region', { name: 'Queue' }).getByText('finished').nth(1).waitFor();
			await waitForState(page, ['finished']);
		},
	},
	{
		name: 'train-running',
		isNeeded: true,
		open: async (page) => {
			await train(page, longRun);
			await waitForState(page, ['training']);
			await waitForEpochs(page, 3);
		},
	},
	{
		name: 'train-paused',
		open: async (page) => {
			await page.getByRole('button', { name: 'Pause' }).click();
			await waitForState(page, ['paused']);
		},
		leave: async (page) => {
			await page.getByRole('button', { name: 'Resume' }).click();
			await waitForState(page, ['training']);
		},
	},
	{
		name: 'train-cut-off',
		open: async (page) => {
			// A run is saved after an epoch, two seconds after its start at the earliest.
			await page.waitForTimeout(4000);
			await page.reload();
			await page.locator('[data-notice="interrupted"]').waitFor();
			await waitForEpochs(page, 1);
		},
	},
	{
		name: 'train-relabelled',
		open: async (page) => {
			await relabelFirst(page, 'smoke');
			await goTo(page, 'train');
			await page.getByText('Changed: train 1').waitFor();
		},
	},
	{
		name: 'train-stopped',
		open: async (page) => {
			await page.getByRole('button', { name: 'Stop' }).click();
			await page.locator('[data-notice="run-input"]').waitFor();
		},
	},
	{
		name: 'train-nan',
		open: async (page) => {
			await train(page, divergingRun);
			await page.getByRole('alert').and(page.locator('[data-code="not-a-number"]')).waitFor();
		},
	},
	{
		name: 'train-finished',
		isNeeded: true,
		open: async (page) => {
			await train(page, shortRun);
			await waitForState(page, ['training']);
			await waitForState(page, ['finished']);
		},
	},
	{
		name: 'train-log',
		open: (page) => page.getByRole('log').scrollIntoViewIfNeeded(),
	},
];

const inMap = (page: Page) => page.getByRole('region', { name: 'Map', exact: true });

const spaceStates: State[] = [
	{
		name: 'space-map',
		isNeeded: true,
		open: async (page) => {
			await goTo(page, 'space');
			await page.locator('.map-host').waitFor();
			await page.locator('[data-testid=moment][data-moment="2.3"]').waitFor();
		},
	},
	{
		name: 'space-selection',
		open: async (page) => {
			await drawLasso(page.locator('.map-host').first());
			await page.getByRole('list', { name: 'Selected tokens' }).getByRole('listitem').first().waitFor();
		},
	},
	{
		name: 'space-token',
		open: async (page) => {
			await page.locator('.map-host').focus();
			await page.keyboard.press('ArrowRight');
			await page.keyboard.press('Enter');
			await page.getByRole('list', { name: 'Nearest neighbours' }).getByRole('listitem').first().waitFor();
		},
		leave: (page) => page.getByRole('button', { name: 'Back to the selection' }).click(),
	},
	...['Measures', 'Suspicious', 'Loss'].map((title) => ({
		name: `space-${title.toLowerCase()}`,
		open: async (page: Page) => {
			await page.getByRole('tab', { name: title }).click();
			await page.waitForTimeout(1500);
		},
	})),
	{
		name: 'space-table',
		open: async (page) => {
			await inMap(page).getByRole('button', { name: 'Show as table' }).click();
			await page.getByRole('list', { name: 'Points of the map' }).getByRole('listitem').first().waitFor();
		},
		leave: (page) => inMap(page).getByRole('button', { name: 'Show as map' }).click(),
	},
	{
		name: 'space-compare',
		open: async (page) => {
			await page.getByRole('radio', { name: 'Two' }).click();
			await page.locator('[data-side=b] .map-host').waitFor();
			await page.getByText(/tokens are in both/).waitFor();
		},
	},
];

const resultStates: State[] = [
	{
		name: 'results-table',
		open: async (page) => {
			await goTo(page, 'results');
			await page.getByRole('region', { name: 'Runs', exact: true }).getByRole('link').first().waitFor();
		},
	},
	{ name: 'results-run', open: openResult },
	{
		name: 'results-compare',
		open: async (page) => {
			await goTo(page, 'results?group=off');
			const boxes = page
				.getByRole('region', { name: 'Runs', exact: true })
				.getByRole('button', { name: /^Compare smoke/ });
			await boxes.nth(0).click();
			await boxes.nth(1).click();
			await page.getByRole('button', { name: 'Compare 2' }).click();
			await page.getByText('95% interval').waitFor();
		},
	},
];

const textStates: State[] = [
	{
		name: 'tag',
		open: async (page) => {
			await goTo(page, 'tag');
			await page.getByRole('region', { name: 'Tagged sentences' }).locator('mark[data-type]').first().waitFor();
		},
	},
	{
		name: 'tag-lattice',
		open: async (page) => {
			await page.getByRole('button', { name: 'Show the lattice of sentence 1' }).click();
			await page.locator('.lattice-word').first().waitFor();
			await page.getByRole('region', { name: 'Tagged sentences' }).locator('mark[data-type]').first().click();
			await page.getByRole('complementary', { name: 'Entity' }).waitFor();
		},
	},
	{
		name: 'annotate-choose',
		open: (page) => goTo(page, 'annotate?choose=1'),
	},
	{
		name: 'annotate-queue',
		open: async (page) => {
			await goTo(page, 'annotate/sample');
			await page.getByRole('application', { name: 'Sentence' }).waitFor();
		},
	},
	{
		name: 'annotate-sentence',
		open: async (page) => {
			await goTo(page, 'annotate/sample?order=corpus&n=3');
			await page.getByRole('application', { name: 'Sentence' }).waitFor();
			await page.keyboard.press('Home');
			await page.keyboard.press('Shift+ArrowRight');
			await page.keyboard.press('Shift+ArrowRight');
		},
	},
	{
		name: 'models',
		open: async (page) => {
			await goTo(page, 'models');
			await page.getByRole('link', { name: 'sample-nerco' }).waitFor();
		},
	},
	{
		name: 'models-card',
		open: async (page) => {
			await page.getByRole('link', { name: 'sample-nerco' }).click();
			await page.getByText('Parameters', { exact: true }).waitFor();
		},
	},
	{
		name: 'palette',
		open: (page) => page.keyboard.press('Control+k'),
		leave: (page) => page.keyboard.press('Escape'),
	},
	{
		name: 'shortcuts',
		open: async (page) => {
			await goTo(page, 'space');
			await page.locator('.map-host').waitFor();
			await page.keyboard.press('?');
			await page.getByRole('dialog').waitFor();
		},
		leave: (page) => page.keyboard.press('Escape'),
	},
];

/** A corpus of text whose second sentence is longer than the window. */
const keepingStates: State[] = [
	{
		name: 'annotate-long',
		isNeeded: true,
		open: async (page) => {
			await goTo(page, 'data/sample');
			await page.getByRole('button', { name: 'Add corpus' }).waitFor();
			const long = `${'今天的雨下得很大，'.repeat(60)}李明昨天去了北京，${'路上都是水，'.repeat(60)}`;
			await dropFiles(page, { 'notes.txt': `李明住在上海。\n${long}` });
			await page.getByRole('button', { name: 'Import', exact: true }).click();
			await page.getByRole('list', { name: 'Sentences' }).getByText('李明住在').waitFor();
			const id = new URL(page.url()).hash.replace(/^#\/data\//, '').replace(/\?.*$/, '');
			await goTo(page, `annotate/${id}?order=corpus&n=2`);
			await page.locator('.annotate-suggestion').first().waitFor();
			await page.getByRole('application', { name: 'Sentence' }).focus();
			await page.keyboard.press('PageDown');
			await page.keyboard.press('Tab');
		},
	},
	{
		name: 'annotate-rejected',
		isNeeded: true,
		open: async (page) => {
			await page.keyboard.press('k');
			await page.locator('.annotate-suggestion').first().waitFor();
			await page.keyboard.press('Backspace');
			await page.locator('.annotate-steps s').first().waitFor();
			await page.getByRole('tab', { name: 'History' }).click();
		},
	},
	{
		name: 'annotate-unsaved',
		isNeeded: true,
		open: async (page) => {
			await fillDisk(page, true);
			await page.getByRole('application', { name: 'Sentence' }).focus();
			await page.keyboard.press('Home');
			await page.keyboard.press('Shift+ArrowRight');
			await page.keyboard.press('1');
			await page.locator('[data-banner=unsaved]').waitFor();
		},
	},
	{ name: 'data-unsaved', open: (page) => goTo(page, 'data/sample') },
];

/** The worker never answers, so that every place stays with its grey shapes. */
async function holdWorker({ page, url }: Workbench): Promise<void> {
	await page.context().route(/\/worker-[^/]*\.js$/, () => {});
	await page.goto(`${url}?backend=wasm&lang=en&theme=light#/data`);
	await page.reload();
}

async function openBreakable({ page, url }: Workbench): Promise<void> {
	await page.context().route(/\/worker-[^/]*\.js$/, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: `${breakable}${await response.text()}` });
	});
	await page.goto(`${url}?backend=webgpu&lang=en&theme=light#/train/new`);
	await page.reload();
}

export const sittings: readonly Sitting[] = [
	{
		options: { backend: 'wasm', page: 'data' },
		states: [...dataStates, ...trainStates, ...spaceStates, ...resultStates, ...textStates],
	},
	{ options: { backend: 'wasm', page: 'data' }, states: keepingStates },
	{
		options: { backend: 'wasm', page: 'data' },
		begin: holdWorker,
		states: ['data', 'train', 'space', 'results', 'tag', 'annotate', 'models'].map((place) => ({
			name: `loading-${place}`,
			open: async (page) => {
				await goToAddress(page, place);
				await page.waitForTimeout(800);
			},
		})),
	},
	{
		options: { backend: 'auto', hidesGpu: true, page: 'data' },
		states: [
			{
				name: 'banner-no-webgpu',
				open: async (page) => {
					await page.locator('[data-banner="no-webgpu"]').waitFor();
					await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
				},
			},
		],
	},
	{
		options: { backend: 'webgpu', page: 'data' },
		begin: openBreakable,
		// A software adapter compiles its shaders for up to a minute, twice here.
		patienceMs: 240_000,
		states: [
			{
				name: 'banner-software',
				open: async (page) => {
					await page.locator('[data-backend="webgpu"]').waitFor();
					await page.locator('[data-banner="software"]').waitFor();
				},
			},
			{
				name: 'train-gpu-lost',
				open: async (page) => {
					await train(page, 'stages.2.epochs=500\nstages.2.patience=500');
					await waitForEpochs(page, 1);
					await page.evaluate(() => new BroadcastChannel('lose-gpu').postMessage('now'));
					await page.locator('[data-notice="device-lost"]').getByText('continuing from step').waitFor();
				},
			},
		],
	},
];
