import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sharedPath } from '../testing/shared-data';
import { corpusCheck } from './corpus-check';

let folder: string;
let printed: string[];

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-doctor-'));
	const files = {
		'a.train': '去 O\n南 B-GPE\n京 I-GPE\n\n李 B-PER\n白 I-PER\n来 O\n',
		'a.test': '去 O\n南 O\n京 O\n\n白 B-LOC\n云 I-LOC\n',
		'words.txt': '南京\n白云\n',
		'characters.vec': '去 1 2\n南 1 2\n京 1 2\n李 1 2\n白 1 2\n来 1 2\n',
	};
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
	printed = [];
	vi.spyOn(console, 'log').mockImplementation((text) => printed.push(text));
});

const path = (name: string) => join(folder, name);

test('findings are printed with their sentences and actions', async () => {
	expect(await corpusCheck([path('a.train'), path('a.test')])).toBe(0);
	const text = printed.join('\n');
	expect(text).toContain('train  2 sentences, 6 characters, 2 entities, longest 3');
	expect(text).toContain('1 test sentence also occurs in train\n        1 of them has different labels there');
	expect(text).toContain('train 1 (line 1): 去[南京 GPE]');
	expect(text).toContain('actions: Remove from train, Remove from test, Relabel later, Re-split');
});

test('as JSON every finding has its sentences, groups and changes; lexicon and vectors are judged when given', async () => {
	await corpusCheck([
		'--train',
		path('a.train'),
		'--test',
		path('a.test'),
		'--lexicon',
		path('words.txt'),
		'--char-vectors',
		path('characters.vec'),
		'--json',
	]);
	const { findings, numbers } = JSON.parse(printed.join('\n'));
	const pick = (wanted: string) => findings.find(({ code }: { code: string }) => code === wanted);
	expect(numbers.splits.test.mentions).toBe(1);
	expect(pick('characters-without-vector').groups).toEqual([{ text: '云', counts: { train: 0, dev: 0, test: 1 } }]);
	expect(pick('lexicon-coverage').counts).toMatchObject({ words: 2, mentions: 3 });
	expect(pick('duplicates-across').actions[0]).toEqual({
		code: 'drop-from-train',
		changes: [{ kind: 'drop-sentences', sentences: [{ split: 'train', index: 0 }], reason: 'in-test' }],
	});
});

test('without a file the command says what is missing', async () => {
	await expect(corpusCheck([])).rejects.toThrow('no corpus: give its files');
});

const weibo = sharedPath('data/weibo/weiboNER_2nd_conll.test');

test.skipIf(!weibo)(
	'Weibo as its files are: 40 test sentences in train, 12 with other labels (skipped: no shared data)',
	async () => {
		vi.spyOn(console, 'error').mockImplementation(() => {});
		const files = ['train', 'dev', 'test'].map((split) => weibo?.replace(/test$/, split) ?? '');
		await corpusCheck([...files, '--show', '0']);
		const text = printed.join('\n');
		expect(text).toContain('40 test sentences also occur in train\n        12 of them have different labels there');
		expect(text).toContain('train  1350 sentences, 73778 characters, 1895 entities (1885 counting only B/S starts)');
		expect(text).toContain('in 12 sentences: train 10, dev 0, test 4');
	},
);

test('choices hold for files of a split too', async () => {
	const numbered = path('numbered.jsonl');
	writeFileSync(numbered, '{"tokens":["海","淀"],"ner_tags":[1,2]}\n');
	await corpusCheck(['--train', numbered, '--choices', 'tagNames=O,B-LOC,I-LOC']);
	expect(printed.join('\n')).toContain('train  1 sentences, 2 characters, 1 entities');
});
