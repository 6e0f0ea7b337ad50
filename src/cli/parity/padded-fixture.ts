// Between the fixtures' padded tensors ([B, L, ...] and [B, N, ...], zeros behind each sentence) and batches.

import { arrangeBatch } from '../../data/arrange-batch';
import type { Batch } from '../../data/batch';
import type { LatticeSentence } from '../../data/lattice';
import type { FusionName } from '../../experiment/config';
import type { Device } from '../../kernels/operations';
import { fusions } from '../../model/fusion/fusions';
import { invariant } from '../../util/errors';
import type { FixtureTensors } from './fixture-file';

/** The lattice sentences of a padded batch (lattice, bigrams, seq_len, lex_num, pos_s, pos_e, target). */
export function sentencesOf(inputs: FixtureTensors): LatticeSentence[] {
	const read = (name: string) => {
		const tensor = inputs.integers(name);
		invariant(tensor, `the fixture's inputs lack ${name}`);
		return { width: tensor.shape[1] ?? 1, values: tensor.values };
	};
	const [lattice, bigrams, start, last] = ['lattice', 'bigrams', 'pos_s', 'pos_e'].map(read);
	const [lengths, words] = [read('seq_len').values, read('lex_num').values];
	const target = inputs.names().includes('target') ? read('target') : null;
	const cut = (tensor: { width: number; values: Int32Array }, row: number, from: number, to: number) =>
		tensor.values.slice(row * tensor.width + from, row * tensor.width + to);
	return Array.from(lengths, (length, row) => ({
		characterRows: cut(lattice, row, 0, length),
		bigramRows: cut(bigrams, row, 0, length),
		wordRows: cut(lattice, row, length, length + words[row]),
		wordStart: cut(start, row, length, length + words[row]),
		wordLast: cut(last, row, length, length + words[row]),
		tags: target ? cut(target, row, 0, length) : new Int32Array(length),
	}));
}

/** Sentences of bare characters with the given tags, for the heads' own fixtures. */
export function plainSentences(tags: Int32Array, lengths: Int32Array): LatticeSentence[] {
	const width = tags.length / lengths.length;
	const nothing = new Int32Array(0);
	return Array.from(lengths, (length, row) => ({
		characterRows: new Int32Array(length).fill(2),
		bigramRows: new Int32Array(length).fill(2),
		wordRows: nothing,
		wordStart: nothing,
		wordLast: nothing,
		tags: tags.slice(row * width, row * width + length),
	}));
}

export function batchOf(sentences: readonly LatticeSentence[], device: Device, fusion: FusionName): Batch {
	const order = sentences.map((_, index) => index);
	return arrangeBatch(sentences, order, { layout: device.rowLayout, distanceKind: fusions[fusion].distanceKind });
}

/** [B, L, columns] -> one row a character of the batch [C, columns]; zeros in the batch's own padding. */
export function toCharacterRows(padded: Float32Array, batch: Batch, columns: number): Float32Array {
	const length = padded.length / columns / batch.sentenceCount;
	const rows = new Float32Array(batch.characterRow.length * columns);
	eachCharacter(batch, (sentence, position, index) => {
		const from = (sentence * length + position) * columns;
		rows.set(padded.subarray(from, from + columns), index * columns);
	});
	return rows;
}

/** The rows of real characters only, from rows of characters [C, columns]. */
export function realCharacterRows(rows: ArrayLike<number>, batch: Batch, columns: number): Float32Array {
	const kept = new Float32Array(batch.realCharacterCount * columns);
	let next = 0;
	eachCharacter(batch, (_, __, index) => {
		for (let column = 0; column < columns; column++) kept[next++] = rows[index * columns + column];
	});
	return kept;
}

/** The same real characters' rows from a padded tensor [B, L, columns]. */
export function realPaddedCharacters(padded: Float32Array, batch: Batch, columns: number): Float32Array {
	return realCharacterRows(toCharacterRows(padded, batch, columns), batch, columns);
}

/** The rows of real nodes, from lattice rows [R, columns]. */
export function realNodeRows(rows: Float32Array, batch: Batch, columns: number): Float32Array {
	return joinRows(batch, columns, (sentence) => {
		const from = batch.rowOffset[sentence] * columns;
		return rows.subarray(from, from + batch.nodeCount[sentence] * columns);
	});
}

/** The same real nodes' rows from a padded tensor [B, N, columns]. */
export function realPaddedNodes(padded: Float32Array, batch: Batch, columns: number): Float32Array {
	const nodes = padded.length / columns / batch.sentenceCount;
	return joinRows(batch, columns, (sentence) => {
		const from = sentence * nodes * columns;
		return padded.subarray(from, from + batch.nodeCount[sentence] * columns);
	});
}

function joinRows(batch: Batch, columns: number, part: (sentence: number) => Float32Array): Float32Array {
	const joined = new Float32Array(batch.nodeCount.reduce((sum, count) => sum + count, 0) * columns);
	let next = 0;
	for (let sentence = 0; sentence < batch.sentenceCount; sentence++) {
		const rows = part(sentence);
		joined.set(rows, next);
		next += rows.length;
	}
	return joined;
}

/** Calls `visit` for each real pair of nodes: its index in the batch's pairs and in a padded [B, N, N]. */
export function eachPair(
	batch: Batch,
	paddedNodes: number,
	visit: (pair: { sentence: number; query: number; key: number; index: number; padded: number }) => void,
): void {
	for (let sentence = 0; sentence < batch.sentenceCount; sentence++) {
		const nodes = batch.nodeCount[sentence];
		for (let query = 0; query < nodes; query++)
			for (let key = 0; key < nodes; key++) {
				const index = batch.pairOffset[sentence] + query * batch.blockSize[sentence] + key;
				const padded = (sentence * paddedNodes + query) * paddedNodes + key;
				visit({ sentence, query, key, index, padded });
			}
	}
}

/** Scores in the batch's layout -> the real ones, sentence by sentence, head by head. */
export function realScores(scores: Float32Array, batch: Batch, heads: number): Float32Array {
	return collectScores(batch, heads, (sentence, head, query, key) => {
		const size = batch.blockSize[sentence];
		return scores[heads * batch.pairOffset[sentence] + (head * size + query) * size + key];
	});
}

/** The same from a padded tensor [B, heads, N, N]. */
export function realPaddedScores(padded: Float32Array, batch: Batch, heads: number): Float32Array {
	const nodes = Math.round(Math.sqrt(padded.length / batch.sentenceCount / heads));
	return collectScores(
		batch,
		heads,
		(sentence, head, query, key) => padded[((sentence * heads + head) * nodes + query) * nodes + key],
	);
}

function collectScores(
	batch: Batch,
	heads: number,
	at: (sentence: number, head: number, query: number, key: number) => number,
): Float32Array {
	const values: number[] = [];
	for (let sentence = 0; sentence < batch.sentenceCount; sentence++)
		for (let head = 0; head < heads; head++)
			for (let query = 0; query < batch.nodeCount[sentence]; query++)
				for (let key = 0; key < batch.nodeCount[sentence]; key++) values.push(at(sentence, head, query, key));
	return Float32Array.from(values);
}

function eachCharacter(batch: Batch, visit: (sentence: number, position: number, index: number) => void): void {
	for (let sentence = 0; sentence < batch.sentenceCount; sentence++)
		for (let position = 0; position < batch.characterCount[sentence]; position++)
			visit(sentence, position, batch.characterOffset[sentence] + position);
}
