// What people do in Annotate is not lost, and keys act only on what is on screen: rejected suggestions and confirmed sentences over a reload,
// labels on a full disk, sentences longer than the window.

import type { Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { dropFiles, fillDisk, goToAddress } from './page-acts';
import { closeBrowser, openPage, openWorkbench, type Workbench } from './workbench';

let workbench: Workbench;
let page: Page;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	({ page } = workbench);
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

/** Adds a corpus of text alone and gives its identifier. */
async function importText(name: string, sentences: readonly string[]): Promise<string> {
	await goToAddress(page, 'data/sample');
	await page.getByRole('button', { name: 'Add corpus' }).waitFor();
	await dropFiles(page, { [name]: sentences.join('\n') });
	await page.getByText(`1 file · ${sentences.length} sentences`).waitFor();
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await page.getByRole('list', { name: 'Sentences' }).getByText(sentences[0].slice(0, 20)).first().waitFor();
	return new URL(page.url()).hash.replace(/^#\/data\//, '').replace(/\?.*$/, '');
}

const sentence = () => page.getByRole('application', { name: 'Sentence' });
const marks = () => sentence().locator('mark[data-type]');
const suggestion = (type: string) => sentence().locator(`.annotate-suggestion[data-label^=${type}]`);
const isSaved = () => page.locator('.annotate-saved[data-kind=saved]').waitFor();
const unsaved = () => page.getByRole('alert').filter({ hasText: 'Not saved: labels in' });
const queue = () => page.getByRole('list', { name: 'Sentences to label' });

async function open(address: string, text: string): Promise<void> {
	await goToAddress(page, `annotate/${address}`);
	await sentence().filter({ hasText: text }).waitFor();
}

const notes = ['李明昨天去了北京，今天一早又坐火车回来了。', '王芳住在上海。', '今天的风很大。'];

test('rejected suggestions, confirmed sentences and labels on a full disk are there again in a later visit', async () => {
	const { keyboard } = page;
	const other = await importText('other.txt', ['山很高。', '水很清。']);
	const id = await importText('notes.txt', notes);
	await open(`${id}?order=corpus&n=1`, '李明');
	await suggestion('PER').waitFor();
	await keyboard.press('Backspace');
	await suggestion('PER').waitFor({ state: 'detached' });
	await isSaved();
	await page.reload();
	await suggestion('GPE').waitFor();
	expect(await suggestion('PER').count()).toBe(0);
	await page.getByRole('button', { name: 'Suggest again' }).waitFor({ state: 'detached' });
	await keyboard.press('Enter');
	await marks().first().waitFor();
	expect(await marks().allTextContents()).toEqual(['北京']);
	await page.getByText('1 suggestion is rejected here.').waitFor();
	await keyboard.press('Enter');
	await sentence().filter({ hasText: '王芳' }).waitFor();
	await isSaved();

	await page.reload();
	await open(`${id}?order=corpus&n=2`, '王芳');
	await queue().getByRole('img', { name: 'Confirmed earlier' }).or(queue().getByLabel('Confirmed earlier')).waitFor();
	await open(`${id}?order=uncertain&n=1`, '');
	await page.getByText('1 sentence confirmed earlier').waitFor();
	await queue().getByText('今天的风很大').waitFor();
	await expect.poll(() => queue().getByText('李明').count()).toBe(0);

	await open(`${id}?order=corpus&n=3`, '今天的风');
	await fillDisk(page, true);
	await keyboard.press('Home');
	await keyboard.press('Shift+ArrowRight');
	await keyboard.press('1');
	await unsaved().waitFor();
	await open(`${other}?order=corpus`, '山很高');
	await openPage(page, 'Results');
	await unsaved().getByRole('button', { name: 'Download' }).waitFor();
	const asked = page.waitForEvent('dialog');
	await page.close({ runBeforeUnload: true });
	const dialog = await asked;
	expect(dialog.type()).toBe('beforeunload');
	await dialog.dismiss();
	await open(`${id}?order=corpus&n=3`, '今天的风');
	await marks().first().waitFor();
	await openPage(page, 'Models');
	await unsaved().getByRole('button', { name: 'Save again' }).click();
	await unsaved().waitFor();
	await fillDisk(page, false);
	await page.evaluate(() => window.dispatchEvent(new Event('focus')));
	await unsaved().waitFor({ state: 'detached' });
	await page.reload();
	await open(`${id}?order=corpus&n=3`, '今天的风');
	await marks().first().waitFor();
	expect(await marks().allTextContents()).toEqual(['今']);
	expect(workbench.foreignRequests).toEqual([]);
});

/** Whether the whole of an element can be seen: nothing lies over its middle, and it does not reach out of the window. */
async function isOnScreen(element: Locator): Promise<boolean> {
	return element.evaluate((node) => {
		const { left, right, top, bottom } = node.getBoundingClientRect();
		const cell = node.closest('.annotate-cell');
		const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
		const isInWindow = top >= 0 && left >= 0 && bottom <= window.innerHeight && right <= window.innerWidth;
		return isInWindow && (above === node || (cell?.contains(above) ?? false));
	});
}

const scrolled = () => page.locator('.annotate-stage').evaluate((stage) => stage.scrollTop);
const caret = () => sentence().locator('[data-caret], [data-selected]').last();
/** In which the model finds nothing. */
const filler = (length: number) => '，'.repeat(length);

test('in a sentence longer than the window keys act only on what is on screen', async () => {
	const { keyboard } = page;
	const id = await importText('long.txt', [`${filler(660)}李明昨天去了北京`, `${filler(5005)}完`]);
	for (const [width, height] of [
		[1024, 768],
		// 1024 x 768 at 200 %.
		[512, 384],
	]) {
		await page.setViewportSize({ width, height });
		await open(`${id}?order=corpus&n=1`, '李明');
		await suggestion('PER').waitFor();
		expect([await scrolled(), await isOnScreen(suggestion('PER'))]).toEqual([0, false]);
		await sentence().focus();
		await keyboard.press('Enter');
		expect([await marks().count(), await isOnScreen(suggestion('PER'))]).toEqual([0, true]);
		await keyboard.press('Enter');
		await marks().first().waitFor();
		expect(await marks().allTextContents()).toEqual(['李明']);
		expect(await isOnScreen(caret())).toBe(true);
		await keyboard.press('Home');
		expect([(await scrolled()) < 20, await isOnScreen(caret())]).toEqual([true, true]);
		await keyboard.press('Tab');
		expect(await isOnScreen(caret())).toBe(true);
		await page.locator('.annotate-stage').evaluate((stage) => (stage.scrollTop = 0));
		await keyboard.press('Backspace');
		expect([await marks().count(), await isOnScreen(caret())]).toEqual([1, true]);
		await keyboard.press('Control+z');
		await marks().first().waitFor({ state: 'detached' });

		await keyboard.press('j');
		await sentence().filter({ hasText: '完' }).waitFor();
		expect(await scrolled()).toBe(0);
		for (const key of ['PageDown', 'PageDown', 'End', 'PageUp', 'Shift+ArrowRight', 'Shift+PageDown', 'Home']) {
			await keyboard.press(key);
			expect([key, await isOnScreen(caret())]).toEqual([key, true]);
		}
		await keyboard.press('PageDown');
		const place = Number(await caret().getAttribute('data-place'));
		expect(place).toBeGreaterThan(10);
		expect(place).toBeLessThan(600);
		await keyboard.press('k');
		await sentence().filter({ hasText: '李明' }).waitFor();
		expect(await scrolled()).toBe(0);
	}

	await page.setViewportSize({ width: 1024, height: 768 });
	await goToAddress(page, `data/${id}`);
	const rows = page.getByRole('list', { name: 'Sentences' });
	await rows.getByText('李明').first().waitFor();
	for (const [key, number] of [
		['j', 1],
		['j', 2],
		['k', 1],
	] as const) {
		await keyboard.press(key);
		await page.waitForURL(new RegExp(`[?&]s=${number}\\b`));
		const row = rows.getByRole('listitem').nth(number - 1);
		await expect.poll(() => row.evaluate((node) => Math.round(node.getBoundingClientRect().top))).toBeLessThan(600);
		expect(await row.evaluate((node) => node.getBoundingClientRect().top)).toBeGreaterThan(40);
	}
	await goToAddress(page, 'tag');
	await page.getByRole('textbox', { name: 'Text to tag' }).fill('李明来了。\n'.repeat(60));
	await page.getByRole('button', { name: 'Tag text' }).click();
	await page.getByRole('heading', { name: '60 sentences' }).waitFor();
	for (let step = 0; step < 40; step++) await keyboard.press('j');
	const chosen = page.locator('mark[data-chosen]');
	await chosen.waitFor();
	await page.waitForURL(/[?&]at=4\d\./);
	await expect.poll(() => isOnScreen(chosen)).toBe(true);
	expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
});

test('Enter confirms a long sentence only after its end has been on screen', async () => {
	const { keyboard } = page;
	const texts = [
		'好。',
		`${filler(180)}完。`,
		`${filler(180)}李明${filler(150)}完！`,
		`${filler(180)}完？`,
		`${filler(180)}完；`,
		'对。',
	];
	const id = await importText('ends.txt', texts);
	const isOpen = (text: string) => sentence().filter({ hasText: text }).waitFor();
	/** Down first, then to the right: a narrow window scrolls itself. */
	const progress = async () => (await scrolled()) * 1000 + (await page.evaluate(() => window.scrollX));
	/** Presses Enter until another sentence is open: until its end has been on screen, each press scrolls on in this one. */
	const confirmAtEnd = async (text: string) => {
		const end = sentence().locator('[data-place]').last();
		for (let hasScrolled = false; ; hasScrolled = true) {
			const [before, isEndOnScreen] = [await progress(), await isOnScreen(end)];
			await keyboard.press('Enter');
			if (!(await sentence().textContent())?.includes(text)) {
				expect([hasScrolled, isEndOnScreen]).toEqual([true, true]);
				return;
			}
			expect([(await progress()) > before, await isOnScreen(caret())]).toEqual([true, true]);
		}
	};
	for (const [width, height] of [
		[1024, 768],
		[512, 384],
	]) {
		await page.setViewportSize({ width, height });
		await open(`${id}?order=corpus&n=1`, '好');
		// Visits end with the page: what was on screen in the other window does not count.
		await page.reload();
		await isOpen('好');
		await sentence().focus();
		await keyboard.press('Enter');
		await isOpen('完。');
		await confirmAtEnd('完。');

		await isOpen('完！');
		await suggestion('PER').or(marks()).first().waitFor();
		if ((await marks().count()) === 0) {
			await keyboard.press('Enter');
			await keyboard.press('Enter');
			await marks().first().waitFor();
		}
		expect(await marks().allTextContents()).toEqual(['李明']);
		await confirmAtEnd('完！');

		await isOpen('完？');
		await keyboard.press('End');
		expect(await isOnScreen(caret())).toBe(true);
		await keyboard.press('Home');
		expect(await scrolled()).toBeLessThan(20);
		await keyboard.press('Enter');

		await isOpen('完；');
		const last = sentence().locator('[data-place]').last();
		await last.evaluate((cell) => cell.scrollIntoView({ block: 'center' }));
		await expect.poll(() => isOnScreen(last)).toBe(true);
		await keyboard.press('Enter');
		await isOpen('对');
		await keyboard.press('k');
		await isOpen('完；');
		expect(await scrolled()).toBe(0);
		await keyboard.press('Enter');
		await isOpen('对');
	}
	expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
});
