// Where the browser cannot do everything: no graphics adapter, or a page from another machine over plain http. The page
// says so and what helps, and trains and tags all the same.

import { afterAll, expect, test } from 'vitest';
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

async function trainAndTag({ page }: Workbench): Promise<void> {
	await chooseRun(page, { preset: 'smoke' });
	await startTraining(page);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	await openPage(page, 'Tag');
	await page.getByRole('region', { name: 'Tagged sentences' }).locator('mark').first().waitFor();
}

test('without a graphics adapter a banner says why and what helps, and training runs on wasm', async () => {
	const workbench = await openWorkbench({ backend: 'auto', hidesGpu: true });
	const { page, problems } = workbench;
	try {
		await page.locator('[data-backend="wasm"]').waitFor();
		const banner = page.locator('[data-banner="no-webgpu"]');
		expect(await banner.textContent()).toContain('WebGPU found no GPU');
		await banner.getByRole('button', { name: 'How to enable it' }).click();
		expect(await page.getByRole('dialog').textContent()).toContain('chrome://gpu');
		await page.keyboard.press('Escape');
		await banner.getByRole('button', { name: 'Check again' }).click();
		await page.locator('[data-backend="wasm"]').waitFor();
		await trainAndTag(workbench);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});

test('from another machine over plain http a banner names the remedy, and training runs in memory', async () => {
	const workbench = await openWorkbench({ backend: 'auto', isRemote: true });
	const { page, problems } = workbench;
	try {
		expect(await page.evaluate(() => isSecureContext)).toBe(false);
		const banner = page.locator('[data-banner="insecure"]');
		await banner.waitFor();
		expect(await banner.textContent()).toContain('http://localhost');
		await page.locator('[data-backend="wasm"]').waitFor();
		await trainAndTag(workbench);
		// The browser itself remarks that such a page cannot be isolated.
		expect(problems.filter((text) => !text.includes('Cross-Origin-Opener-Policy'))).toEqual([]);
	} finally {
		await workbench.close();
	}
});
