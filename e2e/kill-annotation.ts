// Killed while somebody labels sentence after sentence: every label that the page called saved is there.

import type { Page } from 'playwright';
import { type Kept, scene } from './kill-scene';
import { dropFiles, goToAddress } from './page-acts';
import { waitForItem } from './stored-items';

/** Sentences of a kill's own corpus. */
const count = 150;

const sentence = (page: Page) => page.getByRole('application', { name: 'Sentence' });
const marks = (page: Page) => sentence(page).locator('mark[data-type]');
const text = (number: number) => `第${number}句说的是小满的一件事。`;

async function addCorpus(page: Page, name: string): Promise<string> {
	await goToAddress(page, 'data/import');
	await dropFiles(page, { [`${name}.txt`]: Array.from({ length: count }, (_, index) => text(index + 1)).join('\n') });
	await page.getByText('1 file · ').first().waitFor();
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	return (await waitForItem(page, (item) => item.kind === 'corpus' && item.name === name)).id;
}

async function openSentence(page: Page, corpusId: string, number: number): Promise<void> {
	await goToAddress(page, `annotate/${corpusId}?order=corpus&n=${number}`);
	await page.locator('.annotate-text', { hasText: text(number) }).waitFor();
}

/** Labels the first two characters of each sentence and notes what the page then calls saved. */
async function labelAll(page: Page, corpusId: string, labels: Kept['labels']): Promise<void> {
	for (let number = 1; number <= count; number++) {
		await openSentence(page, corpusId, number);
		await sentence(page).focus();
		for (const key of ['Home', 'Shift+ArrowRight', 'Shift+ArrowRight', '1']) await page.keyboard.press(key);
		await marks(page).first().waitFor();
		await page.locator('.annotate-saved[data-kind=saved]').waitFor();
		labels.push({ corpusId, sentence: number, texts: await marks(page).allTextContents() });
	}
}

export const annotation = scene<null>('annotation', async ({ page }, { kept, index }) => {
	const corpusId = await addCorpus(page, `labels-${index}`);
	const earlier = kept.labels.length;
	return {
		longestMs: 5000,
		work: () => labelAll(page, corpusId, kept.labels),
		capture: async () => null,
		check: async ({ page: again }) => {
			const losses: string[] = [];
			// All of this kill, and the last ones of the kills before.
			const looked = kept.labels.slice(Math.max(0, earlier - 3));
			for (const { corpusId: id, sentence: number, texts } of looked) {
				await openSentence(again, id, number);
				await marks(again).first().waitFor();
				const shown = await marks(again).allTextContents();
				if (shown.join() !== texts.join()) losses.push(`sentence ${number} has ${shown.join()}, not ${texts.join()}`);
			}
			return { losses, redoneSeconds: null, said: `${kept.labels.length - earlier} labels saved` };
		},
	};
});
