import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { parquetWithNames } from '../testing/parquet-files';
import { sharedPath } from '../testing/shared-data';
import { UsageError } from './command-line';
import { corpusCommand } from './corpus-command';

const folder = mkdtempSync(join(tmpdir(), 'nerco-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

function put(name: string, content: string | Uint8Array): string {
	writeFileSync(join(folder, name), content);
	return join(folder, name);
}

/** What `inspect --json` prints. */
async function inspect(...args: string[]) {
	const log = vi.spyOn(console, 'log').mockImplementation(() => {});
	expect(await corpusCommand(['inspect', ...args, '--json'])).toBe(0);
	return JSON.parse(String(log.mock.calls[0][0]));
}

test('inspect reads Parquet as the page does', async () => {
	const [report] = await inspect(put('train.parquet', parquetWithNames()));
	expect(report).toMatchObject({ format: 'hugging-face-parquet', sentences: 2, mentionsByType: { LOC: 1, PER: 1 } });
});

test('inspect says what a file is, what it holds, and what reading changes with lines and choices', async () => {
	const path = put('a.train', '# made by hand\n海 B-LOC\n淀 I-LOC\n\n王 I-PER\n好 O\n');
	const [report] = await inspect(path);
	expect(report).toMatchObject({
		format: 'conll',
		encoding: 'UTF-8',
		scheme: 'BIO',
		unit: 'character',
		columns: { count: 2, token: 1, tag: 2, separator: 'space' },
		splits: [{ split: 'train', sentences: 2 }],
		sentences: 2,
		characters: 4,
		mentions: 2,
		mentionsStrict: 1,
		mentionsByType: { LOC: 1, PER: 1 },
	});
	expect(report.problems.map((one: { code: string; lines: number[] }) => [one.code, one.lines])).toEqual([
		['corpus-comment-line', [1]],
		['corpus-illegal-transition', [5]],
	]);
});

test('a .txt and its .ann are one corpus, and both are written again', async () => {
	const text = put('b.txt', '去海淀\n好\n');
	const annotations = put('b.ann', 'T1\tLOC 1 3\t海淀\n');
	const reports = await inspect(text, annotations);
	expect(reports.map(({ format, mentions }: { format: string; mentions: number }) => [format, mentions])).toEqual([
		['brat', 1],
	]);
	vi.spyOn(console, 'error').mockImplementation(() => {});
	await corpusCommand(['convert', text, annotations, '--to', 'brat', '--out', join(folder, 'c.txt')]);
	expect(readFileSync(join(folder, 'c.txt'), 'utf8')).toBe('去海淀\n好\n');
	expect(readFileSync(join(folder, 'c.ann'), 'utf8')).toBe('T1\tLOC 1 3\t海淀\n');
});

test('convert writes another format and scheme', async () => {
	const path = put('d.jsonl', '{"text":"去海淀","label":[[1,3,"LOC"]]}\n');
	const out = join(folder, 'd.conll');
	vi.spyOn(console, 'error').mockImplementation(() => {});
	expect(await corpusCommand(['convert', path, '--to', 'conll', '--scheme', 'BMES', '--out', out])).toBe(0);
	expect(readFileSync(out, 'utf8')).toBe('去\tO\n海\tB-LOC\n淀\tE-LOC\n\n');
});

test('choices settle what a file leaves open', async () => {
	const path = put('e.jsonl', '{"tokens":["海","淀"],"ner_tags":[1,2]}\n');
	expect(await errorCodeOfAsync(() => corpusCommand(['inspect', path]))).toBe('corpus-tag-names-missing');
	const [report] = await inspect(path, '--choices', 'tagNames=O,B-LOC,I-LOC;scheme=BMES');
	expect([report.mentions, report.scheme]).toEqual([1, 'BIO']);
});

test.each([
	[['inspekt']],
	[['inspect']],
	[['inspect', 'a', '--choices', 'x']],
	[['convert', 'a', '--to', 'word', '--out', 'b']],
	[['convert', 'a', '--out', 'b']],
	[['convert', 'a', '--to', 'conll', '--out', 'b', '--scheme', 'XY']],
])('%j is refused with the usage', async (args) => {
	await expect(corpusCommand(args)).rejects.toThrow(UsageError);
});

test.skipIf(!sharedPath('data'))(
	'the published corpora have their published sums (skipped: no shared data)',
	async () => {
		const files = ['train', 'dev', 'test'].map(
			(split) => sharedPath(`data/weibo/weiboNER_2nd_conll.${split}`) as string,
		);
		const reports = await inspect(...files);
		const sums = (key: string) => reports.map((report: Record<string, unknown>) => report[key]);
		expect(sums('sentences')).toEqual([1350, 270, 270]);
		expect(sums('mentions')).toEqual([1895, 389, 418]);
		expect(sums('mentionsStrict')).toEqual([1885, 389, 414]);
	},
);
