// Storage that disappears under the open page: site data cleared while a run trains and while sentences are labelled, a
// database that never opens, an upgrade by another tab. The page says so, works on, and saves again by itself.

import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { clearSiteData, dropFiles, goToAddress, startLongRun } from './page-acts';
import { closeBrowser, openPage, openWorkbench, waitForState } from './workbench';

afterAll(closeBrowser);

/** Another tab of the origin, without the workbench. */
async function openEmptyTab(page: Page): Promise<Page> {
	const second = await page.context().newPage();
	await second.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '<p>' }));
	await second.goto(new URL('/empty', page.url()).href);
	return second;
}

/** As another tab of the origin does it. */
async function inSecondTab(page: Page, act: 'delete' | 'upgrade'): Promise<void> {
	const second = await openEmptyTab(page);
	await second.evaluate(
		(what) =>
			new Promise<void>((resolve, reject) => {
				const request =
					what === 'delete' ? indexedDB.deleteDatabase('nerco-workbench') : indexedDB.open('nerco-workbench', 99);
				request.onsuccess = () => resolve();
				request.onerror = () => reject(request.error);
			}),
		act,
	);
	await second.close();
}

const banner = (page: Page, name: string) => page.locator(`[data-banner="${name}"]`);

test('site data cleared during a run: the page says so, the run continues, is saved again and can be resumed after a reload', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'train/new' });
	const { page, problems } = workbench;
	try {
		await startLongRun(page);
		await page.getByRole('button', { name: 'Pause' }).click();
		await waitForState(page, ['paused']);
		await page.getByRole('button', { name: 'Resume' }).first().click();
		await waitForState(page, ['training']);

		await clearSiteData(page);
		await banner(page, 'storage-cleared').getByText('run smoke').waitFor();
		expect(await page.getByRole('status').textContent()).toBe('training');
		await openPage(page, 'Results');
		await banner(page, 'storage-cleared').waitFor();
		await page.getByRole('row', { name: /smoke/ }).first().waitFor();
		// Its corpus and lexicon were in memory; the smoke preset has no vectors.
		expect(await banner(page, 'storage-cleared').textContent()).not.toContain('cannot be resumed');
		const [file] = await Promise.all([
			page.waitForEvent('download'),
			banner(page, 'storage-cleared').getByRole('button', { name: 'Download what is left' }).click(),
		]);
		expect(file.suggestedFilename()).toBe('unsaved-work.nerco.zip');
		await banner(page, 'storage-cleared').getByRole('button', { name: 'Dismiss' }).click();

		await page.reload();
		await waitForState(page, ['paused']);
		await page.getByRole('button', { name: 'Resume' }).first().click();
		await waitForState(page, ['training']);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('a database deleted by another tab under Annotate: labels before and after it are kept', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page, problems } = workbench;
	const { keyboard } = page;
	const marks = page.getByRole('application', { name: 'Sentence' }).locator('mark[data-type]');
	try {
		await page.getByRole('button', { name: 'Add corpus' }).waitFor();
		await dropFiles(page, { 'notes.txt': '李明昨天去了北京，今天一早又坐火车回来了。\n天气很好。' });
		await page.getByText('1 file · 2 sentences').waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByRole('list', { name: 'Sentences' }).getByText('天气很好').waitFor();
		const id = new URL(page.url()).hash.replace(/^#\/data\//, '').replace(/\?.*$/, '');
		await goToAddress(page, `annotate/${id}?order=corpus&n=1`);
		await page.locator('.annotate-suggestion[data-label]').first().waitFor();
		await keyboard.press('Enter');
		await page.locator('.annotate-saved[data-kind=saved]').waitFor();

		await inSecondTab(page, 'delete');
		await banner(page, 'storage-cleared').getByText('corpus notes').waitFor();
		await keyboard.press('Enter');
		await marks.nth(1).waitFor();
		await page.locator('.annotate-saved[data-kind=saved]').waitFor();
		await page.locator('[data-banner=unsaved]').waitFor({ state: 'detached' });
		await page.reload();
		await marks.nth(1).waitFor();
		expect(await marks.allTextContents()).toEqual(['李明', '北京']);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('the page reports a database that does not open after five seconds, and opens it as soon as the browser answers', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page } = workbench;
	try {
		// The page's worker opens it: a second connection with an upgrade that does not end holds the next one up.
		await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
		const second = await openEmptyTab(page);
		await page.goto('about:blank');
		await second.evaluate(
			() =>
				new Promise<void>((resolve) => {
					indexedDB.deleteDatabase('nerco-workbench').onsuccess = () => {
						const request = indexedDB.open('nerco-workbench', 2);
						request.onupgradeneeded = () => {
							request.result.createObjectStore('items', { keyPath: ['kind', 'id'] });
							request.result.createObjectStore('contents');
						};
						request.onsuccess = () => {
							Object.assign(window, { held: request.result });
							resolve();
						};
					};
				}),
		);
		await page.goto(`${workbench.url}#/data/sample`);
		await banner(page, 'storage-blocked').getByText('Close that tab').waitFor();
		await second.close();
		await banner(page, 'storage-blocked').waitFor({ state: 'detached' });
		await page.getByRole('list', { name: 'Sentences' }).waitFor();
	} finally {
		await workbench.close();
	}
});

test('every page reports storage that hangs, and works when it answers; after an upgrade by another tab it asks to reload', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'tag', hangsStorage: true });
	const { page } = workbench;
	try {
		await banner(page, 'storage-silent').getByText('not responding').waitFor();
		await openPage(page, 'Data');
		await banner(page, 'storage-silent').waitFor();
		await page.evaluate(() => new BroadcastChannel('release-storage').postMessage(''));
		await banner(page, 'storage-silent').waitFor({ state: 'detached' });
		await page.getByRole('list', { name: 'Sentences' }).waitFor();

		await inSecondTab(page, 'upgrade');
		await banner(page, 'storage-newer').getByRole('button', { name: 'Reload' }).waitFor();
		await openPage(page, 'Models');
		await banner(page, 'storage-newer').waitFor();
	} finally {
		await workbench.close();
	}
});
