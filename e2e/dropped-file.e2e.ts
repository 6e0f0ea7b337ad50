// A file dropped by the browser's own drag and drop: where the page takes files it is read, elsewhere nothing opens it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goToAddress } from './page-acts';
import { closeBrowser, openWorkbench } from './workbench';

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-drop-'));
});
afterAll(async () => {
	rmSync(folder, { recursive: true });
	await closeBrowser();
});

/** Drags a file of the disk to the middle of the page and lets go of it. */
async function dragIn(page: Page, path: string): Promise<void> {
	const session = await page.context().newCDPSession(page);
	const data = { items: [], files: [path], dragOperationsMask: 1 };
	for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
		await session.send('Input.dispatchDragEvent', { type, x: 700, y: 450, data });
	await session.detach();
}

test('a file dropped on a page that takes none changes nothing; the page Data and a new run read it', async () => {
	const path = join(folder, 'mine.txt');
	writeFileSync(path, '李 B-PER\n明 I-PER\n住 O\n');
	const workbench = await openWorkbench({ backend: 'wasm', page: 'annotate' });
	const { page, problems } = workbench;
	try {
		for (const [address, title] of [
			['annotate', 'Annotate'],
			['space', 'Space'],
		] as const) {
			await goToAddress(page, address);
			await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
			await dragIn(page, path);
		}
		// By now a file that the browser itself had opened would be here: it opens one before the next drop.
		for (const [address, sign] of [
			['data', page.getByText('Drop files anywhere')],
			['train/new', page.getByRole('button', { name: 'Start training' })],
		] as const) {
			await goToAddress(page, address);
			await sign.waitFor();
			await dragIn(page, path);
			await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
			expect(await page.locator('.import-file').count()).toBe(1);
			await page.getByRole('button', { name: 'Cancel', exact: true }).click();
		}
		expect(
			page
				.context()
				.pages()
				.map((one) => one.url()),
		).toEqual([page.url()]);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
