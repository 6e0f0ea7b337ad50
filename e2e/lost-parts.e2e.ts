// Files of the page that cannot be fetched: each in turn, the page stays up, says what is missing and offers another try;
// preferences that somebody else wrote blank nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { clearSiteData, dropFiles, goToAddress } from './page-acts';
import { builtPage, closeBrowser, openWorkbench, startTraining } from './workbench';

afterAll(closeBrowser);

const pages = ['data/sample', 'data/import', 'train/new', 'space', 'results', 'tag', 'annotate/sample', 'models'];

/** Presses through to where a part is needed. */
type Visit = (page: Page) => Promise<void>;

const at = (address: string): Visit => {
	return (page) => goToAddress(page, address);
};

const press = (name: string | RegExp): Visit => {
	return (page) => page.getByRole('button', { name, exact: true }).first().click();
};

const menu = (entry: string): Visit => {
	return async (page) => {
		await goToAddress(page, 'data/sample');
		await page.getByRole('button', { name: 'More actions for Sample', exact: true }).first().click();
		await page.getByRole('menuitem', { name: entry }).click();
	};
};

/** Enough rows to be recognised. */
const tinyVectors = `20 12\n${Array.from('北京上海天津重庆江苏浙江安徽福建山东河南', (word) => `${word}${' 0.25'.repeat(12)}`).join('\n')}\n`;

/** How each part of the page Data comes to be needed, the parts within others after those. */
const dataVisits: Record<string, Visit> = {
	DataPage: at('data/sample'),
	// Others take words from it, so it comes before them.
	VectorsDialog: (page) => dropFiles(page, { 'tiny.vec': tinyVectors }),
	ImportView: at('data/import'),
	LexiconView: at('data/lexicon/sample'),
	VectorsView: at('data/vectors/sample-characters'),
	RenameDialog: menu('Rename'),
	ExportDialog: menu('Export'),
	StorageDialog: async (page) => {
		await goToAddress(page, 'data/sample');
		await press('Workspace')(page);
	},
	AddVectorsDialog: press('Add vectors'),
};

/** The same of the shell and the other pages. */
const otherVisits: Record<string, Visit> = {
	CommandPalette: (page) => page.keyboard.press('Control+k'),
	ShortcutsDialog: (page) => page.keyboard.press('?'),
	SpacePage: at('space'),
	ResultsPage: at('results'),
	TagPage: at('tag'),
	AnnotatePage: at('annotate/sample'),
	ModelsPage: at('models'),
	TrainPage: at('train/new'),
	'CurveChart SpaceCharts LiveMap': async (page) => {
		await goToAddress(page, 'train/new');
		await page.locator('[data-backend]').waitFor();
		await startTraining(page);
	},
};

/** Come by themselves: scenarios of their own. */
const byThemselves = ['Notices', 'StorageSigns'];

