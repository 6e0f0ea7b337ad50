// What the user can fix in the form of a run is said with what was expected, what came, what to do; and the page stays
// usable.

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openWorkbench, startTraining, type Workbench, waitForState } from './workbench';

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm' });
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

test('a setting out of its range is refused and the next run starts all the same', async () => {
	const { page } = workbench;
	await chooseRun(page, { preset: 'smoke', settings: 'model.heads=0' });
	await startTraining(page);
	const alert = page.getByRole('alert');
	for (const word of ['expected', 'found', 'what to do']) expect(await alert.textContent()).toContain(word);

	await page.getByRole('textbox', { name: 'Settings', exact: true }).fill('');
	await startTraining(page);
	expect(await waitForState(page, ['failed', 'finished'])).toBe('finished');
	expect(await page.getByRole('alert').count()).toBe(0);
});

test('a wrong value is named at its own field, with the way back to the preset', async () => {
	const { page } = workbench;
	await chooseRun(page, { preset: 'smoke' });
	const temperature = page.getByRole('textbox', { name: 'Temperature' });
	await temperature.fill('0');
	await page.getByText('expected a number from 0.01 to 10').waitFor();
	await page.getByRole('button', { name: 'reset to 0.08' }).click();
	expect(await temperature.inputValue()).toBe('0.08');
	expect(await page.getByText('expected a number').count()).toBe(0);
});

test('seeds that are no numbers are refused before anything starts', async () => {
	const { page } = workbench;
	await chooseRun(page, { preset: 'smoke' });
	await page.getByLabel('Seeds').fill('1, two');
	await startTraining(page);
	expect(await page.getByRole('alert').getAttribute('data-code')).toBe('seed-not-a-number');
	expect(await page.getByRole('status').textContent()).toBe('idle');
});

test('the address of a form holds what is chosen, so that it opens again as it was', async () => {
	const { page } = workbench;
	await page.evaluate(() => {
		window.location.hash = '#/train/new?preset=weibo&seeds=7&stages.0.temperature=0.07';
	});
	await page.getByRole('button', { name: 'reset to 0.08' }).waitFor();
	await page.reload();
	await page.getByRole('button', { name: 'reset to 0.08' }).waitFor();
	expect(await page.getByLabel('Seeds').inputValue()).toBe('7');
	expect(await page.getByRole('main').getByRole('button', { name: 'Preset' }).textContent()).toContain('weibo');
});
