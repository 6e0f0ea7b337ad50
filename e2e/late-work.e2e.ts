// Work that ends while the user is on another page: the page does not change, a notice leads there. And nothing that is on its way is
// called missing, on a first visit by a link as after an import.

import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { dropFiles, goToAddress } from './page-acts';
import { closeBrowser, openWorkbench } from './workbench';

afterAll(closeBrowser);

const isMissing = /is not in this browser|which is not here|No corpus/;

/** Collects every text of the page that says that something is missing, however briefly it is shown. */
async function watchForMissing(page: Page): Promise<() => Promise<string[]>> {
	await page.addInitScript((pattern) => {
		const seen = new Set<string>();
		Object.assign(window, { missingTexts: seen });
		const check = () => {
			const text = document.body?.innerText ?? '';
			const found = text.match(new RegExp(pattern));
			if (found) seen.add(`${location.hash}: ${found[0]}`);
		};
		new MutationObserver(check).observe(document, { childList: true, subtree: true, characterData: true });
	}, isMissing.source);
	return () => page.evaluate(() => [...(window as unknown as { missingTexts: Set<string> }).missingTexts]);
}

test('a lexicon and a corpus that are stored late take nobody away from what is typed', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data/sample' });
	const { page, problems } = workbench;
	try {
		await page.getByRole('list', { name: 'Sentences' }).waitFor();
		const words = Array.from({ length: 200_000 }, (_, index) => `词${index.toString(36)}`).join('\n');
		await dropFiles(page, { 'late-words.txt': words }, '#/tag');
		const box = page.getByRole('textbox', { name: 'Text to tag' });
		await box.fill('李明在');
		await page.getByText('late-words').waitFor();
		expect(new URL(page.url()).hash).toMatch(/^#\/tag/);
		await box.press('End');
		await box.pressSequentially('北京');
		expect(await box.inputValue()).toBe('李明在北京');
		await page.getByRole('button', { name: 'Open', exact: true }).last().click();
		await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
		expect(new URL(page.url()).hash).toMatch(/^#\/data\/(lexicon|import)/);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('who stays sees what was imported at once, and nothing is called missing on the way', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page, problems } = workbench;
	try {
		const missing = await watchForMissing(page);
		await page.goto('about:blank');
		await page.goto(`${workbench.url}?lang=en#/data/sample`);
		await page.getByRole('list', { name: 'Sentences' }).waitFor();
		for (const address of [
			'annotate/sample',
			'data/lexicon/sample',
			'data/vectors/sample-words',
			'train/new?corpus=sample',
		]) {
			await goToAddress(page, address);
			await page.locator('#main-part:not([aria-busy])').waitFor();
		}
		await goToAddress(page, 'data/sample');
		for (const name of ['first', 'second', 'third']) {
			await dropFiles(page, { [`${name}.txt`]: `${name} 李明昨天去了北京。\n天气很好。` });
			await page.getByText('1 file · 2 sentences').waitFor();
			await page.getByRole('button', { name: 'Import', exact: true }).click();
			await page.getByRole('list', { name: 'Sentences' }).getByText(name).waitFor();
		}
		expect(await missing()).toEqual([]);
		await goToAddress(page, 'data/nowhere');
		await page.getByText('This corpus is not in this browser').waitFor();
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('a first visit by a link to a sample finds it, in Data, Annotate and Tag', async () => {
	for (const address of ['annotate/sample-en', 'data/vectors/sample-words', 'data/lexicon/sample']) {
		const workbench = await openWorkbench({ backend: 'wasm', page: 'tag' });
		const { page } = workbench;
		try {
			const missing = await watchForMissing(page);
			await page.evaluate(async () => {
				for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? '');
			});
			await page.goto('about:blank');
			await page.goto(`${workbench.url}?lang=en#/${address}`);
			await page.locator('.annotate-text, .data-item-view').first().waitFor();
			expect(await missing()).toEqual([]);
		} finally {
			await workbench.close();
		}
	}
});
