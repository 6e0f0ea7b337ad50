// Two different runs side by side, NerCo and the FLAT baseline on the same corpus: what is chosen, pointed at and opened on one map is the same
// tokens on the other, the panel is about either, and both move through time together.

import type { Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { axeFindings } from './page-acts';
import {
	chooseRun,
	closeBrowser,
	openPage,
	openWorkbench,
	startTraining,
	type Workbench,
	waitForState,
} from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm' });
	await workbench.page.locator('[data-backend]').waitFor();
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

/** Trains to the end and gives the run's identifier. */
async function trained(page: Page, preset: string, settings: string): Promise<string> {
	await page.evaluate(() => {
		window.location.hash = '#/train/new';
	});
	await chooseRun(page, { preset, settings });
	await startTraining(page);
	await waitForState(page, ['training']);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	await openPage(page, 'Train');
	const link = page.getByRole('region', { name: 'Live map' }).getByRole('link', { name: 'Open in Space' });
	return /space\/([^?]+)/.exec((await link.getAttribute('href')) ?? '')?.[1] ?? '';
}

const sentenceOf = (card: Locator) => card.locator('.token-sentence').textContent();

test('NerCo and FLAT are compared side by side on the same tokens', async () => {
	const { page } = workbench;
	const nerco = await trained(page, 'smoke', '');
	const flat = await trained(page, 'sample-flat', 'data.limitTrain=60\nstages.0.epochs=3');
	expect(nerco).not.toBe(flat);
	await page.evaluate((hash) => {
		window.location.hash = hash;
	}, `#/space/compare?a=${nerco}&b=${flat}`);
	const [left, right] = ['a', 'b'].map((side) => page.locator(`[data-side=${side}] .map-host`));
	await right.waitFor();
	await page.getByText(/^[1-9]\d* tokens are in both/).waitFor();
	const panel = page.getByRole('complementary', { name: 'Map details' });

	// Points circled on the left are chosen on both, and the panel lists them.
	const box = await left.boundingBox();
	if (!box) throw new Error('the map is not on screen');
	const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
	await page.mouse.move(...at(0.2, 0.2));
	await page.mouse.down();
	for (const [x, y] of [
		[0.6, 0.2],
		[0.6, 0.8],
		[0.2, 0.8],
		[0.2, 0.25],
	])
		await page.mouse.move(...at(x, y), { steps: 5 });
	await page.mouse.up();
	await page.locator('[data-side=b] .map-host:not([data-chosen="0"])').waitFor();
	const chosen = await left.getAttribute('data-chosen');
	expect(await right.getAttribute('data-chosen')).toBe(chosen);
	await panel.getByRole('list', { name: 'Selected tokens' }).getByRole('listitem').first().waitFor();
	await panel.getByRole('radio', { name: 'Right' }).click();
	await panel.getByRole('list', { name: 'Selected tokens' }).getByRole('listitem').first().waitFor();
	expect(await panel.getByRole('tab', { name: 'Selection' }).textContent()).toContain(chosen);

	// A token that is pointed at has its ring and its card on both.
	await left.focus();
	await page.keyboard.press('ArrowRight');
	const cards = page.locator('.hover-card');
	await expect.poll(() => cards.count()).toBe(2);
	expect(await sentenceOf(cards.first())).toBe(await sentenceOf(cards.last()));
	expect(await right.getAttribute('data-ringed')).not.toBe('');

	// Opened, its sentence is in the panel and the ring stays on both.
	await page.keyboard.press('Enter');
	await panel.getByRole('list', { name: 'Nearest neighbours' }).getByRole('listitem').first().waitFor();
	await page.keyboard.press('Escape');
	expect(new URL(page.url()).hash).toContain('compare');

	// Both move through time.
	const slider = page.getByRole('slider', { name: 'Epoch' });
	await slider.fill('0');
	for (const side of ['a', 'b']) await page.locator(`[data-side=${side}][data-frame="0.0"]`).waitFor();
	await page.getByRole('button', { name: 'Next epoch' }).click();
	for (const side of ['a', 'b']) await page.locator(`[data-side=${side}][data-frame="0.1"]`).waitFor();

	expect(await axeFindings(page)).toEqual([]);
	expect(workbench).toMatchObject({ problems: [], foreignRequests: [] });
});
