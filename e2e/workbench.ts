// Opens the built page in a real Chromium and keeps account of everything that went wrong or left the origin.

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../scripts/find-browser.mjs';
import { patienceMs } from '../scripts/patience.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { breakable } from './breakable-gpu';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const builtPage = join(projectRoot, 'dist');

export interface Workbench {
	page: Page;
	/** Address of the page, without a query. */
	url: string;
	/** Uncaught errors and console errors, those of workers included. */
	problems: string[];
	/** Addresses that were asked for outside the page's origin. */
	foreignRequests: string[];
	/** Paths within the built page that the server was asked for. */
	servedPaths: string[];
	/** From then on there is no network. */
	endServer(): Promise<void>;
	close(): Promise<void>;
}

export interface WorkbenchOptions {
	backend: 'webgpu' | 'wasm' | 'cpu' | 'auto';
	/** Begins and ends with '/'. */
	basePath?: string;
	theme?: 'light' | 'dark';
	/** The page to open, with what its address may hold: `train/new`. */
	page?: string;
	/** Of wasm. */
	threads?: number;
	/** With the service worker, which fetches every file of the build; without it the server sees what the page needs. */
	keepsOffline?: boolean;
	/** False: as a static host that sends files and no headers. */
	sendsHeaders?: boolean;
	/** In a browser whose WebGPU finds no adapter. */
	hidesGpu?: boolean;
	/** As from another machine over plain http: no secure context. */
	isRemote?: boolean;
	language?: 'en' | 'zh';
	/** The worker's GPU can be lost on purpose (`breakable-gpu.ts`). */
	breaksGpu?: boolean;
	/** The worker's `indexedDB.open` answers only after a message on the channel `release-storage`. */
	hangsStorage?: boolean;
}

/** A name that is no loopback address, though it leads to this machine. */
const remoteName = 'workbench.test';

/** The browsers that all workbenches of a test file share, by whether they have a GPU. */
const browsers = new Map<boolean, Promise<Browser>>();

async function launch(hidesGpu: boolean): Promise<Browser> {
	const flags = browserFlags().filter((flag) => !(hidesGpu && flag === '--enable-unsafe-webgpu'));
	const args = [...flags, `--host-resolver-rules=MAP ${remoteName} 127.0.0.1`];
	return chromium.launch({ executablePath: await findBrowser(), headless: true, args, timeout: patienceMs });
}

function sharedBrowser(hidesGpu: boolean): Promise<Browser> {
	const browser = browsers.get(hidesGpu) ?? launch(hidesGpu);
	browsers.set(hidesGpu, browser);
	return browser;
}

export async function closeBrowser(): Promise<void> {
	for (const browser of browsers.values()) await (await browser).close();
	browsers.clear();
}

export async function openWorkbench({
	backend,
	basePath = '/',
	theme = 'light',
	page: address = 'train',
	threads = 1,
	keepsOffline = false,
	sendsHeaders = true,
	hidesGpu = false,
	isRemote = false,
	language = 'en',
	breaksGpu = false,
	hangsStorage = false,
}: WorkbenchOptions): Promise<Workbench> {
	if (!existsSync(join(builtPage, 'index.html'))) throw new Error('dist/index.html is missing: run `npm run e2e`');
	const servedPaths: string[] = [];
	const server = await serveFolder({
		folder: builtPage,
		basePath,
		sendsHeaders,
		hosts: [remoteName],
		onRequest: (path: string) => servedPaths.push(path),
	});
	const context = await (await sharedBrowser(hidesGpu)).newContext({
		viewport: { width: 1440, height: 900 },
		serviceWorkers: keepsOffline ? 'allow' : 'block',
	});
	const problems: string[] = [];
	const foreignRequests: string[] = [];
	const url = isRemote ? server.url.replace('localhost', remoteName) : server.url;
	const { origin } = new URL(url);
	context.on('request', (request) => {
		const address = request.url();
		if (!address.startsWith(`${origin}/`) && !/^(data|blob):/.test(address)) foreignRequests.push(address);
	});
	context.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	context.on('weberror', (error) => problems.push(error.error().message));
	// The one limit of all waiting: a busy machine starves the page for a while; what is broken fails all the same, only later.
	context.setDefaultTimeout(patienceMs);
	if (breaksGpu) await beginWorkers(context, breakable);
	if (hangsStorage) await beginWorkers(context, hangingStorage);
	const page = await context.newPage();
	const query = new URLSearchParams({
		theme,
		lang: language,
		threads: String(threads),
		...(backend === 'auto' ? {} : { backend }),
	});
	await page.goto(`${url}?${query}#/${address}`);
	const close = async () => {
		await context.close();
		await server.close();
	};
	return { page, url, problems, foreignRequests, servedPaths, endServer: server.close, close };
}

const hangingStorage = `{
	const released = new Promise((resolve) => (new BroadcastChannel('release-storage').onmessage = resolve));
	const listener = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
	const open = indexedDB.open.bind(indexedDB);
	indexedDB.open = (...given) => {
		const request = open(...given);
		Object.defineProperty(request, 'onsuccess', {
			set: (act) => listener.set.call(request, (event) => released.then(() => act.call(request, event))),
		});
		return request;
	};
}\n`;

/** Scripts of a page do not reach its workers, so the worker's own file is sent with these lines before it. */
async function beginWorkers(context: BrowserContext, lines: string): Promise<void> {
	await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: lines + (await response.text()) });
	});
}

/** Waits until the run's state is one of the given words and returns it. */
export async function waitForState(page: Page, states: readonly string[]): Promise<string> {
	const status = page.getByRole('status');
	const wanted = new RegExp(`^(${states.join('|')})$`);
	await status.filter({ hasText: wanted }).waitFor();
	return (await status.textContent()) ?? '';
}

/** Chooses an entry of a list that opens, by the list's label and the beginning of the entry. */
export async function chooseOption(page: Page, label: string, option: string): Promise<void> {
	await page
		.getByRole('main')
		.getByRole('button', { name: new RegExp(`${label}$`) }) // what is chosen, then the label
		.click();
	await page.getByRole('option', { name: new RegExp(`(^|\\s)${option}\\b(?!-)`) }).click();
}

export async function chooseRun(
	page: Page,
	{ preset, settings, corpus = 'Smoke corpus' }: { preset: string; settings?: string; corpus?: string },
): Promise<void> {
	await chooseOption(page, 'Corpus', corpus);
	await chooseOption(page, 'Preset', preset);
	if (settings === undefined) return;
	const field = page.getByRole('textbox', { name: 'Settings', exact: true });
	if (!(await field.isVisible())) await page.getByText('Edit settings as text').click();
	await field.fill(settings);
}

/** Opens a page by its link in the navigation. */
export async function openPage(page: Page, name: string): Promise<void> {
	await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
	await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

export async function startTraining(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Start training' }).click();
}
