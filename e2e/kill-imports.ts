// Killed while a corpus or a file of vectors is imported: afterwards it is there whole, or not at all.

import type { Page } from 'playwright';
import { type Finding, type Occasion, scene } from './kill-scene';
import { dropFiles, goToAddress } from './page-acts';
import { storedItems } from './stored-items';

function between(random: () => number, least: number, most: number): number {
	return least + Math.floor(random() * (most - least));
}

/** Whether the import is in the browser's list, and if so what its record counts. */
async function found(page: Page, kind: string, name: string, expected: Record<string, unknown>): Promise<Finding> {
	const item = (await storedItems(page)).find((one) => one.kind === kind && one.name === name);
	const losses = Object.entries(expected)
		.filter(([key, value]) => item && JSON.stringify(item.detail[key]) !== JSON.stringify(value))
		.map(([key, value]) => `${key} is ${JSON.stringify(item?.detail[key])}, not ${JSON.stringify(value)}`);
	return { losses, redoneSeconds: null, said: item ? 'was imported' : 'was not imported' };
}

export const importedCorpus = scene<null>('corpus import', async ({ page }, { random, index }: Occasion) => {
	const name = `kill-${index}`;
	const count = between(random, 5000, 20_000);
	const sentence = (number: number) =>
		[...`李明${number}在北京。`]
			.map((character, at) => `${character} ${'BI'[at] ? `${'BI'[at]}-PER` : 'O'}`)
			.join('\n');
	await goToAddress(page, 'data/import');
	await dropFiles(page, {
		[`${name}.train`]: Array.from({ length: count }, (_, number) => sentence(number)).join('\n\n'),
	});
	await page.getByText('1 file · ').first().waitFor();
	const button = page.getByRole('button', { name: 'Import', exact: true });
	await button.waitFor();
	return {
		longestMs: 1500,
		work: () => button.click(),
		capture: async () => null,
		check: ({ page: again }) => found(again, 'corpus', name, { sentences: { train: count, dev: 0, test: 0 } }),
	};
});

export const importedVectors = scene<null>('vectors import', async ({ page }, { random, index }: Occasion) => {
	const name = `kill-${index}.vec`;
	const [rows, dimension] = [between(random, 5000, 15_000), 50];
	const values = () => Array.from({ length: dimension }, () => (random() - 0.5).toFixed(4)).join(' ');
	const lines = Array.from({ length: rows }, (_, row) => `${String.fromCodePoint(0x4e00 + row)} ${values()}`);
	await goToAddress(page, 'data/sample');
	await page.getByRole('list', { name: 'Sentences' }).locator('mark').first().waitFor();
	await dropFiles(page, { [name]: `${rows} ${dimension}\n${lines.join('\n')}\n` });
	const button = page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true });
	await button.waitFor();
	return {
		longestMs: 1500,
		work: () => button.click(),
		capture: async () => null,
		check: ({ page: again }) => found(again, 'vectors', name, { entryCount: rows, dimension }),
	};
});
