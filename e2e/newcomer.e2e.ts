// The first hour of somebody who has nothing: the page opens on the sample; a shipped model tags; a run trains on WebGPU, is
// watched, becomes a map and a list of errors; its model tags again. The adapter is a software one here, and is asserted.

import { afterAll, expect, test } from 'vitest';
import { oneEpochEach } from './page-acts';
import { chooseRun, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

test('a newcomer tags, trains on WebGPU, watches, sees the map and the errors, and tags again', async () => {
	const workbench = await openWorkbench({ backend: 'webgpu', page: '' });
	const { page, problems, foreignRequests } = workbench;
	try {
		await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
		await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
		const device = page.locator('[data-backend="webgpu"]');
		await device.waitFor();
		expect(await device.getAttribute('data-adapter')).not.toBe('');

		await page.getByRole('complementary').getByRole('button', { name: 'Tag text' }).click();
		const tagged = page.getByRole('region', { name: 'Tagged sentences' });
		await tagged.locator('mark[data-type]').first().waitFor();

		await openPage(page, 'Train');
		await chooseRun(page, { preset: 'smoke', settings: oneEpochEach });
		await startTraining(page);
		await waitForState(page, ['training']);
		for (const region of ['Stages', 'Loss', 'Scores'])
			await page.getByRole('region', { name: region, exact: true }).waitFor();
		await openPage(page, 'Space');
		await page.getByRole('region', { name: 'Map', exact: true }).locator('.map-host').waitFor();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');

		await openPage(page, 'Results');
		await page.getByRole('region', { name: 'Runs', exact: true }).getByRole('link', { name: 'smoke' }).click();
		await page.getByRole('region', { name: 'Errors', exact: true }).waitFor();

		await openPage(page, 'Tag');
		await page.getByLabel('Text to tag').fill('李明住在北京。');
		await page.getByRole('button', { name: 'Tag text' }).click();
		await tagged.filter({ hasText: '李明住在北京' }).waitFor();
		expect([problems, foreignRequests]).toEqual([[], []]);
	} finally {
		await workbench.close();
	}
});
