// A run's result is read from the table down to its errors, exported as one file, imported again, compared with the
// first, deleted and restored; a file that is no run is refused with a reason. Without a run the page explains itself.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { axeFindings, shortRun } from './page-acts';
import { chooseRun, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

const inErrors = (page: Page) => page.getByRole('region', { name: 'Errors', exact: true });

async function download(page: Page, item: string): Promise<string> {
	await page.getByRole('button', { name: 'Export' }).click();
	const saved = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: item }).click();
	return (await saved).path();
}

test('a run is read, exported, imported, compared and deleted with undo', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'train' });
	const { page } = workbench;
	const folder = await mkdtemp(join(tmpdir(), 'nerco-results-'));
	try {
		await chooseRun(page, { preset: 'smoke', settings: shortRun });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');

		await openPage(page, 'Results');
		const runs = page.getByRole('region', { name: 'Runs', exact: true });
		await runs.getByRole('link', { name: 'smoke' }).click();
		await inErrors(page).locator('.lane-span').first().waitFor();
		const all = await inErrors(page).getByRole('listitem').first().getAttribute('aria-setsize');
		expect(Number(all)).toBeGreaterThan(0);
		await inErrors(page)
			.getByRole('radio', { name: /^missed/ })
			.click();
		expect(new URL(page.url()).hash).toContain('kind=missed');
		await inErrors(page).getByRole('radio', { name: /^all/ }).click();
		await page.getByRole('table', { name: 'Confusion matrix of types' }).waitFor();
		expect(await axeFindings(page)).toEqual([]);

		const csv = await readFile(await download(page, 'All runs as CSV'), 'utf8');
		expect(csv.split('\n')[1]).toMatch(/^smoke,.*,smoke,\d+,published,[\d.]+/);
		const whole = await readFile(await download(page, 'Entire run as one file'), 'utf8');
		const parsed = JSON.parse(whole);
		expect(parsed).toMatchObject({ format: 'nerco-run', config: { preset: 'smoke' }, predictions: [{}, {}] });

		const path = join(folder, 'again.run.json');
		const input = { ...parsed.input, corpusId: 'sample' };
		await writeFile(path, JSON.stringify({ ...parsed, name: 'again', input }));
		await page.locator('input[type=file]').first().setInputFiles(path);
		await page.getByRole('heading', { level: 1 }).waitFor();
		await page.locator('.crumb', { hasText: 'again' }).waitFor();
		const relabel = inErrors(page).getByRole('link', { name: /^Relabel sentence/ });
		expect(await relabel.first().getAttribute('href')).toMatch(/^#\/annotate\/sample\?refs=test%3A\d+$/);

		await page.getByRole('button', { name: 'grouped by seed' }).click();
		await runs.getByRole('button', { name: 'Compare smoke' }).click();
		await runs.getByRole('button', { name: 'Compare again' }).click();
		await page.getByRole('button', { name: 'Compare 2' }).click();
		await page.getByText('95% interval').waitFor();
		await page.getByText('[0.0, 0.0]').waitFor();
		await page.getByRole('radio', { name: /^both wrong/ }).click();
		await page.getByRole('list', { name: 'List of sentences' }).locator('.lane-span').first().waitFor();
		expect(await axeFindings(page)).toEqual([]);

		await page.getByRole('link', { name: 'All runs' }).click();
		await runs.getByRole('link', { name: 'again' }).click();
		await page.getByRole('button', { name: 'More actions for again' }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await runs.getByRole('link', { name: 'again' }).waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Undo' }).click();
		await runs.getByRole('link', { name: 'again' }).waitFor();
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await rm(folder, { recursive: true });
		await workbench.close();
	}
});

test('without a run the page explains itself, and says why a file is not a run', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'results', theme: 'dark' });
	const { page } = workbench;
	try {
		await page.getByRole('heading', { name: 'No results yet' }).waitFor();
		expect(await axeFindings(page)).toEqual([]);
		const file = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"a": 1}') };
		await page.locator('input[type=file]').first().setInputFiles(file);
		await page.getByRole('alert').and(page.locator('[data-code=run-file-kind]')).waitFor();
		await page.getByRole('button', { name: 'Train on the sample' }).click();
		await page.getByRole('heading', { level: 1, name: 'Train' }).waitFor();
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await workbench.close();
	}
});
