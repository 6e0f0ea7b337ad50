// Somebody's own corpus, its three splits in three formats: dropped, read by content, imported, trained on, scored. Weibo
// where the shared data is at hand, else sentences of the sample; either way the first sentences of each split only.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import { dropFiles } from './page-acts';
import { builtPage, chooseRun, closeBrowser, openPage, openWorkbench, startTraining, waitForState } from './workbench';

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
			// Weibo writes the position in the word behind each character.
			// The name of a type may be one that every object answers to.
			.map(([character, tag]): Token => [[...character][0], tag.replace(/PER(\.NAM)?$/, '__proto__')]),
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
		tokens.forEach(([, tag], index) => {
			const last = label.at(-1);
			if (tag.startsWith('B-')) label.push([index, index + 1, tag.slice(2)]);
			else if (tag !== 'O' && last && last[1] === index) last[1] = index + 1;
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
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page, problems, foreignRequests } = workbench;
	try {
		await page.getByRole('button', { name: 'Add corpus' }).waitFor();
		await dropFiles(page, files);
		await page.getByText('3 files · 100 sentences').waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
		const name = (await page.getByRole('banner').locator('.crumbs').textContent())?.split('/').at(-1)?.trim() ?? '';

		await openPage(page, 'Train');
		await chooseRun(page, { preset: 'smoke', corpus: name });
		await startTraining(page);
		expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
		await openPage(page, 'Results');
		const runs = page.getByRole('region', { name: 'Runs', exact: true });
		await runs.getByRole('link', { name: 'smoke' }).click();
		await page.getByRole('region', { name: 'Errors', exact: true }).getByRole('listitem').first().waitFor();
		await page.getByRole('rowheader', { name: '__proto__', exact: true }).first().waitFor();
		expect([problems, foreignRequests]).toEqual([[], []]);
	} finally {
		await workbench.close();
	}
});

/** Rows of tokens and tags in Parquet, packed by Snappy or by Brotli. */
function asParquet(rows: number, codec: 'SNAPPY' | 'BROTLI'): Uint8Array {
	const columnData = [
		{ name: 'tokens', data: Array.from({ length: rows }, () => ['王', '明', '去']) },
		{ name: 'ner_tags', data: Array.from({ length: rows }, () => ['B-PER', 'I-PER', 'O']) },
	];
	const compressors = { BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)) };
	return new Uint8Array(parquetWriteBuffer({ columnData, codec, compressors }));
}

test('rare packings of Parquet are unpacked by a file that is loaded when one is met', async () => {
	const workbench = await openWorkbench({ backend: 'wasm', page: 'data' });
	const { page, problems, servedPaths } = workbench;
	const loaded = () => servedPaths.filter((path) => path.includes('rare-codecs')).length;
	try {
		await page.getByRole('button', { name: 'Add corpus' }).waitFor();
		await dropFiles(page, { 'common.parquet': asParquet(2, 'SNAPPY') });
		await page.getByText('1 file · 2 sentences').waitFor();
		expect(loaded()).toBe(0);
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
		await dropFiles(page, { 'rare.parquet': asParquet(3, 'BROTLI') });
		await page.getByText('1 file · 3 sentences').waitFor();
		expect(loaded()).toBe(1);
		expect(problems).toEqual([]);
	} finally {
		await workbench.close();
	}
});
