// A Chromium with a profile of its own on disk that can be killed as a whole, as a crash or a power cut ends it: SIGKILL for
// all its processes at once, no chance to write anything. Opened again on the same profile, it has what was stored.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../scripts/find-browser.mjs';
import { patienceMs } from '../scripts/patience.mjs';

export interface KillableBrowser {
	page: Page;
	/** Uncaught errors and console errors, those of workers included. */
	problems: string[];
	/** Ends every process of the browser now. Resolves when the browser itself is gone. */
	kill(): Promise<void>;
	/** Ends it as its user would. */
	close(): Promise<void>;
}

const living = new Set<ChildProcess>();
// A group of its own does not hear Ctrl-C, and does not end with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.on('exit', () => {
	for (const running of living) killGroup(running);
});

export async function openBrowser(profile: string): Promise<KillableBrowser> {
	// It names the address of a browser that was killed, until the new one writes its own.
	rmSync(join(profile, 'DevToolsActivePort'), { force: true });
	const args = [
		...browserFlags(),
		'--headless=new',
		'--remote-debugging-port=0',
		`--user-data-dir=${profile}`,
		'--window-size=1440,900',
		'about:blank',
	];
	// On its own it leads a group of processes, which one signal ends.
	const running = spawn(await findBrowser(), args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
	const ended = new Promise<void>((resolve) => running.on('close', () => resolve()));
	living.add(running);
	void ended.then(() => living.delete(running));
	const browser = await chromium.connectOverCDP(await addressOf(running), { timeout: patienceMs });
	const { page, problems } = await takePage(browser);
	return {
		page,
		problems,
		kill: async () => {
			killGroup(running);
			await ended;
		},
		close: async () => {
			const session = await browser.newBrowserCDPSession();
			await session.send('Browser.close').catch(() => {}); // it may be gone before it answers
			await ended;
		},
	};
}

async function takePage(browser: Browser): Promise<{ page: Page; problems: string[] }> {
	const [context] = browser.contexts();
	const problems: string[] = [];
	context.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	context.on('weberror', (error) => problems.push(error.error().message));
	context.setDefaultTimeout(patienceMs);
	// tsx names functions by a helper of its own, which the page does not have.
	await context.addInitScript({ content: 'globalThis.__name = (value) => value;' });
	return { page: context.pages()[0] ?? (await context.newPage()), problems };
}

/** The address for remote control, which the browser prints when it is up. */
function addressOf(running: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		let printed = '';
		running.stderr?.on('data', (chunk) => {
			printed = `${printed}${chunk}`.slice(-20_000);
			const address = /DevTools listening on (ws:\S+)/.exec(printed)?.[1];
			if (address) resolve(address);
		});
		running.on('error', reject);
		running.on('close', () => reject(new Error(`the browser ended before it was up:\n${printed}`)));
	});
}

function killGroup({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
	else
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// gone already
		}
}
