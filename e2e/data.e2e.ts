// The page Data as a newcomer uses it: the sample is there, own files are dropped, read and stored, a broken one says
// what to do, and what is deleted comes back.

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { axeFindings, dropFiles } from './page-acts';
import { closeBrowser, openWorkbench, type Workbench } from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

async function drop(files: Record<string, string>): Promise<void> {
	await workbench.page.getByRole('button', { name: 'Add corpus' }).waitFor();
	await dropFiles(workbench.page, files);
}

const columns = '李 B-PER\n明 I-PER\n来 O\n\n南 B-GPE\n京 I-GPE\n好 O\n';
const records = '{"text": "王芳去了北京。", "label": [[0, 2, "PER"], [4, 6, "GPE"]]}\n';
const inline = '张/B-PER 伟/I-PER 在/O 上/B-GPE 海/I-GPE\n';

test('the sample is shown with its entities marked, and axe finds nothing', async () => {
	const { page, problems, foreignRequests } = workbench;
	const rows = page.getByRole('list', { name: 'Sentences' });
	await rows.locator('mark[data-type]').first().waitFor();
	expect(await page.getByText('2,700 sentences', { exact: true }).count()).toBe(1);
	// Of 2,700 rows only those in view are drawn, and a few more.
	const drawn = await rows.getByRole('listitem').count();
	expect(drawn).toBeGreaterThan(5);
	expect(drawn).toBeLessThan(60);
	await page.getByRole('searchbox', { name: 'Search sentences' }).fill('#4');
	await page.getByText('1 sentence', { exact: true }).waitFor();
	expect(await axeFindings(page)).toEqual([]);
	expect([problems, foreignRequests]).toEqual([[], []]);
});

test('files of three formats are read by their content and become one corpus', async () => {
	const { page, problems } = workbench;
	await drop({ 'mine.train': columns, 'mine.dev': records, 'mine.test': inline });
	await page.getByText('3 files · 4 sentences · 6 entities').waitFor();
	for (const format of ['CoNLL · BIO', 'doccano JSONL', 'Inline, token/tag'])
		expect(await page.getByText(format).count()).toBeGreaterThan(0);
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	const rows = page.getByRole('list', { name: 'Sentences' });
	await rows.getByText('王芳').waitFor();
	expect(await rows.locator('mark[data-type]').allTextContents()).toEqual([
		'李明',
		'南京',
		'王芳',
		'北京',
		'张伟',
		'上海',
	]);
	expect(problems).toEqual([]);
});

test('a broken file names its line, stores nothing, and can be read another way', async () => {
	const { page } = workbench;
	await drop({ 'mine.train': `${columns}\n王 B-PER\n芳\n` });
	const alert = page.getByRole('alert').filter({ hasText: 'mine.train' });
	await alert.waitFor();
	expect(await alert.textContent()).toContain('line 10');
	expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
	await page.getByRole('button', { name: 'Use this' }).first().click();
	await page.getByText('1 file · 3 sentences · 3 entities').waitFor();
});

test('a deleted corpus comes back, at once or out of the trash', async () => {
	const { page } = workbench;
	const english = page.getByRole('link', { name: /Sample \(English\)/ });
	await english.waitFor();
	await english.hover();
	await page.getByRole('button', { name: 'More actions for Sample (English)' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await english.waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Undo', exact: true }).click();
	await english.waitFor();

	await english.hover();
	await page.getByRole('button', { name: 'More actions for Sample (English)' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await english.waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Workspace' }).click();
	await page.getByRole('button', { name: 'Restore Sample (English)' }).click();
	await page.getByRole('list', { name: 'Trash' }).waitFor({ state: 'detached' });
	await page.keyboard.press('Escape');
	await english.waitFor();
});

test('a link to filtered sentences opens them', async () => {
	const { page } = workbench;
	await page.goto('about:blank');
	await page.goto(`${workbench.url}?lang=en&backend=wasm#/data/sample?split=dev&type=ORG`);
	await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type=ORG]').first().waitFor();
	expect(await page.getByText('145 sentences', { exact: true }).count()).toBe(1);
});

/** Puts a record of a version to come into the workspace, as a newer page would leave it. */
async function leaveNewerRecord(id: string): Promise<void> {
	await workbench.page.evaluate(async (name) => {
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open('nerco-workbench');
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
		const times = { createdAtMs: 1, changedAtMs: 1, trashedAtMs: null };
		const record = { kind: 'corpus', id: name, version: 999, revision: 1, name, ...times, parts: [], detail: {} };
		await new Promise<void>((resolve, reject) => {
			const transaction = database.transaction('items', 'readwrite');
			transaction.objectStore('items').put(record);
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error);
		});
		database.close();
	}, id);
}

test('a corpus of a newer version stays listed, and can be taken out and deleted', async () => {
	const { page, problems } = workbench;
	await page.getByRole('link', { name: /Sample \(English\)/ }).waitFor();
	await leaveNewerRecord('from-later');
	await page.reload();
	const row = page.getByRole('listitem').filter({ hasText: 'from-later' });
	await row.getByText('cannot be read by this version').waitFor();
	expect(await axeFindings(page)).toEqual([]);
	await row.getByRole('button', { name: 'More actions for from-later' }).click();
	const saved = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: 'Export as is' }).click();
	expect((await saved).suggestedFilename()).toBe('from-later.zip');
	await row.getByRole('button', { name: 'More actions for from-later' }).click();
	await page.getByRole('menuitem', { name: 'Delete permanently' }).click();
	await row.waitFor({ state: 'detached' });
	expect(problems).toEqual([]);
});
