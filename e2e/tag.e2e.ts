// A first visit tags without training: the sample is tagged on opening, words can be switched off, models laid side by
// side, files tagged and exported; models are exported, imported, renamed and deleted with undo.

import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { closeBrowser, openPage, openWorkbench } from './workbench';

afterAll(closeBrowser);

test('on a first visit the sample is tagged, with confidences, words and a second model', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'tag' });
	const { page } = workbench;
	try {
		const marks = page.getByRole('region', { name: 'Tagged sentences' }).locator('mark[data-type]');
		await marks.first().waitFor();
		expect(await page.getByRole('status').first().textContent()).toBe('idle');
		expect(await marks.allTextContents()).toContain('赵敏');
		expect(await marks.filter({ hasText: '赵敏' }).getAttribute('data-label')).toMatch(/^PER \d\d$/);

		await page.getByRole('button', { name: 'Show the lattice of sentence 1' }).click();
		const word = page.getByRole('button', { name: '武汉大学', exact: true }).and(page.locator('.lattice-word'));
		await word.click();
		await page.locator('.lattice-word[data-state=off]', { hasText: '武汉大学' }).waitFor();
		await marks.filter({ hasText: '赵敏' }).click();
		await page.getByRole('complementary', { name: 'Entity' }).getByText('Confidence', { exact: true }).waitFor();

		await page.getByRole('button', { name: 'sample-flat' }).click();
		await page.getByRole('radio', { name: 'FLAT' }).waitFor();
		expect(new URL(page.url()).hash).toContain('sample-flat');

		await page.getByLabel('Text to tag').fill('李明昨天在上海。');
		await page.getByRole('button', { name: 'Tag text' }).click();
		await marks.filter({ hasText: '李明' }).waitFor();

		await page.getByRole('button', { name: 'Annotate these sentences' }).click();
		await page.getByRole('heading', { level: 1, name: 'Annotate', exact: true }).waitFor();
		await page.locator('.annotate-middle', { hasText: '李' }).waitFor();
		expect(new URL(page.url()).hash).toContain('model=sample');
		await page.goBack();

		const text = '王芳和李明在西湖合影。\n张伟从上海搬到了成都。\n'.repeat(150);
		const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from(text) };
		await page.locator('input[type=file]').setInputFiles(file);
		await page.getByRole('heading', { name: '300 sentences' }).waitFor();
		await page.getByRole('button', { name: 'Export' }).click();
		const saved = page.waitForEvent('download');
		await page.getByRole('menuitem', { name: /^CoNLL(?!-)/ }).click();
		const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\n');
		expect(lines.filter((line) => line === '')).toHaveLength(299);
		expect(lines[0]).toMatch(/^王\tB-PER$/);
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await workbench.close();
	}
});

test('a model is exported, imported as a file, renamed, deleted and restored', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'models' });
	const { page } = workbench;
	try {
		await page.getByRole('link', { name: 'sample-nerco' }).click();
		await page.getByText('Parameters', { exact: true }).waitFor();
		await page.getByRole('button', { name: 'More actions for sample-nerco' }).first().click();
		const saved = page.waitForEvent('download');
		await page.getByRole('menuitem', { name: 'Export as .safetensors' }).click();
		const path = await (await saved).path();
		const file = { name: 'mine.safetensors', mimeType: 'application/octet-stream', buffer: await readFile(path) };
		await page.locator('input[type=file]').setInputFiles(file);
		await page.getByRole('cell', { name: 'mine', exact: true }).waitFor();

		await page.getByRole('button', { name: 'More actions for mine' }).first().click();
		await page.getByRole('menuitem', { name: 'Rename' }).click();
		await page.getByLabel('Name', { exact: true }).fill('renamed');
		await page.getByRole('button', { name: 'Save' }).click();
		const row = page.getByRole('cell', { name: 'renamed', exact: true });
		await row.waitFor();

		await page.getByRole('button', { name: 'More actions for renamed' }).first().click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await row.waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Undo' }).click();
		await row.waitFor();

		const broken = { name: 'cut.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') };
		await page.locator('input[type=file]').setInputFiles(broken);
		await page.getByRole('alert').waitFor();
		await openPage(page, 'Tag');
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await workbench.close();
	}
});
