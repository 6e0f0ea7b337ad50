// Somebody's own corpus, its three splits in three formats: dropped, read by content, imported, trained on, scored. Weibo
// where the shared data is at hand, else sentences of the sample; either way the first sentences of each split only.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dropFiles } from './page-acts';
import { builtPage, chooseRun, closeBrowser, openPlace, openWorkbench, startTraining, waitForState } from './workbench';

afterAll(closeBrowser);

const sentencesOfSplit = { train: 60, dev: 20, test: 20 };

type Token = [character: string, tag: string];

const weibo = join(process.env.NERCO_SHARED ?? join(builtPage, '../../shared'), 'data/weibo');

/** Sentences with a mention, as characters and BIO tags. */
function readSentences(split: keyof typeof sentencesOfSplit): Token[][] {
	const own = join(weibo, `weiboNER_2nd_conll.${split}`);
	const sample = join(builtPage, `sample/${split}.conll`);
	const text = readFileSync(existsSync(own) ? own : sample, 'utf8');
	const sentences = text.split(/\r?\n\s*\r?\n/).map((block) =>
		block
			.split(/\r?\n/)
			.map((line) => line.trim().split(/\s+/))
			.filter(({ length }) => length === 2)
			// Weibo writes the place in the word behind each character.
			.map(([character, tag]): Token => [[...character][0], tag]),
	);
	const isWanted = (tokens: readonly Token[]) =>
		tokens.some(([, tag]) => tag !== 'O') && tokens.every(([character]) => character !== '/');
	return sentences.filter(isWanted).slice(0, sentencesOfSplit[split]);
}

function asColumns(sentences: readonly Token[][]): string {
	return sentences.map((tokens) => tokens.map((token) => `${token.join(' ')}\n`).join('')).join('\n');
}

/** One JSON object a line with code-point offsets. */
function asRecords(sentences: readonly Token[][]): string {
	const record = (tokens: readonly Token[]) => {
		const label: [number, number, string][] = [];
		tokens.forEach(([, tag], place) => {
			const last = label.at(-1);
			if (tag.startsWith('B-')) label.push([place, place + 1, tag.slice(2)]);
			else if (tag !== 'O' && last && last[1] === place) last[1] = place + 1;
		});
		return JSON.stringify({ text: tokens.map(([character]) => character).join(''), label });
	};
	return sentences.map((tokens) => `${record(tokens)}\n`).join('');
}

function asInline(sentences: readonly Token[][]): string {
	return sentences.map((tokens) => `${tokens.map((token) => token.join('/')).join(' ')}\n`).join('');
}

test('a corpus in three formats is imported, trained on and scored', async () => {
	const files = {
		'mine.train': asColumns(readSentences('train')),
		'mine.dev': asRecords(readSentences('dev')),
		'mine.test': asInline(readSentences('test')),
	};
	const workbench = await openWorkbench({ backend: 'wasm', place: 'data' });
	const { page, problems, foreignRequests } = workbench;
	try {
		await page.getByRole('button', { name: 'Add corpus' }).waitFor();
		await dropFiles(page, files);
		await page.getByText('3 files · 100 sentences').waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
		const name = (await page.getByRole('banner').locator('.crumbs').textContent())?.split('/').at(-1)?.trim() ?? '';

		await openPlace(page, 'Train');
		await chooseRun(page, { preset: 'smoke', corpus: name });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		await openPlace(page, 'Results');
		const runs = page.getByRole('region', { name: 'Runs', exact: true });
		await runs.getByRole('link', { name: 'smoke' }).click();
		await page.getByRole('region', { name: 'Errors', exact: true }).getByRole('listitem').first().waitFor();
		expect([problems, foreignRequests]).toEqual([[], []]);
	} finally {
		await workbench.close();
	}
});
