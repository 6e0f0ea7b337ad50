// Prepared data made up from a seed: short sentences whose tags follow from their characters, so that a small network
// can learn them by heart. For tests of training only.

import type { LatticeSentence } from '../data/lattice';
import type { EmbeddingTable, PreparedData, Vocabulary } from '../data/prepared';
import { RandomStream } from '../util/random';

export const tinyTags = ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];

const characterCount = 24;
const bigramCount = 40;
const dimension = 8;

/** `counts` sentences per split. Characters 2..5 begin a person of two characters, 6..9 a place of two, others are `O`. */
export function tinyData(counts: { train: number; dev: number; test: number }, seed = 7): PreparedData {
	const stream = new RandomStream(seed);
	const split = (count: number) => Array.from({ length: count }, () => tinySentence(stream));
	return {
		labels: { tags: tinyTags },
		lattice: tinyTable(stream, characterCount),
		bigram: tinyTable(stream, bigramCount),
		bert: null,
		lexiconWords: [],
		splits: { train: split(counts.train), dev: split(counts.dev), test: split(counts.test) },
		maxCharacters: 12,
	};
}

function tinySentence(stream: RandomStream): LatticeSentence {
	const rows: number[] = [];
	const tags: number[] = [];
	const length = 5 + stream.below(5);
	while (rows.length < length) {
		const row = 2 + stream.below(16);
		rows.push(row);
		if (row < 10) {
			const begin = row < 6 ? 3 : 5;
			rows.push(18 + stream.below(4));
			tags.push(begin, begin + 1);
		} else tags.push(2);
	}
	const hasWord = rows.length > 3;
	return {
		characterRows: Int32Array.from(rows),
		bigramRows: Int32Array.from(rows, (row, index) => 2 + ((row * 3 + (rows[index + 1] ?? 0)) % (bigramCount - 2))),
		wordRows: Int32Array.from(hasWord ? [22] : []),
		wordStart: Int32Array.from(hasWord ? [1] : []),
		wordLast: Int32Array.from(hasWord ? [2] : []),
		tags: Int32Array.from(tags),
	};
}

function tinyTable(stream: RandomStream, rowCount: number): EmbeddingTable {
	const words = Array.from({ length: rowCount }, (_, id) => `w${id}`);
	const vocabulary: Vocabulary = { words, hasOwnEntry: new Uint8Array(rowCount).fill(1) };
	const values = Float32Array.from({ length: rowCount * dimension }, (_, index) =>
		index < 2 * dimension ? 0 : stream.uniform() - 0.5,
	);
	return {
		vocabulary,
		rowOfId: Int32Array.from(words, (_, id) => id),
		rowCount,
		dimension,
		values,
		foundCount: 0,
		randomCount: rowCount - 2,
	};
}
