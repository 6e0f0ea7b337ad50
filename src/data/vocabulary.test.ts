import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../testing/shared-data';
import { bigramsOf } from './bigrams';
import { buildLabels, buildVocabulary } from './vocabulary';

test('ids are ordered by falling count, ties by first appearance', () => {
	const { words, hasOwnEntry } = buildVocabulary(
		[
			['b', 'a'],
			['c', 'a'],
		],
		[],
		true,
	);
	expect(words).toEqual(['<pad>', '<unk>', 'a', 'b', 'c']);
	expect([...hasOwnEntry]).toEqual([1, 1, 1, 1, 1]);
});

test('other text counts as published, and only comes after as intended; either way its words have no own entry', () => {
	const [train, dev, test] = [[['a', 'a', 'b']], [['c', 'c', 'c']], [['b', 'd']]];
	const published = buildVocabulary(train, [dev, test], true);
	expect(published.words.slice(2)).toEqual(['c', 'a', 'b', 'd']);
	expect([...published.hasOwnEntry.slice(2)]).toEqual([0, 1, 1, 0]);
	const intended = buildVocabulary(train, [dev, test], false);
	expect(intended.words.slice(2)).toEqual(['a', 'b', 'c', 'd']);
	expect([...intended.hasOwnEntry.slice(2)]).toEqual([1, 1, 0, 0]);
});

test('the marks of padding and of the unknown are no words of the text', () => {
	expect(buildVocabulary([['<unk>', 'a', '<pad>', '<unk>']], [], true).words).toEqual(['<pad>', '<unk>', 'a']);
});

test('labels of other text follow those of train', () => {
	expect(buildLabels([['O', 'B-A', 'O']], [[['B-Z', 'B-Z', 'B-Z']]]).tags).toEqual([
		'<pad>',
		'<unk>',
		'O',
		'B-A',
		'B-Z',
	]);
});

const folder = referencePath('lattice');

describe.skipIf(folder === null)(`published vocabularies${folder ? '' : ' (skipped: no shared data)'}`, () => {
	interface Sentence {
		chars: string[];
		target: string[];
	}
	const load = () => JSON.parse(readFileSync(join(folder ?? '', 'vocab-order.json'), 'utf8'));

	test.each([
		['chars', (sentence: Sentence) => sentence.chars],
		['bigrams', (sentence: Sentence) => bigramsOf(sentence.chars)],
	])('%s', (name, wordsOf) => {
		const { train, dev, vocabularies } = load();
		const { words, hasOwnEntry } = buildVocabulary(train.map(wordsOf), [dev.map(wordsOf)], true);
		expect(words).toEqual(vocabularies[name].order);
		const without = words.filter((_, id) => hasOwnEntry[id] === 0);
		expect(without.toSorted()).toEqual(vocabularies[name].no_create_entry.toSorted());
	});

	test('labels', () => {
		const { train, vocabularies } = load();
		expect(buildLabels(train.map((sentence: Sentence) => sentence.target)).tags).toEqual(vocabularies.target.order);
	});
});
