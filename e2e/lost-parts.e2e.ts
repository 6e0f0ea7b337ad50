// Files of the page that cannot be fetched: each in turn, the page stays up, says what is missing and offers another try;
// preferences that somebody else wrote blank nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { goToAddress } from './page-acts';
import { builtPage, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

const slow = { timeout: 60_000 };
const places = ['data/sample', 'data/import', 'train/new', 'space', 'results', 'tag', 'annotate/sample', 'models'];

/** Scripts that the page loads later: not those of its first paint, and not those of workers. */
function laterScripts(): string[] {
	const first = readFileSync(join(builtPage, 'index.html'), 'utf8');
	return readdirSync(join(builtPage, 'assets')).filter(
		(name) => /\.js$/.test(name) && !first.includes(name) && !/worker|device|shipped/.test(name),
	);
}

async function expectAlive(page: Page, where: string): Promise<void> {
	await page.getByRole('navigation').waitFor(slow);
	expect(await page.getByRole('heading', { level: 1 }).count(), where).toBe(1);
	expect(await page.getByRole('status').first().isVisible(), where).toBe(true);
}

test('each file that is loaded later is missing in turn: the page says so where it is needed and works on', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', place: 'data/sample' });
	const { page } = workbench;
	let missing = '';
	await page
		.context()
		.route(/\/assets\/.*\.js$/, (route) =>
			missing !== '' && route.request().url().endsWith(missing) ? route.abort() : route.continue(),
		);
	const unsaid: string[] = [];
	try {
		await page.getByRole('list', { name: 'Sentences' }).waitFor(slow);
		for (const script of laterScripts()) {
			missing = script;
			let isSaid = false;
			let isAsked = false;
			const hear = (request: { url(): string }) => {
				if (request.url().endsWith(script)) isAsked = true;
			};
			page.on('requestfailed', hear);
			await page.reload();
			await page.getByRole('navigation').waitFor(slow);
			for (const place of places) {
				await goToAddress(page, place);
				await page.locator('#main-part:not([aria-busy])').waitFor(slow);
				await expectAlive(page, `${script} at ${place}`);
				isSaid ||= (await page.locator('[data-broken]').count()) > 0;
			}
			await page.keyboard.press('Control+k');
			await page.getByRole('dialog').waitFor(slow);
			isSaid ||= (await page.locator('[data-broken]').count()) > 0;
			await page.keyboard.press('Escape');
			await page.getByRole('dialog').waitFor({ ...slow, state: 'detached' });
			await expectAlive(page, `${script} after the palette`);
			page.off('requestfailed', hear);
			if (isAsked && !isSaid) unsaid.push(script);
		}
		// Notices come after a rest, unless one is waiting; words of errors stay in English.
		expect(unsaid.filter((name) => !/^(Notices|error-words)/.test(name))).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('notices whose code is missing are told plainly, and another try loads them', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', place: 'models' });
	const { page } = workbench;
	try {
		await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor(slow);
		await page.context().route(/\/assets\/Notices-.*\.js$/, (route) => route.abort());
		await page.reload();
		await page.locator('.broken-corner').getByText('could not be loaded').waitFor(slow);
		await page.context().unroute(/\/assets\/Notices-.*\.js$/);
		await page.locator('.broken-corner').getByRole('button', { name: 'Try again' }).click();
		await page.locator('.broken-corner').waitFor({ ...slow, state: 'detached' });
		await expectAlive(page, 'after another try');
	} finally {
		await workbench.close();
	}
});

test('a chart and a place whose code is missing are told where they would be, and a run goes on', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', place: 'train/new' });
	const { page } = workbench;
	try {
		await page.locator('[data-backend]').waitFor(slow);
		const isBroken = /\/assets\/(CurveChart|ResultsPlace)-.*\.js$/;
		await page.context().route(isBroken, (route) => route.abort());
		await startTraining(page);
		await page.locator('[data-broken]').first().waitFor(slow);
		await waitForState(page, ['training']);
		await goToAddress(page, 'results');
		await page.locator('[data-broken]').getByText('could not be loaded').waitFor(slow);
		await page.context().unroute(isBroken);
		await page.getByRole('button', { name: 'Try again' }).click();
		await page
			.getByRole('row', { name: /Sample|sample|nerco/ })
			.first()
			.waitFor(slow);
		expect(await page.getByRole('status').first().textContent()).toBe('training');
	} finally {
		await workbench.close();
	}
});

test.each([
	['another origin', JSON.stringify({ lastRoute: 'https://elsewhere.example/#/data' })],
	[
		'other types',
		JSON.stringify({ language: 3, theme: {}, panes: [1], dismissed: 'x', lastRoute: {}, letterKeys: 'y' }),
	],
	[
		'layouts of no pane',
		JSON.stringify({ panes: { 'data+list+side': { main: 1, list: 99 }, __proto__: { main: 1 } } }),
	],
	['no JSON', '{"language":'],
	['a megabyte', JSON.stringify({ lastRoute: `#/data/${'x'.repeat(1e6)}`, dismissed: Array(50_000).fill('banner') })],
])('preferences of %s open the page as a first visit does', async (_, text) => {
	const workbench = await openWorkbench({ backend: 'wasm', place: 'models' });
	const { page, problems } = workbench;
	try {
		await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor(slow);
		await page.addInitScript((kept) => {
			if (!sessionStorage.getItem('put')) localStorage.setItem('nerco-preferences', kept);
			sessionStorage.setItem('put', 'yes');
		}, text);
		await page.goto('about:blank');
		await page.goto(workbench.url);
		await page.getByRole('list', { name: 'Sentences' }).waitFor(slow);
		await expectAlive(page, text.slice(0, 40));
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
