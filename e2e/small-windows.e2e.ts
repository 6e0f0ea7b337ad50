// A window of 1440 x 900 zoomed to 200 %, and one of 1280 x 720 zoomed to 150 %: every page fits without scrolling sideways,
// lists and side panels are drawers, addresses that name what is not here say so.

import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { axeFindings } from './page-acts';
import { closeBrowser, openWorkbench } from './workbench';

afterAll(closeBrowser);

const pages = ['data/sample', 'data/import', 'train/new', 'space', 'results', 'tag', 'annotate/sample', 'models'];

async function open(page: Page, address: string): Promise<void> {
	await page.evaluate((hash) => {
		window.location.hash = hash;
	}, `#/${address}`);
	await page.getByRole('heading', { level: 1 }).waitFor();
	await page.locator('main:not([aria-busy="true"])').waitFor();
}

test('in a zoomed window no page scrolls sideways, and its list is a drawer', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data/sample' });
	const { page, problems } = workbench;
	try {
		await page.locator('mark[data-type]').first().waitFor();
		for (const [width, height] of [
			[720, 450],
			[853, 480],
		]) {
			await page.setViewportSize({ width, height });
			for (const address of pages) {
				await open(page, address);
				const { scrollWidth, clientWidth } = await page.evaluate(() => {
					const { scrollWidth, clientWidth } = document.documentElement;
					return { scrollWidth, clientWidth };
				});
				expect([address, scrollWidth]).toEqual([address, clientWidth]);
			}
		}
		await open(page, 'data/sample');
		expect(await page.getByRole('button', { name: 'Add corpus' }).count()).toBe(0);
		await page.getByRole('button', { name: 'Show list' }).click();
		await page.getByRole('button', { name: 'Add corpus' }).waitFor();
		expect(await axeFindings(page)).toEqual([]);
		await page.getByRole('link', { name: /^Sample \(English\)/ }).click();
		await page.getByRole('button', { name: 'Add corpus' }).waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Show side panel' }).click();
		await page.getByRole('tab', { name: /^Checks/ }).waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('tab', { name: /^Checks/ }).waitFor({ state: 'detached' });
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('for an address that names something missing, the page says what was asked and what is shown, until that is dismissed', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data/sample' });
	const { page, problems } = workbench;
	try {
		await page.locator('mark[data-type]').first().waitFor();
		const note = page.locator('.address-notice');
		const cases = [
			['nowhere/at-all', '“nowhere”'],
			['tag?models=none', 'the model “none”, which does not exist here. Showing sample-nerco instead.'],
			['annotate/sample?model=nope', 'the model “nope”, which does not exist here. Showing sample-nerco instead.'],
			['train/new?preset=big&corpus=lost', 'the preset “big”'],
			['results/lost', 'the run “lost”'],
			['data/sample?split=extra', 'the split “extra”'],
		];
		for (const [address, said] of cases) {
			await page.evaluate((hash) => {
				window.location.hash = hash;
			}, `#/${address}`);
			await note.filter({ hasText: said }).waitFor();
			await note.getByRole('button', { name: 'Dismiss' }).click();
			await note.waitFor({ state: 'detached' });
		}
		await open(page, 'data/vectors/lost');
		await page.getByText('Nothing is stored under “lost”').waitFor();
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
