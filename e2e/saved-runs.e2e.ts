// A paused run after its page was closed: it says why it is paused, resumes on the labels that it began with though a
// sentence was relabelled since, and gives its best model without being resumed, also when its corpus is gone.

import { afterAll, expect, test } from 'vitest';
import { relabelFirst, startLongRun, waitForEpochs } from './page-acts';
import { closeBrowser, openPage, openWorkbench, waitForState } from './workbench';

afterAll(closeBrowser);

test('a paused run keeps its labels and its model, whatever becomes of its corpus', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page, problems } = workbench;
	try {
		await startLongRun(page, 'stages.2.epochs=1'); // the stage that its best model is trained with in the end
		await waitForEpochs(page, 1);
		await page.getByRole('button', { name: 'Pause' }).click();
		await waitForState(page, ['paused']);
		await page.reload();
		await waitForState(page, ['paused']);
		const notice = page.locator('[data-notice="own-pause"]');
		await notice.getByText('You paused this run').waitFor();
		await notice.getByText('Resume continues at the same step').waitFor();

		await relabelFirst(page, 'smoke');
		await openPage(page, 'Train');
		await notice
			.getByText(/^1 sentence of .* changed after this run began\. Resume continues with the original/)
			.waitFor();
		await notice.getByText('Changed: train 1').waitFor();
		await notice.getByRole('button', { name: 'Save best model' }).click();
		await page.getByText('Best model saved.').waitFor();
		expect(await page.getByRole('status').textContent()).toBe('paused');

		const row = page.getByRole('region', { name: 'Runs' }).getByRole('link', { name: 'smoke' });
		expect(await row.textContent()).toContain('paused');
		await page.getByRole('button', { name: 'Resume' }).click();
		await waitForState(page, ['training']);
		await waitForEpochs(page, 2);
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(await waitForState(page, ['stopped', 'finished', 'failed'])).toBe('stopped');
		expect(await row.textContent()).toContain('stopped');

		await page.reload();
		await waitForState(page, ['idle']);
		expect(await row.textContent()).toContain('stopped');

		// The stopped run offers the labels as they are now, to a new run from its best model.
		await row.click();
		await page.locator('[data-notice="run-input"]').getByText('Changed: train 1').waitFor();
		await page.getByRole('button', { name: 'Train best model on the current labels' }).click();
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		await page.getByRole('region', { name: 'Stages' }).getByText('Full').waitFor();
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
