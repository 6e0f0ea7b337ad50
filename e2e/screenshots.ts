// `npm run screenshots [PLACE…]`: pictures of every place of the built page in both themes, both languages and two
// window sizes, written to screenshots/, which git ignores. Look at them after every change to the page.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { browserFlags, findBrowser } from '../scripts/find-browser.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { builtPage } from './workbench';

const sizes = [
	{ width: 1440, height: 900 },
	{ width: 1024, height: 768 },
];
const themes = ['light', 'dark'];
const languages = ['en', 'zh'];
const places = ['data', 'train', 'space', 'results', 'tag', 'annotate', 'models'];

const asked = process.argv.slice(2);
const folder = join(builtPage, '..', 'screenshots');
mkdirSync(folder, { recursive: true });
const server = await serveFolder({ folder: builtPage });
const browser = await chromium.launch({ executablePath: await findBrowser(), headless: true, args: browserFlags() });
for (const viewport of sizes) {
	const context = await browser.newContext({ viewport });
	const page = await context.newPage();
	page.on('console', (message) => {
		if (message.type() === 'error') console.error(message.text());
	});
	page.on('pageerror', (error) => console.error(error.message));
	for (const theme of themes) {
		for (const language of languages) {
			for (const place of asked.length > 0 ? asked : places) {
				await page.goto(`${server.url}?backend=wasm&theme=${theme}&lang=${language}#/${place}`);
				await page.locator('main:not([aria-busy])').waitFor();
				await page.locator('[data-backend]').waitFor();
				await page.waitForTimeout(300);
				const name = `${place.replaceAll(/[^a-z0-9]+/g, '-')}-${viewport.width}-${theme}-${language}.png`;
				await page.screenshot({ path: join(folder, name) });
			}
		}
	}
	await context.close();
}
await browser.close();
await server.close();
console.log(`pictures in ${folder}`);
