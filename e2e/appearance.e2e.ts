// What holds for every page: axe finds nothing in either theme, both languages are whole, the first paint is small.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { axeFindings } from './page-acts';
import { builtPage, chooseRun, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

const pages = [
	['Data', '数据'],
	['Train', '训练'],
	['Space', '表示空间'],
	['Results', '结果'],
	['Tag', '识别'],
	['Annotate', '标注'],
	['Models', '模型'],
] as const;

/** In two groups, so that no test takes too long. */
const pageGroups = [pages.slice(0, 4), pages.slice(4)];
const themedGroups = (['light', 'dark'] as const).flatMap((theme) =>
	pageGroups.map((group) => [group.map(([name]) => name).join(', '), theme, group] as const),
);

test.each(themedGroups)('after a run axe finds nothing on %s in the %s theme', async (_, theme, group) => {
	const workbench = await openWorkbench({ backend: 'wasm', theme });
	const { page, problems } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		const found: string[] = [];
		for (const [name] of group) {
			await openPage(page, name);
			await page.locator('main:not([aria-busy="true"])').waitFor();
			for (const finding of await axeFindings(page)) found.push(`${name} ${finding}`);
		}
		expect(found).toEqual([]);
		expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('the page changes its language and theme at once and remembers them', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page } = workbench;
	try {
		await page.goto(`${workbench.url}?backend=wasm#/data`);
		const navigation = page.getByRole('navigation').first();
		for (const [english] of pages) await navigation.getByRole('link', { name: english, exact: true }).waitFor();
		await page.getByRole('button', { name: 'Switch to Chinese' }).click();
		for (const [, chinese] of pages) await navigation.getByRole('link', { name: chinese, exact: true }).waitFor();
		expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
		const theme = page.getByRole('button', { name: /^主题/ });
		for (let press = 0; press < 3; press++) {
			if ((await page.locator('html').getAttribute('data-theme')) === 'dark') break;
			await theme.click();
		}
		expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
		const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const dark = await ground();
		await page.reload();
		await navigation.getByRole('link', { name: '数据', exact: true }).waitFor();
		expect(await ground()).toBe(dark);
	} finally {
		await workbench.close();
	}
});

test('axe waits for what fades in, and for what begins to fade in during its check', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page } = workbench;
	try {
		await page.locator('main:not([aria-busy="true"])').waitFor();
		await page.evaluate(() => {
			document.styleSheets[0].insertRule('@keyframes faint { from, to { opacity: 0.2 } }');
			for (const delayMs of [0, 100]) {
				const notice = document.createElement('p');
				notice.textContent = 'Imported.';
				document.querySelector('main')?.append(notice);
				setTimeout(() => (notice.style.animation = 'faint 2s'), delayMs);
			}
		});
		expect(await axeFindings(page)).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('the first paint loads less than 250 kB of gzipped JavaScript', async () => {
	for (const name of ['data', 'tag']) {
		const workbench = await openWorkbench({ backend: 'wasm', page: name });
		try {
			await workbench.page.locator('main:not([aria-busy="true"])').waitFor();
			const asked = await workbench.page.evaluate(() =>
				performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1)),
			);
			const scripts = asked.filter((path) => path.endsWith('.js') && !path.includes('worker'));
			const sizes = scripts.map((path) => gzipSync(readFileSync(join(builtPage, path))).length);
			const total = sizes.reduce((sum, size) => sum + size, 0);
			console.log(
				`first paint of ${name}: ${Math.round(total / 1000)} kB of gzipped JavaScript in ${scripts.length} files`,
			);
			expect(total).toBeGreaterThan(50_000);
			expect(total).toBeLessThan(250_000);
		} finally {
			await workbench.close();
		}
	}
});
