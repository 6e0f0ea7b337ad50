// Vectors from nothing, on the page: from the sample's own text, called off once, then to the end, listed with coverage.

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { axeFindings } from './page-acts';
import { closeBrowser, openWorkbench, type Workbench } from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	await workbench.page
		.getByRole('link', { name: /^Sample words/ })
		.first()
		.waitFor();
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

/** Opens the form with its settings filled in. */
async function fillForm(settings: Record<string, string>): Promise<void> {
	const { page } = workbench;
	await page.getByRole('button', { name: 'Add vectors' }).click();
	await page.getByRole('radio', { name: 'Train from text' }).click();
	for (const [label, value] of Object.entries(settings)) await page.getByLabel(label, { exact: true }).fill(value);
}

test('vectors are trained from the sample, cancelled and trained again, and their coverage is shown', async () => {
	const { page, problems, foreignRequests } = workbench;
	await fillForm({ Dimensions: '0' });
	await page.getByText('a whole number from 1 to 1,024').waitFor();
	const train = page.getByRole('button', { name: 'Train vectors' });
	expect(await train.isDisabled()).toBe(true);
	expect(await axeFindings(page)).toEqual([]);

	for (const [label, value] of Object.entries({ Dimensions: '16', Epochs: '5000', Name: 'mine' }))
		await page.getByLabel(label, { exact: true }).fill(value);
	await train.click();
	await page.getByText(/Epoch \d+ of 5000 · .* characters\/s/).waitFor();
	await page.getByRole('button', { name: 'Cancel', exact: true }).click();
	await page.getByRole('progressbar', { name: 'mine' }).waitFor({ state: 'detached' });
	expect(await page.getByRole('link', { name: /^mine/ }).count()).toBe(0);

	await fillForm({ Dimensions: '16', Epochs: '2', Name: 'mine' });
	await train.click();
	await page.getByRole('link', { name: /^mine/ }).waitFor();
	await page.getByText('epochs 2', { exact: false }).waitFor();
	const coverage = page.getByRole('region', { name: 'Coverage' });
	await coverage.getByText('distinct characters have a vector', { exact: false }).waitFor();
	expect(Number.parseFloat((await coverage.locator('.data-coverage-figure').textContent()) ?? '')).toBeGreaterThan(95);
	expect([problems, foreignRequests]).toEqual([[], []]);
});
