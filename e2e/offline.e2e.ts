// The page after its first visit: it opens, tags and trains without a network; on a host that sends no headers its
// service worker makes it cross-origin isolated.

import { afterAll, expect, test } from 'vitest';
import { pageHeaders } from '../scripts/page-headers.mjs';
import {
	chooseRun,
	closeBrowser,
	openPage,
	openWorkbench,
	startTraining,
	type Workbench,
	waitForState,
} from './workbench';

afterAll(closeBrowser);

/** Waits until every file is kept and the page is served by the worker. */
async function waitUntilKept({ page }: Workbench): Promise<void> {
	await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

test('after the first visit the page opens, tags and trains without a network', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', keepsOffline: true, basePath: '/some/where/' });
	const { page } = workbench;
	try {
		await waitUntilKept(workbench);
		await workbench.endServer();
		await page.reload();
		await page.locator('[data-backend="wasm"]').waitFor();
		await openPage(page, 'Tag');
		await page.getByRole('region', { name: 'Tagged sentences' }).locator('mark').first().waitFor();
		await openPage(page, 'Train');
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(workbench.foreignRequests).toEqual([]);
		// The browser itself says that asking for a newer page failed; anything else is a fault.
		expect(workbench.problems.filter((text) => !/Failed to load resource|ERR_CONNECTION_REFUSED/.test(text))).toEqual(
			[],
		);
	} finally {
		await workbench.close();
	}
});

test('on a host that sends no headers the page isolates itself before anybody touches it', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', keepsOffline: true, sendsHeaders: false, threads: 2 });
	const { page } = workbench;
	try {
		await page.waitForFunction(() => crossOriginIsolated);
		await page.locator('[data-backend="wasm"]').waitFor();
		const sent = await page.evaluate(async () => [...(await fetch('./')).headers]);
		const wanted = Object.entries(pageHeaders).map(([name, value]) => [name.toLowerCase(), value]);
		expect(sent).toEqual(expect.arrayContaining(wanted));
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
