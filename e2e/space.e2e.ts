// The map of a run: it appears during training, points open, a lasso selects, the timeline moves through the run, chosen tokens are relabelled
// and the change undone, two snapshots are linked side by side, and the points are exported as CSV.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import { axeFindings, drawLasso } from './page-acts';
import { chooseRun, closeBrowser, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

/** Takes the map's WebGL context away as a driver would, or restores it. */
async function setContextLost(page: Page, isLost: boolean): Promise<void> {
	await page.locator('.map-host').evaluate((host, lose) => {
		const kept = host as unknown as { lossOfContext?: { loseContext(): void; restoreContext(): void } };
		const canvases = [...host.querySelectorAll('canvas.map-points')] as HTMLCanvasElement[];
		for (const canvas of canvases)
			kept.lossOfContext ??= canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context') ?? undefined;
		if (lose) kept.lossOfContext?.loseContext();
		else kept.lossOfContext?.restoreContext();
	}, isLost);
}

test('a run shows its map while it trains, and its points can be opened, chosen and relabelled', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await page.locator('[data-backend]').waitFor();
		await chooseRun(page, { preset: 'smoke' });
		await startTraining(page);
		// The small map in the corner of Train links to the whole one.
		const corner = page.getByRole('region', { name: 'Live map' });
		await corner.locator('.map-host canvas').first().waitFor();
		await corner.getByRole('link', { name: 'Open in Space' }).click();
		const region = page.getByRole('region', { name: 'Map', exact: true });
		const map = region.locator('.map-host');
		await map.waitFor();
		expect(await map.getAttribute('data-painter')).toBe('webgl');
		expect(Number(await map.getAttribute('data-points'))).toBeGreaterThan(20);
		await waitForState(page, ['finished']);
		const snapshot = page.getByTestId('moment');
		await page.locator('[data-testid=moment][data-moment="2.3"]').waitFor();

		// A lasso chooses points, and the panel lists them.
		await drawLasso(map);
		const panel = page.getByRole('complementary', { name: 'Map details' });
		await panel.getByRole('list', { name: 'Selected tokens' }).getByRole('listitem').first().waitFor();
		await panel.getByRole('button', { name: 'Annotate these sentences' }).waitFor();

		// Keys move from point to point and open one with its sentence and neighbours.
		await map.focus();
		await page.keyboard.press('ArrowRight');
		await page.locator('.hover-card').waitFor();
		await page.keyboard.press('Enter');
		await panel.getByRole('list', { name: 'Nearest neighbours' }).getByRole('listitem').first().waitFor();
		expect(new URL(page.url()).hash).toMatch(/point=\d+/);
		await panel.getByRole('button', { name: 'Back to the selection' }).click();

		// The timeline goes back to the start, and forward by keys.
		await region.getByRole('slider', { name: 'Epoch' }).fill('0');
		await page.locator('[data-testid=moment][data-moment="0.0"]').waitFor();
		await page.locator('.map-area[data-frame="0.0"]').waitFor();
		await region.getByRole('button', { name: 'Next epoch' }).click();
		await page.locator('.map-area[data-frame="0.1"]').waitFor();
		expect(await snapshot.textContent()).toBe('Contrastive, epoch 1');
		await region.getByRole('button', { name: 'Latest' }).click();
		await page.locator('.map-area[data-frame="2.3"]').waitFor();

		// The legend filters, and the address keeps the filter.
		const legend = page.getByRole('group', { name: 'Legend' });
		await legend.getByRole('button', { name: /^O / }).click();
		expect(new URL(page.url()).hash).toContain('hide=O');
		await legend.getByRole('button', { name: /^O / }).click();

		// The table view has the same points.
		await region.getByRole('button', { name: 'Show as table' }).click();
		await page.getByRole('list', { name: 'Points of the map' }).getByRole('listitem').first().waitFor();
		await region.getByRole('button', { name: 'Show as map' }).click();
		await map.waitFor();

		// A lost context is drawn by the canvas until the browser restores it.
		await setContextLost(page, true);
		await page.locator('.map-host[data-painter=canvas]').waitFor();
		await setContextLost(page, false);
		await page.locator('.map-host[data-painter=webgl]').waitFor();

		await region.getByRole('button', { name: 'Export' }).click();
		const saved = page.waitForEvent('download');
		await page.getByRole('menuitem', { name: 'Points and coordinates .csv' }).click();
		const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\n');
		expect(lines.length - 1).toBe(Number(await map.getAttribute('data-points')));

		expect(await axeFindings(page)).toEqual([]);
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });

		// Two snapshots of the run side by side: the camera and the selection are linked.
		await region.getByRole('radio', { name: 'Two' }).click();
		await page.locator('[data-side=b] .map-host').waitFor();
		await page.getByText(/tokens are in both/).waitFor();
		expect(new URL(page.url()).hash).toMatch(/^#\/space\/compare\?a=.+&b=.+&fa=0\.0&fb=2\.3/);
		expect(await axeFindings(page)).toEqual([]);
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await workbench.close();
	}
});

test('without a run the page says what will appear there', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', place: 'space' });
	const { page } = workbench;
	try {
		await page.getByRole('heading', { name: 'No map yet' }).waitFor();
		await page.getByRole('main').getByRole('button', { name: 'Start training' }).waitFor();
		expect(await axeFindings(page)).toEqual([]);
		expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
	} finally {
		await workbench.close();
	}
});
