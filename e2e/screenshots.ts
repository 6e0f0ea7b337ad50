// `npm run screenshots [NAME…]`: pictures of every page and state of the built page in both themes, both languages and
// two window sizes, written to screenshots/, which git ignores. A NAME chooses the states that begin with it, as in
// `npm run screenshots space results-run`. Check them after every change to the page.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { type Sitting, type State, sittings } from './screenshot-states';
import { builtPage, closeBrowser, openWorkbench } from './workbench';

const sizes = [
	{ width: 1440, height: 900 },
	{ width: 1024, height: 768 },
];
const themes = ['light', 'dark'];
const languages = ['en', 'zh'];
/** Long enough for what is drawn after a change of size, language or theme. */
const settleMs = 200;

const asked = process.argv.slice(2);
const folder = join(builtPage, '..', 'screenshots');

const isAsked = ({ name }: State) => asked.length === 0 || asked.some((beginning) => name.startsWith(beginning));

/** By the page's own button, which a dialog may lie over. */
async function setLanguage(page: Page, language: string): Promise<void> {
	await page.evaluate((wanted) => {
		if (document.documentElement.lang.slice(0, 2) === wanted) return;
		document.querySelector<HTMLButtonElement>('header.top > button:has(> span[lang])')?.click();
	}, language);
}

const setTheme = (page: Page, theme: string) =>
	page.evaluate((wanted) => {
		document.documentElement.dataset.theme = wanted;
	}, theme);

/** Pictures of what is on the page in all combinations; the page is in English, light and wide again afterwards. */
async function takePictures(page: Page, name: string): Promise<void> {
	for (const language of languages) {
		await setLanguage(page, language);
		for (const viewport of sizes) {
			await page.setViewportSize(viewport);
			await page.waitForTimeout(settleMs);
			for (const theme of themes) {
				await setTheme(page, theme);
				await page.waitForTimeout(settleMs);
				await page.screenshot({ path: join(folder, `${name}-${viewport.width}-${theme}-${language}.png`) });
			}
		}
	}
	await setLanguage(page, languages[0]);
	await setTheme(page, themes[0]);
	await page.setViewportSize(sizes[0]);
}

/** Goes through the states of a sitting as far as one is asked for. A state that fails is named, and the rest continues. */
async function goThrough(sitting: Sitting): Promise<number> {
	const last = sitting.states.findLastIndex(isAsked);
	if (last < 0) return 0;
	const workbench = await openWorkbench(sitting.options);
	const { page, problems } = workbench;
	page.setDefaultTimeout(sitting.patienceMs ?? 60_000);
	let failed = 0;
	try {
		await sitting.begin?.(workbench);
		for (const state of sitting.states.slice(0, last + 1)) {
			if (!isAsked(state) && !state.isNeeded) continue;
			const beganAt = performance.now();
			try {
				await state.open(page);
				if (isAsked(state)) await takePictures(page, state.name);
				await state.leave?.(page);
				console.log(`${state.name}: ${((performance.now() - beganAt) / 1000).toFixed(1)} s`);
			} catch (error) {
				failed++;
				// A list that is still open would lie over the next state.
				await page.keyboard.press('Escape');
				console.error(`${state.name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
			}
		}
		for (const problem of problems) console.error(`the page says: ${problem}`);
	} finally {
		await workbench.close();
	}
	return failed;
}

mkdirSync(folder, { recursive: true });
let failed = 0;
for (const sitting of sittings) failed += await goThrough(sitting);
await closeBrowser();
console.log(`pictures in ${folder}`);
process.exitCode = failed === 0 ? 0 : 1;
