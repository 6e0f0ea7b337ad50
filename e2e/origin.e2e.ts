// The page works from any base path, loads nothing from elsewhere, and loads TensorFlow.js only where it computes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { builtPage, chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

/** A sentence of TensorFlow.js' core that every build of it holds. */
const tensorflowSign = 'No backend found in registry';

function scriptsWithTensorflow(paths: readonly string[]): string[] {
	const scripts = [...new Set(paths)].filter((path) => path.endsWith('.js'));
	return scripts.filter((path) => readFileSync(join(builtPage, path), 'utf8').includes(tensorflowSign));
}

test('a wasm run under a base path asks its own origin only and loads no TensorFlow.js', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', basePath: '/some/where/' });
	const { page } = workbench;
	try {
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		expect(workbench.foreignRequests).toEqual([]);
		expect(workbench.problems).toEqual([]);
		expect(workbench.servedPaths.some((path) => path.endsWith('.wasm'))).toBe(true);
		expect(scriptsWithTensorflow(workbench.servedPaths)).toEqual([]);
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
		const other = await page.context().newPage();
		await other.setContent(`<iframe src="${workbench.url}"></iframe>`);
		await other.waitForFunction(() => document.querySelector('iframe')?.contentDocument === null);
		expect(other.frames()[1].url()).toBe('chrome-error://chromewebdata/');
	} finally {
		await workbench.close();
	}
});

test('the sign of TensorFlow.js is there where it is loaded, in the worker on cpu, and nowhere else', async () => {
	for (const backend of ['cpu', 'webgpu'] as const) {
		const workbench = await openWorkbench({ backend });
		try {
			await workbench.page.locator(`[data-backend="${backend}"]`).waitFor();
			expect(scriptsWithTensorflow(workbench.servedPaths).length > 0).toBe(backend === 'cpu');
			const entry = readFileSync(join(builtPage, 'index.html'), 'utf8').match(/src="\.\/([^"]+\.js)"/)?.[1] ?? '';
			expect(scriptsWithTensorflow([entry])).toEqual([]);
		} finally {
			await workbench.close();
		}
	}
});
