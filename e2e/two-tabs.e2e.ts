// Two tabs of one browser: the second shows what the first trains, hands it runs instead of starting beside it, and lists
// what was finished; when the first is closed, its run can be resumed in the second.

import { afterAll, expect, test } from 'vitest';
import { startLongRun } from './page-acts';
import { chooseRun, closeBrowser, openPage, openWorkbench, waitForState } from './workbench';

afterAll(closeBrowser);

test('a second tab shows the run of the first, queues behind it, and takes over what a closed tab left', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'train/new' });
	const { page, problems } = workbench;
	try {
		await startLongRun(page);

		const second = await page.context().newPage();
		await second.goto(page.url().replace(/#.*/, '#/train/new'));
		const dock = second.getByRole('region', { name: 'Run', exact: true });
		await dock.getByText('smoke · in another tab').waitFor();
		expect(await second.getByRole('status').textContent()).toBe('training');
		await second.getByText('smoke is training in another tab').waitFor();
		await chooseRun(second, { preset: 'smoke' });
		expect(await second.getByRole('button', { name: 'Start training' }).count()).toBe(0);
		await second.getByRole('button', { name: 'Add to queue' }).click();
		await dock.getByText('smoke · in another tab').waitFor();
		await second.getByText('1 run is queued behind it').waitFor();
		await page.getByRole('region', { name: 'Queue' }).getByText('queued', { exact: true }).waitFor();

		await page.getByRole('button', { name: 'Pause' }).click();
		await waitForState(second, ['paused']);
		await page.close();
		await dock.getByText('in another tab').waitFor({ state: 'detached' });
		await openPage(second, 'Results');
		await dock.getByRole('button', { name: 'Resume' }).waitFor();
		expect(await second.getByRole('status').textContent()).toBe('paused');
		await second.getByRole('row', { name: /smoke/ }).first().waitFor();
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
