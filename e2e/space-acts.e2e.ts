// From the map to a change and back: labels are changed on the map and undone, training continues from that run with them, and the child's map and
// scores differ; parent and child are linked side by side.

import type { Page } from 'playwright';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { axeFindings, drawLasso, fillDisk, goToAddress } from './page-acts';
import {
	chooseRun,
	closeBrowser,
	openPage,
	openWorkbench,
	startTraining,
	type Workbench,
	waitForState,
} from './workbench';

/** One epoch in each stage but the last, whose two are enough for scores that a child can differ from. */
const parentRun = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=2';

/** Of a map, as a lasso takes it. */
const leftHalf = { left: 0.15, right: 0.5 };

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', theme: 'dark' });
	await workbench.page.locator('[data-backend]').waitFor();
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

async function hasNoFindings(): Promise<void> {
	expect(await axeFindings(workbench.page)).toEqual([]);
	expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
}

/** Identifiers of the runs by their names in Results, and the numbers of each in the table. */
async function storedRuns(page: Page): Promise<{ id: string; name: string; scores: string }[]> {
	await openPage(page, 'Results');
	const rows = page
		.getByRole('region', { name: 'Runs', exact: true })
		.locator('[role=row]')
		.filter({ has: page.getByRole('link') });
	await rows.first().waitFor();
	const all = await rows.evaluateAll((all) =>
		all.map((row) => {
			const link = row.querySelector('a');
			const cells = [...row.querySelectorAll('[role=cell].num')].map((cell) => cell.textContent ?? '');
			return {
				id: /results\/([^/?]+)/.exec(link?.hash ?? '')?.[1] ?? '',
				name: link?.textContent ?? '',
				scores: cells.join(' '),
			};
		}),
	);
	// The shipped models are listed too, without a run of this browser.
	return all.filter(({ id }) => id !== '');
}

async function mentionCounts(page: Page, corpusId: string): Promise<string[]> {
	await goToAddress(page, `data/${corpusId}`);
	await page.getByRole('tab', { name: 'Statistics' }).click();
	await page.locator('ul.data-bars li').first().waitFor();
	return page.locator('ul.data-bars li').allTextContents();
}

async function measuresOf(page: Page): Promise<string[]> {
	// They appear shortly after the map.
	await page.locator('[data-measure=purity]').filter({ hasNotText: '—' }).waitFor();
	return page.locator('[data-measure]').allTextContents();
}

test('tokens are relabelled on the map, training continues from that run, and the map and the scores differ', async () => {
	const { page } = workbench;
	await chooseRun(page, { preset: 'smoke', settings: parentRun });
	await startTraining(page);
	await openPage(page, 'Space');
	const region = page.getByRole('region', { name: 'Map', exact: true });
	const map = region.locator('.map-host');
	await map.waitFor();
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	await page.locator('.map-area[data-frame="2.2"]').waitFor();
	await region.getByRole('button', { name: 'Latest' }).waitFor();
	const measures = await measuresOf(page);

	const panel = page.getByRole('complementary', { name: 'Map details' });
	await drawLasso(map, leftHalf);
	await panel.getByRole('button', { name: 'Annotate these sentences' }).click();
	await page.getByRole('application', { name: 'Sentence' }).waitFor();
	const corpusId = new URL(page.url()).hash.replace(/^#\/annotate\//, '').replace(/\?.*$/, '');
	const before = await mentionCounts(page, corpusId);

	const relabel = async (answer = /^Relabelled \d+ entit(y|ies) as/) => {
		await openPage(page, 'Space');
		await panel.getByRole('button', { name: 'Relabel as…' }).click();
		await page.getByRole('menuitem').first().click();
		await page.getByText(answer).waitFor();
	};
	await fillDisk(page, true);
	await relabel(/^Nothing was relabelled/);
	await fillDisk(page, false);
	await page.getByRole('button', { name: 'Close notification' }).click();
	expect(await mentionCounts(page, corpusId)).toEqual(before);
	await relabel();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(() => mentionCounts(page, corpusId)).toEqual(before);
	await relabel();
	const after = await mentionCounts(page, corpusId);
	expect(after).not.toEqual(before);

	const chosenTokens = async () => Number(await map.getAttribute('data-chosen'));
	await openPage(page, 'Space');
	await map.waitFor();
	await expect.poll(chosenTokens).toBeGreaterThan(0);
	const watched = await chosenTokens();
	await goToAddress(page, `annotate/${corpusId}`);
	await page.getByRole('button', { name: /^Train on [1-9]\d* labels?$/ }).click();
	await waitForState(page, ['training']);
	await openPage(page, 'Space');
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	// The run may have ended before its map was opened: the map of the earlier run stays open then.
	const runs = await storedRuns(page);
	expect(runs).toHaveLength(2);
	const parent = runs.find(({ name }) => name === 'smoke');
	const child = runs.find(({ name }) => name !== 'smoke');
	await goToAddress(page, `space/${child?.id}`);
	await region.getByRole('button', { name: 'Latest' }).waitFor();
	await page.locator('.map-area[data-frame^="0."]').waitFor();
	expect(await measuresOf(page)).not.toEqual(measures);
	// The tokens that were chosen on the parent's map are shown on the child's.
	await expect.poll(chosenTokens).toBe(watched);
	await hasNoFindings();

	expect(child?.scores).not.toBe(parent?.scores);

	await goToAddress(page, `space/compare?a=${parent?.id}&b=${child?.id}`);
	await page.locator('[data-side=b] .map-host').waitFor();
	await page.getByText(/^[1-9]\d* tokens are in both/).waitFor();
	await drawLasso(page.locator('[data-side=a] .map-host'), leftHalf);
	const chosen = page.locator('[data-side=b] .map-host:not([data-chosen="0"])');
	await chosen.waitFor();
	expect(await chosen.getAttribute('data-chosen')).toBe(
		await page.locator('[data-side=a] .map-host').getAttribute('data-chosen'),
	);
	await hasNoFindings();
});
