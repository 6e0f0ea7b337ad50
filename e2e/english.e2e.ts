// A corpus of words instead of characters: the English sample is trained briefly, and running text is tagged in its
// words, drawn and opened as such.

import { afterAll, expect, test } from 'vitest';
import { chooseOption, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

test('a model trained on English tags running English text word by word', async () => {
	const workbench = await openWorkbench({ backend: 'wasm' });
	const { page } = workbench;
	try {
		await chooseOption(page, 'Corpus', 'Sample \\(English');
		await page.getByText('Edit settings as text').click();
		await page
			.getByRole('textbox', { name: 'Settings', exact: true })
			.fill('stages.0.epochs=2\nstages.1.epochs=2\nstages.2.epochs=6');
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');

		await openPage(page, 'Tag');
		const text =
			'Oscar Grant met Maria Silva in Madrid yesterday. The Japan Museum reported that Bruno Ellis had left.';
		await page.getByRole('textbox', { name: 'Text to tag' }).fill(text);
		await page.getByRole('button', { name: 'Tag text' }).click();
		const rows = page.getByRole('list', { name: 'Tagged sentences' });
		await rows.getByText('met').waitFor();
		await page.getByRole('heading', { name: '2 sentences' }).waitFor();
		const people = await rows.locator('mark[data-type=PER]').allTextContents();
		expect(people).toContain('Maria Silva');
		await page.getByRole('button', { name: 'Show the lattice of sentence 1' }).click();
		const cells = page.locator('.character-grid .cell');
		await cells.first().waitFor();
		expect((await cells.allTextContents()).slice(0, 3)).toEqual(['Oscar', 'Grant', 'met']);
		expect(workbench.problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