/** Names of all parts that the page loads later, as its source has them. */
function partNames(): string[] {
	const folder = join(builtPage, '../src/ui');
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.tsx'))
		.flatMap((name) => [
			...readFileSync(join(folder, name), 'utf8').matchAll(/const (\w+) = lazyPart\(|: lazyPart\(.*\/(\w+)'\)/g),
		]);
	return [...new Set(names.map(([, part, page]) => part ?? page))];
}

async function expectAlive(page: Page, where: string): Promise<void> {
	await page.getByRole('navigation').waitFor();
	expect(await page.getByRole('heading', { level: 1 }).count(), where).toBe(1);
	expect(await page.getByRole('status').first().isVisible(), where).toBe(true);
}

test('every part that is loaded later has its visit here', () => {
	const visited = Object.keys({ ...dataVisits, ...otherVisits }).flatMap((parts) => parts.split(' '));
	expect([...visited, ...byThemselves].toSorted()).toEqual(partNames().toSorted());
});

const visitsOf = { 'the page Data': dataVisits, 'the shell and the other pages': otherVisits };

test.each(Object.entries(visitsOf))(
	'each part of %s is missing in turn: the page says so there, works on, and loads it on another try',
	async (_, visits) => {
		const workbench = await openWorkbench({ backend: 'wasm', page: 'data/sample' });
		const { page } = workbench;
		let missing: readonly string[] = [];
		await page.context().route(/\/assets\/.*\.js$/, (route) => {
			const { pathname } = new URL(route.request().url());
			return missing.some((part) => pathname.includes(`/${part}-`)) ? route.abort() : route.continue();
		});
		try {
			await page.getByRole('list', { name: 'Sentences' }).waitFor();
			for (const [part, visit] of Object.entries(visits)) {
				missing = part.split(' ');
				await (part === 'DataPage' ? page.reload() : visit(page));
				const broken = page.locator('[data-broken]').filter({ hasText: 'Its file could not be fetched' });
				await broken
					.nth(missing.length - 1)
					.waitFor()
					.catch((error) => {
						throw new Error(`${part}: ${error}`);
					});
				expect(await page.locator('.status-line').isVisible(), part).toBe(true);
				const kinds = missing.length;
				missing = [];
				for (let kind = 0; kind < kinds && (await broken.count()) > 0; kind++) {
					const before = await broken.count();
					await page.getByRole('button', { name: 'Try again' }).first().click();
					await broken.nth(before - 1).waitFor({ state: 'detached' });
				}
				await broken.first().waitFor({ state: 'detached' });
				if (/Dialog$|Palette$/.test(part)) {
					await page.getByRole('dialog').waitFor();
					await page.keyboard.press('Escape');
				}
				await page.getByRole('dialog').waitFor({ state: 'detached' });
				await page.locator('#main-part:not([aria-busy])').waitFor();
				await expectAlive(page, part);
			}
		} finally {
			await workbench.close();
		}
	},
);

test('a file that several parts share is missing: every page says so or works', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page } = workbench;
	try {
		await page.context().route(/\/assets\/(SentenceText|PageFrame)-.*\.js$/, (route) => route.abort());
		await page.reload();
		for (const address of pages) {
			await goToAddress(page, address);
			await page.locator('#main-part:not([aria-busy])').waitFor();
			await expectAlive(page, address);
		}
		expect(await page.locator('[data-broken]').count()).toBeGreaterThan(0);
	} finally {
		await workbench.close();
	}
});

test('notices whose code is missing are reported plainly, and another try loads them', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page } = workbench;
	try {
		await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
		await page.context().route(/\/assets\/Notices-.*\.js$/, (route) => route.abort());
		await page.reload();
		await page.locator('.broken-corner').getByText('Notifications could not be loaded').waitFor();
		await page.context().unroute(/\/assets\/Notices-.*\.js$/);
		await page.locator('.broken-corner').getByRole('button', { name: 'Try again' }).click();
		await page.locator('.broken-corner').waitFor({ state: 'detached' });
		await expectAlive(page, 'after another try');
	} finally {
		await workbench.close();
	}
});

test('storage was cleared and what says so is missing: the page says that, and another try loads it', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data/sample' });
	const { page } = workbench;
	try {
		await page.getByRole('list', { name: 'Sentences' }).waitFor();
		await page.context().route(/\/assets\/StorageSigns-.*\.js$/, (route) => route.abort());
		await clearSiteData(page);
		await page.locator('[data-broken]').getByText('Its file could not be fetched').waitFor();
		await page.context().unroute(/\/assets\/StorageSigns-.*\.js$/);
		await page.locator('[data-broken]').getByRole('button', { name: 'Try again' }).click();
		await page.locator('[data-banner="storage-cleared"]').waitFor();
		await expectAlive(page, 'after another try');
	} finally {
		await workbench.close();
	}
});

/** By what is wrong with them. */
const oddPreferences: Record<string, Record<string, string>> = {
	'of other types': {
		'other types': JSON.stringify({
			language: 3,
			theme: {},
			panes: [1],
			dismissed: 'x',
			lastRoute: {},
			letterKeys: 'y',
		}),
		'layouts of no pane': '{"panes":{"data+list+side":{"main":1,"list":99},"__proto__":{"main":1}}}',
	},
	'that lead elsewhere, break off or are too long': {
		'another origin': JSON.stringify({ lastRoute: 'https://elsewhere.example/#/data' }),
		'no JSON': '{"language":',
		'a megabyte': JSON.stringify({ lastRoute: `#/data/${'x'.repeat(1e6)}`, dismissed: Array(50_000).fill('banner') }),
	},
};

test.each(Object.keys(oddPreferences))('preferences %s open the page as a first visit does', async (kind) => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page, problems } = workbench;
	try {
		await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
		const empty = `${workbench.url}empty.html`;
		await page.route(empty, (route) =>
			route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' }),
		);
		for (const [name, text] of Object.entries(oddPreferences[kind])) {
			// Where the page itself is not there to write over them.
			await page.goto(empty);
			await page.evaluate((kept) => localStorage.setItem('nerco-preferences', kept), text);
			await page.goto(`${workbench.url}?lang=en`);
			await page.getByRole('list', { name: 'Sentences' }).waitFor();
			await expectAlive(page, name);
		}
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
