// What a dropped file is, by its first bytes.

import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { recogniseFile } from './recognise-file';

const head = (text: string, name = 'a.txt') => {
	const plain = new TextEncoder().encode(text);
	return { name, packed: plain, plain };
};
const row = (word: string) => `${word} ${'0.25 -1e-3 '.repeat(5)}\n`;

test.each([
	['characters', ['中', '国', '人']],
	['bigrams', ['中国', '国人', '人民']],
	['words', ['中', '中国', '中国人']],
] as const)('rows of numbers behind a word are vectors of %s', (units, words) => {
	expect(recogniseFile(head(words.map(row).join('')))).toEqual({ kind: 'vectors', units });
});

test('a header and marks for unknown words do not hide what vectors are of', () => {
	const text = `3 10\n${row('</s>')}${row('中')}${row('国')}`;
	expect(recogniseFile(head(text))).toEqual({ kind: 'vectors', units: 'characters' });
});

test('word2vec’s binary form is known by its header and its bytes', () => {
	const floats = [...new Uint8Array(new Float32Array([0.5, -2]).buffer)];
	const bytes = (text: string) => [...new TextEncoder().encode(text)];
	const plain = new Uint8Array([...bytes('2 2\n'), ...bytes('中国 '), ...floats, 10, ...bytes('北京 '), ...floats]);
	expect(recogniseFile({ name: 'v.bin', packed: plain, plain })).toEqual({ kind: 'vectors', units: 'bigrams' });
});

test.each([
	['one word a line', '南京\n长江\n长江大桥\n'],
	['words and marks', '南京\n。\n！\n长江\n'],
	['a dictionary of jieba', '南京 120 ns\n长江 80 ns\n大桥 3 n\n'],
])('%s is a lexicon', (_, text) => {
	expect(recogniseFile(head(text))).toEqual({ kind: 'lexicon' });
});

test.each([
	['columns', '南 B-GPE\n京 I-GPE\n。 O\n\n李 B-PER\n'],
	['columns without sentences’ ends', '南 B-GPE\n京 I-GPE\n市 I-GPE\n'],
	['sentences', '他去了南京。\n今天没有课，我们走吧。\n好的。我们走。\n'],
	['short sentences', '李明昨天去了北京。\n王芳在上海工作。\n南京很大！\n'],
	['records', '{"text":"南京","label":[]}\n{"text":"北京","label":[]}\n{"text":"天津","label":[]}\n'],
	['nothing', ''],
])('%s are read as a corpus', (_, text) => {
	expect(recogniseFile(head(text))).toEqual({ kind: 'corpus' });
});

test('safetensors hold a checkpoint', () => {
	const packed = new Uint8Array([16, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22]);
	expect(recogniseFile({ name: 'm', packed, plain: packed })).toEqual({ kind: 'checkpoint' });
});

test.each([
	['corpus/1.1/corpus-1', 'workspace'],
	['archive/data.pkl', 'checkpoint'],
	['train.txt', 'corpus'],
])('a zip that begins with %s is taken for a %s', (entry, kind) => {
	const packed = zipSync({ [entry]: new Uint8Array(4) }, { level: 0 });
	expect(recogniseFile({ name: 'a.zip', packed, plain: new Uint8Array() }).kind).toBe(kind);
});
