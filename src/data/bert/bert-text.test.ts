import { expect, test } from 'vitest';
import type { BertConfig } from '../../experiment/bert-config';
import { type BertText, pieceEncoder, prepareBert, specialRows } from './bert-text';
import { pieceVocabulary } from './piece-vocabulary';
import { lowerCased } from './tokenize';

const pieces = ['[PAD]', '[CLS]', '[SEP]', '[UNK]', '[MASK]', '北', '京', 'a', 'b', '##b', 'ab', 'e'];
const config = { positions: 8 } as BertConfig;
const text: BertText = { config, hash: 'h', vocabulary: pieceVocabulary(pieces), tokenizer: lowerCased };
const words = ['京', 'A', '龘', '吉', 'abb'];
const counts = new Map([
	['京', 3],
	['A', 2],
	['龘', 2],
	['吉', 1],
	['abb', 1],
]);
const vocabulary = { words, counts, isTrained: (word: string) => word !== '龘' };

test('as published the table holds what the corpus needs, and unknown frequent entries have rows of their own', () => {
	const { pieces: rows, sources } = prepareBert(text, true, vocabulary);
	expect(rows).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '京', 'A', 'ab', '##b']);
	expect([...sources]).toEqual([0, 3, 1, 2, 6, 3, 10, 9]);
});

test("as intended the table is the model's own, and text is normalised as the model says", () => {
	const bert = prepareBert(text, false, vocabulary);
	expect(bert.pieces).toEqual(pieces);
	expect([...bert.sources]).toEqual(pieces.map((_, row) => row));
	const { rows, starts } = pieceEncoder(bert)(['A', 'É', 'abb', '\u0007', '龘']);
	expect(Array.from(rows, (row) => pieces[row])).toEqual(['a', 'e', 'ab', '##b', '[UNK]', '[UNK]']);
	expect([...starts]).toEqual([0, 1, 2, 4, 5, 6]);
});

test('bare pieces are looked up as they are', () => {
	const bert = prepareBert(text, true, vocabulary);
	const { rows, starts } = pieceEncoder(bert)(['A', 'a', 'abb', '京', '北', ' ']);
	expect(Array.from(rows, (row) => bert.pieces[row])).toEqual(['A', '[UNK]', 'ab', '##b', '京', '[UNK]', '[UNK]']);
	expect([...starts]).toEqual([0, 1, 2, 4, 5, 6, 7]);
});

test('rows of the pieces that every sentence needs', () => {
	expect(specialRows(pieces)).toEqual({ unknown: 3, first: 1, last: 2 });
	expect(specialRows(prepareBert(text, true, vocabulary).pieces)).toEqual({ unknown: 1, first: 2, last: 3 });
});
