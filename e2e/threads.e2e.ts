// Threads of wasm in the page: helpers are started by the training worker, within the content policy, and compute the
// same numbers.

import { afterAll, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

async function trainSmoke(threads: number) {
	const workbench = await openWorkbench({ backend: 'wasm', threads });
	const { page, problems } = workbench;
	try {
		const device = page.locator('[data-backend]');
		await device.waitFor();
		const label = await device.textContent();
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		const state = await waitForState(page, ['finished', 'failed']);
		const cells = await page.locator('tbody td[data-value]').all();
		const losses = await Promise.all(cells.map(async (cell) => cell.getAttribute('data-value')));
		return { label, state, losses, problems };
	} finally {
		await workbench.close();
	}
}

test('two threads train the smoke preset to the same losses as one', async () => {
	const [alone, together] = [await trainSmoke(1), await trainSmoke(2)];
	expect(alone).toMatchObject({ state: 'finished', problems: [] });
	expect(together).toMatchObject({ state: 'finished', problems: [] });
	expect(alone.label).toContain('1 thread');
	expect(together.label).toContain('2 threads');
	expect(alone.losses.length).toBeGreaterThan(3);
	expect(together.losses).toEqual(alone.losses);
});
