import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readCorpusText } from '../data/formats/read-corpus';
import { errorCodeOfAsync } from '../testing/error-code';
import { corpusSplit } from './corpus-split';

let folder: string;
let source: string;
let printed: string[];

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-split-'));
	source = join(folder, 'all.txt');
	const sentences = Array.from({ length: 20 }, (_, index) => `第 O\n${index % 10} O\n南 B-GPE\n京 I-GPE\n`);
	writeFileSync(source, sentences.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
	printed = [];
	vi.spyOn(console, 'log').mockImplementation((text) => printed.push(text));
	vi.spyOn(console, 'error').mockImplementation(() => {});
});

const textsOf = (file: string) =>
	readCorpusText(readFileSync(file, 'utf8'), { file }).parts[0].sentences.map(({ characters }) => characters.join(''));

test('every sentence comes into one split, the same texts into the same one', async () => {
	const out = join(folder, 'even');
	expect(await corpusSplit([source, '--out', out, '--ratios', '3:1:1', '--seed', '4'])).toBe(0);
	const [train, dev, tested] = ['train', 'dev', 'test'].map((split) => textsOf(join(out, `${split}.conll`)));
	expect([train.length, dev.length, tested.length]).toEqual([12, 4, 4]);
	expect([...train, ...dev, ...tested].sort()).toEqual(textsOf(source).sort());
	expect(train.filter((text) => dev.includes(text) || tested.includes(text))).toEqual([]);
	expect(printed[0]).toBe('Re-split 3:1:1 with seed 4: train 12, dev 4, test 4');
});

test('the same seed writes the same files, in the format that is asked for', async () => {
	const outs = ['one', 'two'].map((name) => join(folder, name));
	for (const out of outs) await corpusSplit([source, '--out', out, '--to', 'doccano', '--ratios', '8:0:2']);
	expect(readdirSync(outs[0]).sort()).toEqual(['test.jsonl', 'train.jsonl']);
	const [first, second] = outs.map((out) => readFileSync(join(out, 'train.jsonl'), 'utf8'));
	expect(first).toBe(second);
	expect(JSON.parse(first.split('\n')[0])).toMatchObject({ label: [[2, 4, 'GPE']] });
});

test('long train sentences are clipped when that is asked for, and the command says so', async () => {
	const long = join(folder, 'long.txt');
	writeFileSync(long, `${'字 O\n'.repeat(50)}\n`);
	const out = join(folder, 'clipped');
	await corpusSplit([long, '--out', out, '--ratios', '1:0:0', '--clip', '20']);
	expect(textsOf(join(out, 'train.conll')).map((text) => text.length)).toEqual([30, 20]);
	expect(printed[1]).toBe('1 sentence longer than 20 characters split into 2; 0 entities cut');
});

test('files that are there already are not overwritten', async () => {
	const out = join(folder, 'taken');
	await corpusSplit([source, '--out', out]);
	const before = readFileSync(join(out, 'train.conll'), 'utf8');
	expect(await errorCodeOfAsync(() => corpusSplit([source, '--out', out, '--seed', '9']))).toBe('output-exists');
	expect(readFileSync(join(out, 'train.conll'), 'utf8')).toBe(before);
});

test.each([
	['8:1', '--ratios must be three numbers'],
	['0:0:0', '--ratios must be three numbers'],
	['8:-1:1', '--ratios must be three numbers'],
])('the ratios %s are refused before anything is written', async (ratios, words) => {
	const out = join(folder, 'none');
	await expect(corpusSplit([source, '--out', out, `--ratios=${ratios}`])).rejects.toThrow(words);
	expect(existsSync(out)).toBe(false);
});

test('an unknown format is refused with the known ones', async () => {
	const split = corpusSplit([source, '--out', join(folder, 'none'), '--to', 'pdf']);
	await expect(split).rejects.toThrow('--to must be one of conll, conll-2003');
});

test('choices and a format by name settle what a file leaves open', async () => {
	const numbered = join(folder, 'numbered.jsonl');
	writeFileSync(numbered, '{"tokens":["海","淀"],"ner_tags":[1,2]}\n'.repeat(4));
	const out = join(folder, 'chosen');
	const options = ['--out', out, '--ratios', '1:0:0', '--to', 'conll'];
	expect(await errorCodeOfAsync(() => corpusSplit([numbered, ...options]))).toBe('corpus-tag-names-missing');
	await corpusSplit([numbered, ...options, '--choices', 'tagNames=O,B-LOC,I-LOC', '--from', 'hugging-face']);
	expect(readFileSync(join(out, 'train.conll'), 'utf8')).toContain('淀\tI-LOC');
});
