// Ways into Train's form: a corpus of train sentences alone is split right there, and Annotate's training is reviewed and
// changed before it starts.

import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { chooseOption, closeBrowser, openPage, openWorkbench, waitForState } from './workbench';

afterAll(closeBrowser);

const taught = Array.from(
	{ length: 12 },
	(_, index) => `李 B-PER\n明 I-PER\n去 O\n${'北南东西'[index % 4]} B-LOC\n山 I-LOC\n`,
);

async function drop(page: Page, name: string, text: string): Promise<void> {
	await page.evaluate(
		([file, content]) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([content], file));
			window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
		},
		[name, text],
	);
}

test('a corpus without dev is split where it is to be trained, and unreadable files do not wait', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data/import' });
	const { page, problems } = workbench;
	try {
		await page.getByRole('button', { name: 'Choose files' }).waitFor();
		await drop(page, 'broken.train', '李 B-PER\n明\n来 O\n');
		await page.getByRole('alert').first().waitFor();
		await page.evaluate(() => {
			window.location.hash = '#/models';
		});
		await openPage(page, 'Data');
		await page.evaluate(() => {
			window.location.hash = '#/data/import';
		});
		await page.getByRole('heading', { name: 'Add your data' }).waitFor();

		await drop(page, 'three.train', taught.slice(0, 3).join('\n'));
		await page.getByText('1 file · 3 sentences').waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('Imported three: 3 sentences · no repairs needed').waitFor();
		await openPage(page, 'Train');
		await chooseOption(page, 'Corpus', 'three');
		await chooseOption(page, 'Preset', 'smoke');
		const strip = page.getByRole('region', { name: 'This corpus has no dev sentences' });
		await strip.getByText('gives about 1 / 1 / 1').waitFor();
		const start = page.getByRole('button', { name: 'Start training' });
		expect(await start.isDisabled()).toBe(true);
		expect(await page.getByRole('alert').count()).toBe(0);
		await strip.getByRole('button', { name: 'Split corpus' }).click();
		await strip.waitFor({ state: 'detached' });
		const toast = page.getByText('Split: about 1 / 1 / 1');
		await toast.waitFor();
		const bar = await page.locator('.train-start-bar').boundingBox();
		const foot = async () => {
			const box = await page.locator('[data-sonner-toast]', { has: toast }).boundingBox();
			return (box?.y ?? 0) + (box?.height ?? 0);
		};
		// It slides in from below.
		await expect.poll(foot).toBeLessThanOrEqual(bar?.y ?? 0);
		await start.click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test("Annotate's training opens in the form with its model, its schedule and a forecast", async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'annotate/sample?order=corpus&split=train' });
	const { page, problems } = workbench;
	try {
		await page.locator('.annotate-middle mark, .annotate-middle [data-type]').first().waitFor();
		await page.locator('.annotate-text').click();
		for (const key of ['Home', 'Shift+ArrowRight', '2']) await page.keyboard.press(key);
		await page.getByRole('button', { name: /^Train on [1-9]\d* labels?$/ }).waitFor();
		await page.getByRole('button', { name: 'Settings of this run' }).click();
		await page.getByText('Continues from sample-nerco').waitFor();
		const epochs = page.getByRole('region', { name: 'Full' }).getByLabel('Epochs', { exact: true });
		await epochs.waitFor();
		await epochs.fill('2');
		await page.getByText('per seed at most').waitFor();
		expect(new URL(page.url()).hash).toContain('stages.0.epochs=2');
		await page.getByRole('button', { name: 'Start training' }).click();
		await waitForState(page, ['training', 'finished']);
		await page.getByText(/at most 2 epochs of/).waitFor();
		await page.getByRole('button', { name: 'Stop' }).click();
		await waitForState(page, ['stopped', 'finished']);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
