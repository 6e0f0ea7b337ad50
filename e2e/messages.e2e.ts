// What the user can mend is said with where, what was expected, what came, what to do; and the page stays usable.

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import {
	chooseOption,
	chooseRun,
	closeBrowser,
	openWorkbench,
	startTraining,
	type Workbench,
	waitForState,
} from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm' });
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

const good = '李 B-PER\n明 I-PER\n来 O\n了 O\n\n';

async function useFiles(files: Record<string, string>): Promise<void> {
	const { page } = workbench;
	await chooseOption(page, 'Corpus', 'Own files');
	for (const [label, text] of Object.entries(files)) {
		const file = { name: `${label.toLowerCase()}.conll`, mimeType: 'text/plain', buffer: Buffer.from(text) };
		await page.getByRole('main').getByLabel(label, { exact: true }).setInputFiles(file);
	}
}

test('a file with a missing column is named with its line and what to do', async () => {
	const { page } = workbench;
	await useFiles({ Train: `${good}张 B-PER\n伟\n\n`, Dev: good, Test: good });
	await startTraining(page);
	expect(await waitForState(page, ['failed', 'finished'])).toBe('failed');
	const alert = page.getByRole('alert');
	expect(await alert.textContent()).toMatch(/train\.conll:7/);
	for (const word of ['expected', 'found', 'what to do']) expect(await alert.textContent()).toContain(word);
});

test('a setting out of its range is refused and the next run starts all the same', async () => {
	const { page } = workbench;
	await chooseRun(page, { preset: 'smoke', settings: 'model.heads=0' });
	await startTraining(page);
	expect(await waitForState(page, ['failed', 'finished'])).toBe('failed');
	expect(await page.getByRole('alert').textContent()).toContain('what to do');

	await page.getByLabel('Settings').fill('');
	await startTraining(page);
	expect(await waitForState(page, ['failed', 'finished'])).toBe('finished');
	expect(await page.getByRole('alert').count()).toBe(0);
});

test('without files of one’s own the form says which one is missing', async () => {
	const { page } = workbench;
	await useFiles({ Train: good });
	await startTraining(page);
	expect(await waitForState(page, ['failed'])).toBe('failed');
	expect(await page.getByRole('alert').getAttribute('data-code')).toBe('corpus-file-missing');
});
