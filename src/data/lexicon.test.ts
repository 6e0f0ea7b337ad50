import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../testing/shared-data';
import { bigramsOf } from './bigrams';
import { matchedWords } from './encode-sentence';
import { buildLexicon, findMatches, type Lexicon } from './lexicon';

const matchesOf = (words: Iterable<string>, characters: readonly string[]) => {
	const { start, last } = findMatches(buildLexicon(words), characters);
	const found = matchedWords(characters, start, last);
	return found.map((word, index) => [start[index], last[index], word]);
};

const letter = fc.constantFrom('a', 'b', '字', '😀', '𠮷', '　', '\u0301');

test('the trie finds exactly what trying every stretch finds, in the same order', () => {
	const word = fc.array(letter, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
	fc.assert(
		fc.property(fc.array(word, { maxLength: 20 }), fc.array(letter, { maxLength: 25 }), (words, characters) => {
			const known = new Set(words);
			const expected: [number, number, string][] = [];
			for (let start = 0; start < characters.length; start++) {
				for (let last = start; last < characters.length; last++) {
					const stretch = characters.slice(start, last + 1).join('');
					if (known.has(stretch)) expected.push([start, last, stretch]);
				}
			}
			expect(matchesOf(words, characters)).toEqual(expected);
		}),
		{ numRuns: 150 },
	);
});

/** Whether the whole text is a word. */
function hasWord(lexicon: Lexicon, word: string): boolean {
	const characters = [...word];
	const { start, last } = findMatches(lexicon, characters);
	return last.some((end, match) => start[match] === 0 && end === characters.length - 1);
}

test('words, beginnings of words and repeated words are told apart', () => {
	const lexicon = buildLexicon(['重庆人', '重庆', '重庆', '']);
	expect(lexicon.wordCount).toBe(2);
	expect(['重庆', '重庆人', '重', '', '重庆人和'].map((word) => hasWord(lexicon, word))).toEqual([
		true,
		true,
		false,
		false,
		false,
	]);
});

test('a token of several code points is never matched in part', () => {
	expect(matchesOf(['new york', 'ab', 'abc'], ['new ', 'york', 'ab', 'c', 'abc'])).toEqual([
		[0, 1, 'new york'],
		[2, 2, 'ab'],
		[2, 3, 'abc'],
		[4, 4, 'abc'],
	]);
});

test('a dictionary of 350,000 words holds each of them', () => {
	const codes = Array.from({ length: 350_000 }, (_, index) => [index % 997, (index * 31) % 4001, index % 3571]);
	const words = codes.map((parts) => String.fromCharCode(...parts.map((part) => 0x4e00 + part)));
	const lexicon = buildLexicon(words);
	expect(lexicon.wordCount).toBe(new Set(words).size);
	expect(words.every((word) => hasWord(lexicon, word))).toBe(true);
});

const folder = referencePath('lattice');

describe.skipIf(folder === null)(`published matcher${folder ? '' : ' (skipped: no shared data)'}`, () => {
	const load = (name: string) => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8'));

	test('the hand-made probes: overlaps, one-character words, case, astral code points', () => {
		const probes = load('probes.json');
		expect(probes.length).toBeGreaterThan(5);
		for (const { lexicon, code_points, result, bigrams } of probes) {
			expect(matchesOf(lexicon, code_points)).toEqual(result);
			expect(bigramsOf(code_points)).toEqual(bigrams);
		}
	});

	test('fifty sentences of real text', () => {
		const words = readFileSync(join(folder ?? '', 'lexicon-subset.txt'), 'utf8').split('\n');
		const lexicon = buildLexicon(words);
		const { sentences } = load('sentences.json');
		expect(sentences).toHaveLength(50);
		for (const sentence of sentences) {
			const characters: string[] = sentence.chars;
			const { start, last } = findMatches(lexicon, characters);
			const found = matchedWords(characters, start, last);
			expect(found.map((word, index) => [start[index], last[index], word])).toEqual(sentence.lexicon);
			expect([...characters, ...found]).toEqual(sentence.lattice);
			const positions = characters.map((_, position) => position);
			expect([...positions, ...start]).toEqual(sentence.pos_s);
			expect([...positions, ...last]).toEqual(sentence.pos_e);
			expect(bigramsOf(characters)).toEqual(sentence.bigrams);
		}
	});
});
