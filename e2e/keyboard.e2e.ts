// The page without a mouse: text is pasted, imported, renamed, deleted, brought back; a run is paused and resumed. The
// focus is never lost on the way, and letters typed over the page command nothing under it.

import type { Locator } from 'playwright';
import { afterAll, afterEach, expect, test } from 'vitest';
import { longRun } from './page-acts';
import { chooseRun, closeBrowser, openWorkbench, type Workbench, waitForState } from './workbench';

let workbench: Workbench;
afterEach(() => workbench.close());
afterAll(closeBrowser);

async function press(control: Locator): Promise<void> {
	await control.focus();
	await workbench.page.keyboard.press('Enter');
}

/** Waits until something below the page's root has the focus, and says what. */
async function focused(): Promise<string> {
	const { page } = workbench;
	await page.waitForFunction(() => document.activeElement !== null && document.activeElement !== document.body);
	return page.evaluate(
		() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '',
	);
}

/** Chooses an entry of the open menu by typing how it begins. */
async function chooseEntry(beginning: string): Promise<void> {
	const { page } = workbench;
	await page.getByRole('menuitem').first().waitFor();
	await page.keyboard.type(beginning);
	await page.keyboard.press('Enter');
}

test('pasted text is imported, renamed, deleted and brought back by keys alone', async () => {
	workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page } = workbench;
	const { keyboard } = page;
	await press(page.getByRole('button', { name: 'Add corpus' }));
	await press(page.getByRole('button', { name: 'Paste text' }));
	await page.locator('[role="dialog"] textarea:focus').waitFor();
	await keyboard.insertText('李 B-PER\n明 I-PER\n来 O\n\n南 B-GPE\n京 I-GPE\n好 O\n');
	await keyboard.press('Tab');
	await keyboard.press('Tab');
	await keyboard.press('Enter');
	await page.getByText('1 file · 2 sentences · 2 entities').waitFor();
	await page.waitForFunction(() => document.activeElement?.tagName === 'MAIN');
	await press(page.getByRole('button', { name: 'Import', exact: true }));
	await page.getByRole('list', { name: 'Sentences' }).getByText('李明').waitFor();
	await page.waitForFunction(() => document.activeElement?.tagName === 'MAIN');

	await press(page.getByRole('button', { name: 'More actions for pasted text' }));
	await chooseEntry('r');
	await page.getByRole('dialog').waitFor();
	await keyboard.type('mine');
	await keyboard.press('Enter');
	await page.getByRole('link', { name: /^mine/ }).waitFor();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	expect(await focused()).toBe('More actions for mine');

	await keyboard.press('Enter');
	await chooseEntry('d');
	await page.getByRole('link', { name: /^mine/ }).waitFor({ state: 'detached' });
	await focused();
	await press(page.getByRole('button', { name: 'Undo', exact: true }));
	await page.getByRole('link', { name: /^mine/ }).waitFor();
	expect(workbench.problems).toEqual([]);
});

test('letters in the palette and in an open list start nothing, and a pausing button keeps the focus', async () => {
	workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	const { keyboard } = page;
	await chooseRun(page, { preset: 'smoke', settings: longRun });
	// At once, while the palette's file is still fetched: the letters are its text and start nothing behind it.
	await keyboard.press('Control+k');
	await keyboard.type('gt t');
	const field = page.getByRole('dialog').getByRole('searchbox').or(page.getByRole('dialog').getByRole('textbox'));
	await expect.poll(() => field.inputValue()).toBe('gt t');
	await keyboard.press('Escape');
	await keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await press(page.getByRole('main').getByRole('button', { name: 'Preset' }));
	await page.getByRole('option').first().waitFor();
	await keyboard.type('t');
	await keyboard.press('Escape');
	await page.getByRole('option').first().waitFor({ state: 'detached' });
	expect(await page.getByRole('status').textContent()).toBe('idle');

	await press(page.getByRole('button', { name: 'Start training' }));
	await waitForState(page, ['training']);
	await page.locator('button:enabled', { hasText: 'Pause' }).waitFor();
	await press(page.getByRole('button', { name: 'Pause' }));
	await waitForState(page, ['paused']);
	await focused();
	await keyboard.press('Enter');
	await waitForState(page, ['training']);
	expect(workbench.problems).toEqual([]);
});
