// Every control by role, name and keyboard, on the gallery: one page that shows all of them in all states.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserFlags, findBrowser } from '../scripts/find-browser.mjs';
import { patienceMs } from '../scripts/patience.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { axeFindings } from './page-acts';

const projectRoot = join(import.meta.dirname, '..');
const run = promisify(execFile);
const problems: string[] = [];
let browser: Browser;
let page: Page;
let closeServer: () => Promise<void>;

beforeAll(async () => {
	// A process of its own: within a test, React would be built for development.
	const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
	const env = { ...process.env, NODE_ENV: 'production' };
	await run(process.execPath, [vite, 'build', '--mode', 'gallery', '--logLevel', 'warn'], { cwd: projectRoot, env });
	const server = await serveFolder({ folder: join(projectRoot, 'dist-gallery'), basePath: '/' });
	closeServer = server.close;
	browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags(), timeout: patienceMs });
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	context.setDefaultTimeout(patienceMs);
	context.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	context.on('weberror', (error) => problems.push(error.error().message));
	page = await context.newPage();
	await page.goto(`${server.url}gallery.html?theme=light&lang=en`);
	await page.getByRole('region', { name: 'Loss', exact: true }).locator('svg').first().waitFor();
});

afterAll(async () => {
	await browser?.close();
	await closeServer?.();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const part = (name: string) => page.getByRole('region', { name, exact: true });
const press = (key: string) => page.keyboard.press(key);
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const pressed = (count: number) => page.getByText(`Pressed ${count} time`, { exact: false }).waitFor();

test('a button acts on click, Enter and Space, and a disabled one on nothing', async () => {
	await button('Cancel').first().click();
	await pressed(1);
	await press('Enter');
	await pressed(2);
	await press('Space');
	await pressed(3);
	for (const name of ['Disabled', 'Disabled 2', 'Disabled 3']) {
		expect(await button(name).isDisabled(), name).toBe(true);
		await button(name).click({ force: true });
	}
	await pressed(3);
});

test('an icon alone has a name and says it with its key when it has the focus', async () => {
	await button('Start training Ctrl ↵')
		.or(page.getByRole('button', { name: /^Start training/ }))
		.first()
		.focus();
	await press('Tab');
	await button('Open dialog').focus();
	await press('Shift+Tab');
	await press('Tab');
	const tooltip = page.getByRole('tooltip');
	await tooltip.waitFor();
	expect(await tooltip.textContent()).toBe('Open dialogO');
	await press('Escape');
	await tooltip.waitFor({ state: 'detached' });
});

test('segments are radio buttons that arrow keys move along', async () => {
	const group = page.getByRole('radiogroup', { name: 'Split', exact: true });
	const radio = (name: RegExp) => group.getByRole('radio', { name });
	await radio(/^train/).click();
	await press('ArrowRight');
	await press('Space');
	expect(await radio(/^dev/).getAttribute('aria-checked')).toBe('true');
	expect(await radio(/^train/).getAttribute('aria-checked')).toBe('false');
	const disabled = page.getByRole('radiogroup', { name: 'Split 2' }).getByRole('radio');
	expect(await Promise.all((await disabled.all()).map((one) => one.isDisabled()))).toEqual([true, true, true]);
});

test('a list opens by key, closes by Escape, gives the focus back, and takes what Enter chose', async () => {
	const list = page.getByRole('button', { name: /Corpus$/ });
	await list.focus();
	await press('Enter');
	await page.getByRole('listbox').waitFor();
	await press('Escape');
	await page.getByRole('listbox').waitFor({ state: 'detached' });
	expect(await focused()).toContain('Sample');
	await press('ArrowDown');
	await page.getByRole('listbox').waitFor();
	await press('ArrowDown');
	await press('Enter');
	await page.getByRole('listbox').waitFor({ state: 'detached' });
	expect(await list.textContent()).toContain('A corpus with a name so long');
	expect(await page.getByRole('button', { name: /Corpus 2$/ }).isDisabled()).toBe(true);
});

test('a field says its hint and its error, and loses the error with its cause', async () => {
	const described = async (name: string) => {
		const field = page.getByRole('textbox', { name, exact: true });
		return field.evaluate((input) =>
			(input.getAttribute('aria-describedby') ?? '')
				.split(' ')
				.map((id) => document.getElementById(id)?.textContent ?? '')
				.join(' '),
		);
	};
	expect(await described('Name')).toContain('Shown in lists.');
	expect(await described('Learning rate')).toContain('Expected a number above 0.');
	const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true });
	expect(await rate.getAttribute('aria-invalid')).toBe('true');
	await rate.fill('0.1');
	await page.getByText('Expected a number above 0.').waitFor({ state: 'detached' });
	expect(await rate.getAttribute('aria-invalid')).toBe(null);
	expect(await page.getByRole('textbox', { name: 'Name 2' }).isDisabled()).toBe(true);
	const find = page.getByRole('searchbox', { name: 'Find' });
	await find.fill('武汉');
	await press('Escape');
	expect(await find.inputValue()).toBe('');
});

