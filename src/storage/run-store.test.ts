// IndexedDB as a real browser has it: the module is bundled and driven in Chromium.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { RunStore } from './run-store';

const candidates = [
	process.env.NERCO_BROWSER,
	'/usr/bin/chromium',
	'/usr/bin/google-chrome',
	chromium.executablePath(),
];
const executablePath = candidates.find((path) => path && existsSync(path));

async function bundle(): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'silent',
		build: {
			write: false,
			lib: { entry: fileURLToPath(new URL('run-store.ts', import.meta.url)), formats: ['es'], fileName: 'run-store' },
		},
	});
	const [output] = Array.isArray(result) ? result : [result];
	if (!('output' in output)) throw new Error('vite built nothing');
	return output.output[0].code;
}

describe.skipIf(!executablePath)('runs kept in the browser (skipped: no browser)', () => {
	let browser: Browser;
	let page: Page;
	let code = '';
	beforeAll(async () => {
		code = await bundle();
		browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
	});
	afterAll(() => browser?.close());
	beforeEach(async () => {
		const context = await browser.newContext();
		page = await context.newPage();
		await page.route('**/*', (route) => {
			const isModule = route.request().url().endsWith('.js');
			return route.fulfill(
				isModule ? { contentType: 'text/javascript', body: code } : { contentType: 'text/html', body: '<p>' },
			);
		});
		await page.goto('http://store.test/');
	});

	/** Runs a body with an open store named `store` in the page; what it returns must be JSON. */
	const inPage = (body: string): Promise<unknown> =>
		page.evaluate(
			`import('/run-store.js').then(async ({ RunStore }) => {
				let store = await RunStore.open('test');
				const reopen = async () => { store.close(); store = await RunStore.open('test'); };
				${body}
			})`,
		);

	test('come back after the database was closed, by run and name', async () => {
		const found = await inPage(`
			await store.saveResume('a', Uint8Array.of(1, 2), 10);
			await store.saveResume('b', Uint8Array.of(3), 20);
			await store.saveCheckpoint('a', 'full', Uint8Array.of(9, 9, 9), 30);
			await store.saveResume('a', Uint8Array.of(4, 5), 40);
			await reopen();
			return {
				a: [...await store.loadResume('a')], b: [...await store.loadResume('b')],
				checkpoint: [...await store.loadCheckpoint('a', 'full')],
				none: [await store.loadResume('c'), await store.loadCheckpoint('a', 'head')],
				latest: await store.latestResumable(),
				list: (await store.list()).map(({ runId, name, sizeBytes }) => [runId, name, sizeBytes]),
			};
		`);
		expect(found).toEqual({
			a: [4, 5],
			b: [3],
			checkpoint: [9, 9, 9],
			none: [null, null],
			latest: { runId: 'a', name: 'resume', savedAtMs: 40, sizeBytes: 2 },
			list: [
				['a', 'resume', 2],
				['a', 'checkpoint:full', 3],
				['b', 'resume', 1],
			],
		});
	});

	test('are deleted by run, or their saved state alone', async () => {
		const found = await inPage(`
			await store.saveResume('a', Uint8Array.of(1), 1);
			await store.saveCheckpoint('a', 'x', Uint8Array.of(2), 2);
			await store.saveResume('b', Uint8Array.of(3), 3);
			await store.saveCheckpoint('b', 'x', Uint8Array.of(4), 4);
			await store.deleteRun('a');
			await store.deleteResume('b');
			return (await store.list()).map(({ runId, name }) => runId + ' ' + name);
		`);
		expect(found).toEqual(['b checkpoint:x']);
	});

	test('of another version are a named error', async () => {
		const code = await inPage(`
			await store.saveResume('a', Uint8Array.of(1), 1);
			store.database.transaction('run-files', 'readwrite').objectStore('run-files')
				.put({ version: 99, runId: 'a', name: 'resume' });
			return store.loadResume('a').catch((error) => error.code);
		`);
		expect(code).toBe('storage-damaged');
	});
});

test('where a browser keeps nothing, opening is a named error', async () => {
	expect(await errorCodeOfAsync(() => RunStore.open())).toBe('storage-unavailable');
});
