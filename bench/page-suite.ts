// The suite `page`: the built page in a real Chromium. Processor time of the main thread's longest task while training
// and while nothing is trained, in turns; how long each page takes to open with 50,000 sentences and 100 runs stored.

import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { dropFiles } from '../e2e/page-acts';
import { browserFlags, findBrowser } from '../scripts/find-browser.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import { crowdedWorkspace } from './crowded-workspace';
import { mapSuite } from './map-suite';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const rounds = 3;
const watchedMs = 8000;
const crowd = { sentences: 50_000, runs: 100 };
const pages = ['Data', 'Train', 'Space', 'Results', 'Tag', 'Annotate', 'Models'];
const patienceMs = 120_000;

export async function pageSuite(session: BenchSession): Promise<void> {
	const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
	spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: projectRoot, stdio: 'inherit' });
	const server = await serveFolder({ folder: join(projectRoot, 'dist') });
	const browser = await chromium.launch({
		executablePath: await findBrowser(),
		headless: true,
		args: browserFlags(),
	});
	try {
		session.section('Main thread of the page (ms: processor time of its longest task in 8 s)');
		await longestTasks(session, browser, server.url);
		session.section(
			`Opening a page (N: sentences stored, B: runs stored; ms: from the click until its content is shown)`,
		);
		await openings(session, browser, server.url);
		await mapSuite(session, browser);
	} finally {
		await browser.close();
		await server.close();
	}
}

async function openPage(browser: Browser, url: string, link: string): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
	context.setDefaultTimeout(patienceMs);
	const page = await context.newPage();
	await page.goto(`${url}?backend=wasm&lang=en#/${link}`);
	await page.locator('[data-backend="wasm"]').waitFor();
	return page;
}

async function longestTasks(session: BenchSession, browser: Browser, url: string): Promise<void> {
	const idle: number[] = [];
	const training: number[] = [];
	for (let round = 0; round < rounds && !session.isOver(); round++) {
		const page = await openPage(browser, url, 'train');
		await page.getByRole('button', { name: 'Start training' }).waitFor();
		await page.waitForTimeout(2000); // what the first paint left to do
		idle.push(await longestTaskMs(browser, page));
		await page.getByRole('button', { name: 'Start training' }).click();
		await page
			.getByRole('status')
			.filter({ hasText: /^training$/ })
			.waitFor();
		await page.getByRole('region', { name: 'Loss', exact: true }).waitFor();
		await page.waitForTimeout(4000);
		training.push(await longestTaskMs(browser, page));
		await page.context().close();
	}
	session.add([
		rowOf('page, training off', { ms: median(idle), steps: idle.length }),
		rowOf('page, training on wasm', { ms: median(training), steps: training.length }),
	]);
	session.ratio('longest task of the page while training, ms of processor time', median(training), { atMost: 50 });
}

interface TraceEvent {
	name: string;
	ph: string;
	pid: number;
	tid: number;
	/** Microseconds of processor time. */
	tdur?: number;
	args?: { name?: string };
}

/** Over the page's main thread: its worker computes on another one. */
async function longestTaskMs(browser: Browser, page: Page): Promise<number> {
	await browser.startTracing(page, { categories: ['-*', 'toplevel', '__metadata'] });
	await page.waitForTimeout(watchedMs);
	const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
	const isMain = new Set(
		traceEvents
			.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
			.map(({ pid, tid }) => `${pid}/${tid}`),
	);
	const tasks = traceEvents.filter(
		({ name, pid, tid }) => name === 'ThreadControllerImpl::RunTask' && isMain.has(`${pid}/${tid}`),
	);
	if (tasks.length === 0) throw new Error('expected tasks of the main thread in the trace, found none');
	return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

async function openings(session: BenchSession, browser: Browser, url: string): Promise<void> {
	const page = await openPage(browser, url, 'data');
	await importWorkspace(page, await crowdedWorkspace(crowd));
	const times = new Map<string, number[]>(pages.map((name) => [name, []]));
	// The first round also loads the code of each page.
	for (let round = 0; round <= rounds && !session.isOver(); round++) {
		for (const name of pages) {
			const ms = await openingMs(page, name);
			if (round > 0) times.get(name)?.push(ms);
		}
	}
	const rows = pages.map((name) =>
		rowOf(`open ${name}`, {
			ms: median(times.get(name) ?? []),
			n: crowd.sentences,
			batch: crowd.runs,
			steps: rounds,
		}),
	);
	session.add(rows);
	const slowest = Math.max(...rows.map(({ msMedian }) => msMedian));
	session.ratio('opening the slowest page with 50,000 sentences and 100 runs stored, seconds', slowest / 1000, {
		atMost: 1,
	});
	await page.context().close();
}

async function importWorkspace(page: Page, file: Uint8Array): Promise<void> {
	await page.getByRole('button', { name: 'Add corpus' }).waitFor();
	await dropFiles(page, { 'crowded.nerco.zip': file });
	await page.getByRole('link', { name: /Crowded corpus/ }).click();
	await page.getByRole('list', { name: 'Sentences' }).locator('mark').first().waitFor();
}

/** Milliseconds until the page's heading is there, nothing says that it is busy, and no skeleton is left. */
async function openingMs(page: Page, name: string): Promise<number> {
	const link = page.getByRole('navigation').getByRole('link', { name, exact: true });
	return link.evaluate(async (element, heading) => {
		const startedAt = performance.now();
		(element as HTMLElement).click();
		// No function within: the one that runs this file would name it by a helper that the page lacks.
		while (
			document.querySelector('h1')?.textContent !== heading ||
			document.querySelector('main') === null ||
			document.querySelector('main[aria-busy="true"], main .grey') !== null
		) {
			if (performance.now() - startedAt > 60_000) throw new Error(`${heading} did not open within a minute`);
			await new Promise(requestAnimationFrame);
		}
		await new Promise(requestAnimationFrame);
		return performance.now() - startedAt;
	}, name);
}

function rowOf(
	name: string,
	{ ms, n = 0, batch = 0, steps }: { ms: number; n?: number; batch?: number; steps: number },
): BenchRow {
	return {
		case: name,
		backend: 'host',
		adapter: 'Chromium, headless',
		kernels: 'page',
		n,
		batch,
		msMedian: ms,
		hostMsMedian: null,
		dispatches: null,
		submits: null,
		bytesPeak: null,
		steps,
	};
}
