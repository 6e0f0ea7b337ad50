import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { assembleCorpus } from './assemble-corpus';
import { readCorpusText } from './formats/read-corpus';
import { spansOf } from './spans';

const read = (file: string, text: string) => readCorpusText(text, { file });

test('files go to the splits that their names say, and to train without a word', () => {
	const corpus = assembleCorpus('mine', [
		read('a.txt', '去 O\n南 B-GPE\n京 I-GPE\n'),
		read('a.dev', '好 O\n的 O\n'),
		read('b.txt', '李 B-PER\n白 I-PER\n'),
	]);
	const texts = Object.values(corpus.splits).map((split) => split.map(({ characters }) => characters.join('')));
	expect(texts).toEqual([['去南京', '李白'], ['好的'], []]);
	expect(corpus).toMatchObject({ name: 'mine', unit: 'character', scheme: 'BIO' });
});

test('tags of another scheme become those of the first file and keep their mentions', () => {
	const corpus = assembleCorpus('mine', [
		read('train.txt', '南 B-GPE\n京 E-GPE\n玩 S-PER\n的 O\n'),
		read('test.txt', '去 O\n南 B-GPE\n京 I-GPE\n'),
	]);
	const [tested] = corpus.splits.test;
	expect(tested.tags).toEqual(['O', 'B-GPE', 'E-GPE']);
	expect(spansOf(tested.tags ?? [], corpus.scheme)).toEqual([{ start: 1, end: 3, type: 'GPE' }]);
});

test('plain text beside tagged text stays without tags', () => {
	const corpus = assembleCorpus('mine', [read('a.txt', '今天天气很好\n'), read('b.txt', '南 B-GPE\n京 I-GPE\n')]);
	expect(corpus.splits.train.map(({ tags }) => tags)).toEqual([null, ['B-GPE', 'I-GPE']]);
});

test('characters beside words are refused', () => {
	const files = () =>
		assembleCorpus('mine', [read('a.txt', '南 B-GPE\n京 I-GPE\n'), read('b.txt', 'London B-LOC\ncalls O\n')]);
	expect(errorCodeOf(files)).toBe('corpus-unit-mix');
});
