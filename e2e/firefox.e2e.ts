// One scenario in Firefox, which has neither Chromium's interfaces nor, on Linux, WebGPU: tag, train, annotate, and
// find it all again after a reload. Skipped where no Firefox is installed.

import { type Browser, type ElementHandle, launch, type Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findFirefox } from '../scripts/find-browser.mjs';
import { patienceMs } from '../scripts/patience.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { builtPage } from './workbench';

const firefox = await findFirefox();

let browser: Browser;
let page: Page;
/** Uncaught errors and console errors. */
let problems: string[] = [];
let foreignRequests: string[] = [];
const server = await serveFolder({ folder: builtPage });

async function openFirefox(executablePath: string): Promise<void> {
	browser = await launch({
		browser: 'firefox',
		executablePath,
		headless: true,
		defaultViewport: { width: 1440, height: 900 },
		timeout: patienceMs,
		protocolTimeout: patienceMs,
	});
	page = await browser.newPage();
	page.setDefaultTimeout(patienceMs);
	problems = [];
	foreignRequests = [];
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	page.on('pageerror', (error) => problems.push(String(error)));
	page.on('request', (request) => {
		const address = request.url();
		if (!address.startsWith(server.url) && !/^(data|blob):/.test(address)) foreignRequests.push(address);
	});
}

beforeEach(async () => {
	if (firefox) await openFirefox(firefox);
});
afterEach(() => browser?.close());
afterAll(() => server.close());

/** Asks again and again until there is an answer. The browser's own waiting compiles code, which the page's policy forbids. */
async function until<Answer>(ask: () => Promise<Answer | null>): Promise<Answer> {
	return (await vi.waitUntil(ask, { timeout: patienceMs, interval: 100 })) as Answer;
}

/** Waits for a visible element of that selector whose label or text fits. */
function find(selector: string, name: RegExp): Promise<ElementHandle<HTMLElement>> {
	const look = async () => {
		const found = await page.evaluateHandle(
			(wanted, source) =>
				[...document.querySelectorAll<HTMLElement>(wanted)].find((element) => {
					const labels = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
					const texts = labels.map((id) => document.getElementById(id)?.textContent ?? '');
					const label = element.getAttribute('aria-label') ?? (texts.join(' ') || element.textContent || '');
					return new RegExp(source).test(label.trim()) && element.checkVisibility();
				}) ?? null,
			selector,
			name.source,
		);
		return found.asElement() as ElementHandle<HTMLElement> | null;
	};
	return until(look);
}

async function click(selector: string, name: RegExp): Promise<void> {
	await (await find(selector, name)).click();
}

async function openPage(name: string): Promise<void> {
	await click('nav a', new RegExp(`^${name}$`));
	await find('h1', new RegExp(`^${name}$`));
}

async function chooseOption(label: string, option: RegExp): Promise<void> {
	await click('main button', new RegExp(`${label}$`));
	await click('[role=option]', option);
}

async function tag(text: string): Promise<string[][]> {
	const input = await page.waitForSelector('main textarea');
	await input?.click();
	await page.keyboard.down('Control');
	await page.keyboard.press('a');
	await page.keyboard.up('Control');
	await input?.type(text);
	await click('main button', /^Tag text/);
	// The earlier result stays until the new one is there.
	const list = await find('[role=list], ul, ol', /^Tagged sentences$/);
	const hasText = () => list.evaluate((element, wanted) => element.textContent?.includes(wanted) || null, text);
	await until(hasText);
	return list.$$eval('mark[data-type]', (marks) =>
		marks.map((mark) => [mark.textContent ?? '', mark.getAttribute('data-type') ?? '']),
	);
}

async function state(): Promise<string> {
	return page.$eval('[role=status]', (status) => status.textContent ?? '');
}

async function firstMark(): Promise<string[]> {
	const mark = await page.waitForSelector('[role=application] mark[data-type]');
	return mark?.evaluate((element) => [element.textContent ?? '', element.getAttribute('data-type') ?? '']) ?? [];
}

test.skipIf(!firefox)('Firefox tags, trains and annotates, and has all of it after a reload', async () => {
	await page.goto(`${server.url}?lang=en&backend=wasm#/tag`);
	const device = await page.waitForSelector('[data-backend]');
	expect(await device?.evaluate((element) => element.getAttribute('data-backend'))).toBe('wasm');
	expect(await tag('李明昨天在上海。')).toEqual([
		['李明', 'PER'],
		['上海', 'GPE'],
	]);

	await openPage('Train');
	await chooseOption('Corpus', /^Smoke corpus/);
	await chooseOption('Preset', /smoke/);
	await click('main button', /^Start training/);
	const ended = async () => (await state()).match(/^(finished|failed)$/)?.[0] ?? null;
	expect(await until(ended)).toBe('finished');

	await page.evaluate(() => {
		window.location.hash = '#/annotate/sample?order=corpus&n=1';
	});
	const sentence = await page.waitForSelector('[role=application][aria-label=Sentence]');
	await sentence?.focus();
	await page.keyboard.press('Home');
	await page.keyboard.down('Shift');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.up('Shift');
	await page.keyboard.press('1');
	await page.waitForSelector('.annotate-saved[data-kind=saved]');
	const annotated = await firstMark();
	expect(annotated).toEqual(['汤', 'PER']); // the sample's first character alone, by the first type's key

	await page.reload();
	expect(await firstMark()).toEqual(annotated);
	await openPage('Results');
	await click('[role=region] a, section a', /^smoke/);
	await find('section, [role=region]', /^Errors$/);
	await openPage('Tag');
	await click('main button', /^More models/);
	await click('[role^=menuitem], [role=option]', /^smoke/);
	await tag('李明住在北京。');
	await find('[role=radio], label', /^smoke$/);
	expect({ problems, foreignRequests }).toEqual({ problems: [], foreignRequests: [] });
});
