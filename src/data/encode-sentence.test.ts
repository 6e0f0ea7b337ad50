import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../testing/shared-data';
import { RandomStream } from '../util/random';
import { bigramsOf } from './bigrams';
import { buildEmbeddingTable } from './embedding-table';
import { addRows, encodeSentence, matchedWords, rowLookup } from './encode-sentence';
import { buildLexicon, findMatches } from './lexicon';
import { readVectors } from './vector-file';
import { buildVocabulary } from './vocabulary';

const encoder = {
	latticeRows: new Map([
		['海', 2],
		['淀', 3],
		['海淀', 4],
	]),
	bigramRows: new Map([
		['海淀', 2],
		['𠮷<end>', 3],
	]),
	lexicon: buildLexicon(['海淀', '淀𠮷']),
	tagIds: new Map([['O', 2]]),
	pieces: null,
};

test('what a table or the label set lacks is unknown', () => {
	const sentence = encodeSentence(['海', '淀', '𠮷'], ['O', 'B-LOC', 'O'], encoder);
	expect([...sentence.characterRows]).toEqual([2, 3, 1]);
	expect([...sentence.bigramRows]).toEqual([2, 1, 3]);
	expect([...sentence.wordRows]).toEqual([4, 1]);
	expect([...sentence.wordStart]).toEqual([0, 1]);
	expect([...sentence.wordLast]).toEqual([1, 2]);
	expect([...sentence.tags]).toEqual([2, 1, 2]);
});

test('text without tags has none, and a model without words and bigrams sees neither', () => {
	const sentence = encodeSentence(['海', '淀'], null, { ...encoder, lexicon: null, bigramRows: null });
	expect(sentence.tags).toHaveLength(0);
	expect(sentence.wordRows).toHaveLength(0);
	expect([...sentence.bigramRows]).toEqual([1, 1]);
});

test('new words get rows behind the trained ones where the stored vectors have them', async () => {
	const text = '新 3 4\n海 9 9\n旧 1 0\n人 0 2\n';
	const vectors = await readVectors(new Blob([text]).stream(), { file: 'a.vec', wants: () => true });
	const known = new Map([...encoder.latticeRows, ['旧', 1]]);
	const { rows, words, values } = addRows(known, 5, ['新', '海', '旧', '无', '新'], vectors, true);
	expect(words).toEqual(['新', '旧']);
	expect([rows.get('新'), rows.get('旧'), rows.get('海'), rows.get('无')]).toEqual([5, 6, 2, undefined]);
	expect([...values]).toEqual([0.6, 0.8, 1, 0].map(Math.fround));
});

const folder = referencePath('checkpoint');

describe.skipIf(folder === null)(`rows of a published checkpoint${folder ? '' : ' (skipped: no shared data)'}`, () => {
	test.each(['lattice', 'bigram'] as const)('%s', async (name) => {
		const published = JSON.parse(readFileSync(join(folder ?? '', 'vocab.json'), 'utf8'));
		const lexicon = buildLexicon(published.lexicon);
		const wordsOf = (text: string) => {
			const characters = [...text];
			const { start, last } = findMatches(lexicon, characters);
			return name === 'bigram' ? bigramsOf(characters) : [...characters, ...matchedWords(characters, start, last)];
		};
		const train = published.train_sentences.map(wordsOf);
		const vocabulary = buildVocabulary(train, [published.dev_sentences.map(wordsOf)], true);
		expect(vocabulary.words).toEqual(published[name]);
		const file = join(folder ?? '', `${name}.10d.vec`);
		const known = new Set(vocabulary.words);
		const vectors = await readVectors(createReadStream(file), { file, wants: (word) => known.has(word) });
		const random = new RandomStream(1);
		const table = buildEmbeddingTable({ vocabulary, vectors, dimension: 10, normalize: true, random });
		expect([...table.rowOfId]).toEqual(published[`${name}_words_to_words`]);
		expect([...rowLookup(table).values()]).toEqual(published[`${name}_words_to_words`]);
	});
});
