// The workspace in a real browser: IndexedDB and the private file system as Chromium has them, in a worker as in the page.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const candidates = [
	process.env.NERCO_BROWSER,
	'/usr/bin/chromium',
	'/usr/bin/google-chrome',
	chromium.executablePath(),
];
const executablePath = candidates.find((path) => path && existsSync(path));

async function bundle(): Promise<string> {
	const entry = fileURLToPath(new URL('workspace.ts', import.meta.url));
	const result = await build({
		configFile: false,
		logLevel: 'silent',
		build: { write: false, lib: { entry, formats: ['es'], fileName: 'workspace' } },
	});
	const [output] = Array.isArray(result) ? result : [result];
	if (!('output' in output)) throw new Error('vite built nothing');
	return output.output[0].code;
}

/** Runs what it is sent, with a workspace named `workspace`; what that returns must be JSON. */
const workerCode = `
	import { Workspace } from '/workspace.js';
	let last = 0;
	const open = () => Workspace.open({ databaseName: 'test', newId: () => self.name + '-' + ++last });
	const setting = (id, bytes) => ({ kind: 'setting', id, name: id, detail: { value: 1 }, parts: { big: bytes }, nowMs: 1 });
	onmessage = async ({ data }) => {
		const run = new Function('workspace', 'open', 'setting', 'return (async () => {' + data + '})()');
		try { postMessage({ value: await run(await open(), open, setting) }); }
		catch (error) { postMessage({ error: error.code ?? String(error) }); }
	};
`;

describe.skipIf(!executablePath)('a workspace in a browser (skipped: no browser)', () => {
	let browser: Browser;
	let page: Page;
	let code = '';
	beforeAll(async () => {
		code = await bundle();
		browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
	});
	afterAll(() => browser?.close());
	beforeEach(async () => {
		page = await (await browser.newContext()).newPage();
		await page.route('**/*', (route) => {
			const { pathname } = new URL(route.request().url());
			if (!pathname.endsWith('.js')) return route.fulfill({ contentType: 'text/html', body: '<p>' });
			const body = pathname === '/worker.js' ? workerCode : code;
			return route.fulfill({ contentType: 'text/javascript', body });
		});
		await page.goto('http://localhost:9/');
	});

	let workers = 0;
	/** Runs a body in a worker of its own, as another tab would. */
	const inWorker = (body: string): Promise<unknown> =>
		page.evaluate(
			`new Promise((resolve) => {
				const worker = new Worker('/worker.js', { type: 'module', name: 'w${++workers}' });
				worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
				worker.onerror = ({ message }) => resolve({ error: message });
				worker.postMessage(${JSON.stringify(body)});
			})`,
		);
	const files = `
		const root = await navigator.storage.getDirectory();
		const names = [];
		for await (const name of (await root.getDirectoryHandle('test')).keys()) names.push(name);
	`;

	test('large parts are files, small ones are not, and both come back in another worker', async () => {
		await inWorker(`await workspace.create(setting('large', new Uint8Array(3e6).fill(7)));
			await workspace.create(setting('small', Uint8Array.of(1, 2)));`);
		const found = await inWorker(`${files}
			const large = await workspace.readPart('setting', 'large', 'big');
			const small = await workspace.readPart('setting', 'small', 'big');
			return [names.length, large.length, large.every((byte) => byte === 7), [...small], workspace.whyNotKept];`);
		expect(found).toEqual({ value: [1, 3e6, true, [1, 2], null] });
	});

	test('a replaced part takes its old file along, and a stray file is swept', async () => {
		const found = await inWorker(`await workspace.create(setting('a', new Uint8Array(2e6)));
			await workspace.update('setting', 'a', { revision: 1, nowMs: 2, parts: { big: new Uint8Array(2e6).fill(1) } });
			${files}
			await (await root.getDirectoryHandle('test')).getFileHandle('file-stray', { create: true });
			return [names.length, await workspace.sweep(), (await workspace.readPart('setting', 'a', 'big'))[5]];`);
		expect(found).toEqual({ value: [1, 1, 1] });
	});

	test('two workers that change the same revision: one wins, the other is told', async () => {
		await inWorker(`await workspace.create(setting('a', Uint8Array.of(1)));`);
		const change = (name: string) =>
			inWorker(`await workspace.update('setting', 'a', { revision: 1, nowMs: 2, name: '${name}' }); return 'won';`);
		const results = await Promise.all([change('left'), change('right')]);
		expect(results).toContainEqual({ value: 'won' });
		expect(results).toContainEqual({ error: 'workspace-conflict' });
	});

	test('on a full disk a change is a named error, what is new is kept in memory, what was there stays', async () => {
		const context = await page.context().newCDPSession(page);
		await inWorker(`await workspace.create(setting('a', Uint8Array.of(9)));`);
		await context.send('Storage.overrideQuotaForOrigin', { origin: 'http://localhost:9', quotaSize: 1_500_000 });
		const tooLarge = await inWorker(
			`await workspace.update('setting', 'a', { revision: 1, nowMs: 2, parts: { big: new Uint8Array(8e6) } });`,
		);
		expect(tooLarge).toEqual({ error: 'storage-full' });
		const inMemory = await inWorker(
			`const { id } = await workspace.create(setting('b', new Uint8Array(8e6)));
			return [workspace.whyNotKept.code, (await workspace.readPart('setting', id, 'big')).length];`,
		);
		expect(inMemory).toEqual({ value: ['storage-full', 8e6] });
		await context.send('Storage.overrideQuotaForOrigin', { origin: 'http://localhost:9' });
		const found = await inWorker(`${files}
			return [[...await workspace.readPart('setting', 'a', 'big')], names.length];`);
		expect(found).toEqual({ value: [[9], 0] });
	});
});
