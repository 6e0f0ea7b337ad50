import { expect, test } from 'vitest';
import { buildLexicon } from '../lexicon';
import { measureCoverage } from './unit-coverage';

const sentences = ['天气好', '好天气'].map((text) => ({ characters: [...text], tags: null, line: 1 }));
const measure = (units: 'characters' | 'bigrams' | 'words', known: string[], words: string[] = []) =>
	measureCoverage({ units, sentences, lexicon: buildLexicon(words), hasVector: (word) => known.includes(word) });

test('characters are counted as kinds and as occurrences, the most frequent missing one first', () => {
	const { missing, ...counts } = measure('characters', ['天']);
	expect(counts).toEqual({ units: 'characters', wanted: 3, found: 1, occurrences: 6, foundOccurrences: 2 });
	expect(missing).toEqual([
		{ word: '气', count: 2 },
		{ word: '好', count: 2 },
	]);
});

test('bigrams include the one with the end mark', () => {
	expect(measure('bigrams', ['天气']).missing.map(({ word }) => word)).toContain('好<end>');
});

test('words are those of the lexicon that occur', () => {
	expect(measure('words', ['天气'], ['天气', '气好', '山河'])).toMatchObject({ wanted: 2, found: 1, occurrences: 3 });
});
