// Labelling by keyboard alone: text without labels is opened, suggestions are accepted, rejected and taken back, spans are
// marked by arrows and type keys; training goes on from the shipped model, and the new model suggests what it was taught.

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { axeFindings, dropFiles } from './page-acts';
import { closeBrowser, openWorkbench, type Workbench, waitForState } from './workbench';

let workbench: Workbench;
afterEach(() => workbench.close());
afterAll(closeBrowser);

/** 小满 is a solar term; here it shall be the name of a place. */
const taught = [
	'小满的风很大，把门口的树都吹倒了。',
	'小满离这里不远，走路半个小时就到了。',
	'小满昨天下了一夜的雨，路上都是水。',
	'小满有一座很旧的桥，桥下的水很清。',
	'小满的人都很热情，见面就请你喝茶。',
	'小满今年特别热，大家晚上才出门。',
];
const untaught = '小满的山很高，上面一年到头都有雪。';
const text = ['李明昨天去了北京，今天一早又坐火车回来了。', ...taught, untaught].join('\n');

async function importText(lines = text): Promise<string> {
	const { page } = workbench;
	const sentences = lines.split('\n');
	await page.getByRole('button', { name: 'Add corpus' }).waitFor();
	await dropFiles(page, { 'notes.txt': lines });
	const button = page.getByRole('button', { name: 'Import', exact: true });
	await page.getByText(`1 file · ${sentences.length} sentences`).waitFor();
	await button.click();
	await page
		.getByRole('list', { name: 'Sentences' })
		.getByText(sentences[sentences.length - 1])
		.waitFor();
	return new URL(page.url()).hash.replace(/^#\/data\//, '').replace(/\?.*$/, '');
}

const sentence = () => workbench.page.getByRole('application', { name: 'Sentence' });
const marks = () => sentence().locator('mark[data-type]');
const suggestions = () => sentence().locator('.annotate-suggestion[data-label]');
const labels = () =>
	suggestions().evaluateAll((all) => all.map((one) => one.getAttribute('data-label')?.replace(/ .*/, '')));
const isSaved = () => workbench.page.locator('.annotate-saved[data-kind=saved]').waitFor();

async function open(id: string, place: number): Promise<void> {
	const { page } = workbench;
	await page.evaluate((hash) => (window.location.hash = hash), `#/annotate/${id}?order=corpus&n=${place}`);
	await sentence().waitFor();
}

beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
});

test('by keyboard alone text is labelled, training goes on, and the new model has learnt it', async () => {
	const { page } = workbench;
	const { keyboard } = page;
	const id = await importText();
	await open(id, 1);
	await suggestions().first().waitFor();
	expect(await labels()).toEqual(['PER', 'GPE']);
	await keyboard.press('Enter');
	expect(await marks().allTextContents()).toEqual(['李明']);
	await keyboard.press('Backspace');
	await suggestions().first().waitFor({ state: 'detached' });
	await keyboard.press('Control+z');
	await suggestions().first().waitFor();
	await keyboard.press('Control+z');
	await marks().first().waitFor({ state: 'detached' });
	await keyboard.press('Control+Shift+z');
	await marks().first().waitFor();
	await page.locator('.annotate-suggestion[data-label^=GPE]').waitFor();
	await keyboard.press('Home');
	await keyboard.press('Tab');
	await keyboard.press('Tab');
	await keyboard.press('Enter');
	expect(await marks().allTextContents()).toEqual(['李明', '北京']);
	await isSaved();

	for (const [index, taughtText] of taught.entries()) {
		await keyboard.press('j');
		await page.locator('.annotate-text', { hasText: taughtText }).waitFor();
		expect(await labels()).not.toContain('LOC');
		await keyboard.press('Home');
		await keyboard.press('Shift+ArrowRight');
		await keyboard.press('Shift+ArrowRight');
		if (index === 0) {
			await keyboard.press('/');
			await keyboard.type('loc');
			await keyboard.press('Enter');
		} else {
			const key = await page.getByRole('button', { name: 'LOC' }).locator('kbd').textContent();
			await keyboard.press(key ?? '');
		}
		await marks().first().waitFor();
		expect(await marks().first().textContent()).toBe('小满');
		expect(await marks().first().getAttribute('data-type')).toBe('LOC');
	}
	await isSaved();
	expect(await axeFindings(page)).toEqual([]);

	const trainOn = page.getByRole('button', { name: 'Train on 8 labels' });
	await trainOn.focus();
	await keyboard.press('Enter');
	await waitForState(page, ['training', 'finished']);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');

	await keyboard.press('g');
	await keyboard.press('a');
	await page.getByText('Continued from sample-nerco').waitFor();
	await open(id, 8);
	await page.locator('.annotate-text', { hasText: untaught }).waitFor();
	await suggestions().first().waitFor();
	expect(await labels()).toEqual(['LOC']);
	expect(await page.getByRole('button', { name: 'Train on 0 labels' }).isDisabled()).toBe(true);
	expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
});

test('labels behind an unlabelled sentence are learned, and count as learned from then on', async () => {
	const { page } = workbench;
	const id = await importText('天气很好。\n李明住在南京。');
	await open(id, 2);
	await suggestions().first().waitFor();
	await page.keyboard.press('Enter');
	await marks().first().waitFor();
	await isSaved();
	await page.getByRole('button', { name: /^Train on 1 label/ }).click();
	await waitForState(page, ['training', 'finished']);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	await open(id, 2);
	await page.getByText('Continued from sample-nerco').waitFor();
	await page.getByRole('button', { name: 'Train on 0 labels' }).waitFor();
	expect(workbench.problems).toEqual([]);
});

test('a sentence keeps its labels over a reload, and the work of the last visit can be taken back', async () => {
	const { page } = workbench;
	const { keyboard } = page;
	const id = await importText();
	await open(id, 1);
	await suggestions().first().waitFor();
	await keyboard.press('Enter');
	await keyboard.press('Enter');
	await isSaved();
	await page.reload();
	await marks().nth(1).waitFor();
	expect(await marks().allTextContents()).toEqual(['李明', '北京']);
	await keyboard.press('Control+z');
	// What an earlier visit did is taken back by reading the corpus again: for a moment there are no marks.
	await marks().nth(1).waitFor({ state: 'detached' });
	await marks().first().waitFor();
	expect(await marks().allTextContents()).toEqual(['李明']);
	expect(workbench.problems).toEqual([]);
});

test('a sentence stays open over a reload although the order by certainty is made anew', async () => {
	const { page } = workbench;
	const id = await importText();
	await page.evaluate((hash) => (window.location.hash = hash), `#/annotate/${id}`);
	await sentence().waitFor();
	await page.getByText(/^\d+ uncertain$/).waitFor();
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	const shown = page.locator('.annotate-text');
	await page.waitForURL(/[?&]s=/);
	const [before, address] = [await shown.textContent(), page.url()];
	await page.reload();
	await sentence().waitFor();
	await page.getByText(/^\d+ uncertain$/).waitFor();
	expect([await shown.textContent(), page.url()]).toEqual([before, address]);
	expect(workbench.problems).toEqual([]);
});
