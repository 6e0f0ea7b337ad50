// A vocabulary joined to word vectors: which row of the table each id has, and the rows' starting values. The rules are
// the published program's (reference/embed-norm): rows stand in the order of the vector file, not of the ids.

import type { RandomStream } from '../util/random';
import type { EmbeddingTable, Vocabulary } from './prepared';
import type { KeptVectors } from './vector-file';

/** Row of padding and of unknown words; both are zeros unless the vector file has `<pad>` or `<unk>`. */
export const padRow = 0;
export const unknownRow = 1;

export interface TableCall {
	vocabulary: Vocabulary;
	/** Vectors of the words, or null for a table of random rows. */
	vectors: KeptVectors | null;
	/** Width without vectors. */
	dimension: number;
	/** Scale every row to L2 norm 1. */
	normalize: boolean;
	random: RandomStream;
}

/**
 * Row 0 `<pad>`, row 1 `<unk>`, then words of the vocabulary in the order of the vector file, then training words that it
 * lacks: copies of `<unk>` where the file has that, else uniform in +-sqrt(3 / dimension). Words that only dev or test
 * have and the file lacks share row 1.
 */
export function buildEmbeddingTable(call: TableCall): EmbeddingTable {
	const { vocabulary, vectors } = call;
	const dimension = vectors?.dimension ?? call.dimension;
	const idOf = new Map(vocabulary.words.map((word, id) => [word, id]));
	const rowOfId = new Int32Array(vocabulary.words.length).fill(-1);
	rowOfId[padRow] = padRow;
	rowOfId[unknownRow] = unknownRow;
	let rowCount = 2;
	const vectorOfRow: number[] = [-1, -1];
	vectors?.words.forEach((word, vector) => {
		const id = idOf.get(word);
		if (id === undefined) return;
		if (id > unknownRow) rowOfId[id] = rowCount++;
		vectorOfRow[rowOfId[id]] = vector;
	});
	const foundCount = rowCount - 2;
	const unknownVector = vectorOfRow[unknownRow];
	vocabulary.words.forEach((_, id) => {
		if (rowOfId[id] >= 0) return;
		rowOfId[id] = vocabulary.hasOwnEntry[id] ? rowCount++ : unknownRow;
		if (rowOfId[id] !== unknownRow) vectorOfRow.push(unknownVector);
	});
	const values = new Float32Array(rowCount * dimension);
	const bound = Math.sqrt(3 / dimension);
	for (let row = 0; row < rowCount; row++) {
		const vector = vectorOfRow[row];
		const target = values.subarray(row * dimension, (row + 1) * dimension);
		if (vector >= 0 && vectors) target.set(vectors.values.subarray(vector * dimension, (vector + 1) * dimension));
		else if (row > unknownRow)
			for (let column = 0; column < dimension; column++) target[column] = draw(call.random, bound);
	}
	if (call.normalize) normalizeRows(values, dimension);
	return { vocabulary, rowOfId, rowCount, dimension, values, foundCount, randomCount: rowCount - 2 - foundCount };
}

function draw(random: RandomStream, bound: number): number {
	return (2 * random.uniform() - 1) * bound;
}

/** Divides every row by its L2 norm + 1e-12; rows of zeros stay. */
export function normalizeRows(values: Float32Array, dimension: number): void {
	for (let start = 0; start < values.length; start += dimension) {
		let squares = 0;
		for (let index = start; index < start + dimension; index++) squares += values[index] * values[index];
		const scale = 1 / (Math.sqrt(squares) + 1e-12);
		for (let index = start; index < start + dimension; index++) values[index] *= scale;
	}
}