test('switch, check box and chip change by Space alone where they are not disabled', async () => {
	const toggle = page.getByRole('switch', { name: 'Evaluate on test' });
	await toggle.focus();
	await press('Space');
	expect(await toggle.isChecked()).toBe(true);
	const chip = button('PER');
	expect(await chip.getAttribute('aria-pressed')).toBe('true');
	await chip.focus();
	await press('Space');
	expect(await toggle.isChecked()).toBe(false);
	const box = page.getByRole('checkbox', { name: 'Remember' });
	await box.focus();
	await press('Space');
	expect(await box.isChecked()).toBe(false);
	expect(await page.getByRole('switch', { name: 'Disabled 4' }).isDisabled()).toBe(true);
	expect(await page.getByRole('checkbox', { name: 'Disabled 5' }).isDisabled()).toBe(true);
	expect(await button('LOC').isDisabled()).toBe(true);
});

test('progress tells its share, or that nobody knows it, and can be cancelled', async () => {
	const measured = page.getByRole('progressbar', { name: 'Measuring' });
	expect(await measured.getAttribute('aria-valuenow')).toBe('42');
	expect(await page.getByRole('progressbar', { name: /^Loading/ }).getAttribute('aria-valuenow')).toBe(null);
	await part('States').getByRole('button', { name: 'Cancel' }).click();
	await page.getByRole('progressbar', { name: 'Cancel' }).waitFor();
});

test('tabs follow the arrow keys and name their panel', async () => {
	await page.getByRole('tab', { name: /^First/ }).focus();
	await press('ArrowRight');
	await page.getByRole('tabpanel', { name: 'Second' }).waitFor();
	await press('ArrowLeft');
	await page.getByRole('tabpanel', { name: /^First/ }).waitFor();
});

test('a list of a thousand rows draws those in view and tells their number', async () => {
	const list = page.getByRole('list', { name: 'Rows' });
	const items = list.getByRole('listitem');
	expect(await items.count()).toBeLessThan(40);
	expect(await items.first().getAttribute('aria-setsize')).toBe('1000');
	await part('Rows').evaluate((scroller) => scroller.scrollTo(0, 12_000));
	await list.getByText('Row 510', { exact: true }).waitFor();
});

test('a menu runs what Enter chose, skips what is disabled, and gives the focus back', async () => {
	const opener = button('More for Sample');
	await opener.focus();
	await press('Enter');
	const items = page.getByRole('menuitem');
	await items.first().waitFor();
	expect(await items.filter({ hasText: 'Disabled' }).getAttribute('aria-disabled')).toBe('true');
	await press('ArrowDown');
	await press('ArrowDown');
	await press('Enter');
	await page.getByText('Chosen: Delete', { exact: true }).waitFor();
	await items.first().waitFor({ state: 'detached' });
	await expect
		.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
		.toBe('More for Sample');
});

