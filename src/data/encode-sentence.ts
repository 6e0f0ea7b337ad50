// Turns characters into table rows: training, evaluation and tagging of new text share it. Also the rows that new
// text adds to a trained table, from stored vectors.

import { UserError } from '../util/errors';
import type { TokenPieces } from './bert/bert-text';
import { bigramsOf } from './bigrams';
import { normalizeRows, unknownRow } from './embedding-table';
import type { LatticeSentence } from './lattice';
import { findMatches, type Lexicon } from './lexicon';
import type { EmbeddingTable } from './prepared';
import type { KeptVectors } from './vector-file';

/** Row of a table by word; words that are not there have row 1, `<unk>`. */
export type RowLookup = ReadonlyMap<string, number>;

export interface SentenceEncoder {
	/** Characters and lexicon words. */
	latticeRows: RowLookup;
	/** Null when the model takes no bigrams: all rows are then `<unk>`. */
	bigramRows: RowLookup | null;
	/** Null when the model takes no words. */
	lexicon: Lexicon | null;
	/** Id of each tag; an absent tag is `<unk>`, 1. */
	tagIds: ReadonlyMap<string, number>;
	/** Pieces of the characters; null when the model has no BERT. */
	pieces: ((tokens: readonly string[]) => TokenPieces) | null;
}

export function rowLookup(table: Pick<EmbeddingTable, 'vocabulary' | 'rowOfId'>): RowLookup {
	return new Map(table.vocabulary.words.map((word, id) => [word, table.rowOfId[id]]));
}

/** The lattice of a sentence; `tags` are BIO tags, or null for text without. */
export function encodeSentence(
	characters: readonly string[],
	tags: readonly string[] | null,
	encoder: SentenceEncoder,
): LatticeSentence {
	const { latticeRows, bigramRows, lexicon, tagIds, pieces } = encoder;
	const none = new Int32Array(0);
	const { start, last } = lexicon ? findMatches(lexicon, characters) : { start: none, last: none };
	const rows = (words: readonly string[], lookup: RowLookup | null) =>
		Int32Array.from(words, (word) => lookup?.get(word) ?? unknownRow);
	return {
		characterRows: rows(characters, latticeRows),
		bigramRows: rows(bigramsOf(characters), bigramRows),
		wordRows: rows(matchedWords(characters, start, last), latticeRows),
		wordStart: start,
		wordLast: last,
		tags: Int32Array.from(tags ?? [], (tag) => tagIds.get(tag) ?? 1),
		...(pieces ? { pieces: pieces(characters) } : {}),
	};
}

/** The words at [start, last] of a sentence. */
export function matchedWords(characters: readonly string[], start: Int32Array, last: Int32Array): string[] {
	return Array.from(start, (first, index) => characters.slice(first, last[index] + 1).join(''));
}

export interface AddedRows {
	/** The old look-up and the new words behind it. */
	rows: RowLookup;
	words: string[];
	/** Values of the new rows, in order. [words.length, dimension] */
	values: Float32Array;
}

/**
 * Rows behind a trained table of `rowCount` rows for the words of new text that it reads as `<unk>` and the stored vectors
 * have. The vectors have the table's width.
 */
export function addRows(
	known: RowLookup,
	rowCount: number,
	wanted: Iterable<string>,
	vectors: KeptVectors,
	normalize: boolean,
): AddedRows {
	const { dimension } = vectors;
	const vectorOf = new Map(vectors.words.map((word, row) => [word, row]));
	const isNew = (word: string) => (known.get(word) ?? unknownRow) === unknownRow && vectorOf.has(word);
	const words = [...new Set(wanted)].filter(isNew);
	const values = new Float32Array(words.length * dimension);
	const rows = new Map(known);
	words.forEach((word, index) => {
		const from = (vectorOf.get(word) ?? 0) * dimension;
		values.set(vectors.values.subarray(from, from + dimension), index * dimension);
		rows.set(word, rowCount + index);
	});
	if (normalize) normalizeRows(values, dimension);
	return { rows, words, values };
}

/** Throws a UserError `vectors-other-width` for vectors that a trained table of this width cannot take. */
export function requireWidth(vectors: KeptVectors, size: number): void {
	if (vectors.dimension === size) return;
	throw new UserError({
		code: 'vectors-other-width',
		location: { file: vectors.file },
		expected: `vectors of ${size} dimensions, as used to train the model`,
		found: `${vectors.dimension}`,
		remedy: 'Use the vectors that the model was trained with, or none.',
	});
}