test('a dialog keeps the focus inside and returns it to the button', async () => {
	await button('Open dialog 2').focus();
	await press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Dialog' });
	await dialog.waitFor();
	for (let tab = 0; tab < 4; tab++) {
		await press('Tab');
		expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
	}
	await press('Escape');
	await dialog.waitFor({ state: 'detached' });
	await expect.poll(focused).toBe('Open dialog 2');
});

test('a notice of an address can be dismissed, a problem is an alert with its code', async () => {
	const note = page.getByRole('note').filter({ hasText: 'r-12' });
	await note.getByRole('button', { name: 'Dismiss' }).click();
	await note.waitFor({ state: 'detached' });
	const problem = page.getByRole('alert').and(page.locator('[data-code=sample]'));
	for (const text of ['dev.txt, line 1,507', 'a character and a tag', 'one column', 'Fix the file'])
		expect(await problem.textContent()).toContain(text);
});

test('entities are marks with their type, and buttons where they can be chosen', async () => {
	const sentences = part('Sentences');
	const marks = sentences.locator('mark[data-type=PER]');
	expect(await marks.first().textContent()).toBe('王芳');
	expect(await marks.first().getAttribute('aria-description')).toBe('PER 0.97');
	await sentences.getByRole('button', { name: '北京' }).first().focus();
	await press('Enter');
	expect(await sentences.getByRole('button', { name: '北京' }).first().getAttribute('aria-pressed')).toBe('true');
	const word = sentences.getByRole('button', { name: '北京' }).last();
	await word.focus();
	await press('Space');
	expect(await word.getAttribute('data-state')).toBe('off');
});

test('a chart says its gist, has a table with the same values, and opens large', async () => {
	const chart = part('Loss');
	await chart.getByRole('img', { name: 'Loss falls from 2.0 to 0.1 in 20 epochs' }).waitFor();
	await chart.getByRole('button', { name: 'Show as table' }).click();
	const rows = chart.getByRole('row');
	expect(await rows.count()).toBe(21);
	expect(await rows.nth(20).textContent()).toBe('200.100.48');
	await chart.getByRole('button', { name: 'Show as chart' }).click();
	await chart.getByRole('button', { name: 'Enlarge' }).click();
	await page.getByRole('dialog', { name: 'Loss' }).getByRole('img', { name: 'Loss falls' }).waitFor();
	await press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	expect(await part('Scores').getByRole('button', { name: 'Show as table' }).isDisabled()).toBe(true);
});

test('a text that is cut off shows itself whole on pointing at it', async () => {
	const { cutOff, mute } = await page.evaluate(() => {
		const cut = [...document.querySelectorAll<HTMLElement>('main *')]
			.filter((element) => getComputedStyle(element).textOverflow === 'ellipsis' && element.tagName !== 'INPUT')
			.filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0);
		const silent = cut.filter((element) => !element.closest('[title]') && !element.querySelector('[title]'));
		return { cutOff: cut.length, mute: silent.map((element) => element.outerHTML.slice(0, 160)) };
	});
	expect(cutOff).toBeGreaterThan(0);
	expect(mute).toEqual([]);
});

test('axe finds nothing in either theme in English and in the dark one in Chinese, and nothing was refused', async () => {
	const found: string[] = [];
	// A tooltip of what has the focus lies outside all regions.
	await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
	await page.getByRole('tooltip').waitFor({ state: 'detached' });
	for (const theme of ['light', 'dark']) {
		await page.evaluate((value) => document.documentElement.setAttribute('data-theme', value), theme);
		for (const finding of await axeFindings(page)) found.push(`${theme} ${finding}`);
	}
	await button('Switch to Chinese').click();
	await page.getByRole('heading', { name: '组件库' }).or(page.getByText('组件库')).first().waitFor();
	for (const finding of await axeFindings(page)) found.push(`zh ${finding}`);
	expect(found).toEqual([]);
	expect(problems).toEqual([]);
});
