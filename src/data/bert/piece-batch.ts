// Sentences of pieces as BERT reads them: [CLS], pieces, [SEP], one sentence after another, without padding. A sentence longer than
// the model's positions is read in overlapping windows, and each piece takes its vector from the window where it is furthest from an edge.

import { invariant } from '../../util/errors';

/** Pieces [start, end) of a sentence. */
export interface PieceWindow {
	start: number;
	end: number;
}

/** Windows of at most `capacity` pieces that start `stride` apart; the first that reaches the end is the last, and may be short. */
export function pieceWindows(count: number, capacity: number, stride: number): PieceWindow[] {
	invariant(stride >= 1 && stride <= capacity, `windows of ${capacity} pieces ${stride} apart`);
	const windows: PieceWindow[] = [];
	for (let start = 0; ; start += stride) {
		const end = Math.min(count, start + capacity);
		windows.push({ start, end });
		if (end === count) return windows;
	}
}

/** Window of each piece: where its distance to the nearer edge is largest, the earlier of equals. [count] */
export function chosenWindows(count: number, windows: readonly PieceWindow[]): Int32Array {
	const chosen = new Int32Array(count);
	const distances = new Int32Array(count).fill(-1);
	for (const [index, { start, end }] of windows.entries())
		for (let piece = start; piece < end; piece++) {
			const distance = Math.min(piece - start, end - 1 - piece);
			if (distance <= distances[piece]) continue;
			distances[piece] = distance;
			chosen[piece] = index;
		}
	return chosen;
}

export interface PieceBatch {
	/** Rows of the piece table. [n] */
	pieces: Int32Array;
	/** From 0 in each window. [n] */
	positions: Int32Array;
	/** First of each window, and the number of all. [windows + 1] */
	starts: Int32Array;
	/** Names of the pieces for the draws of dropout: the same for a sentence whatever batch it is in. [n] */
	rowKeys: Int32Array;
	/** Of each piece of each sentence, where its vector is. [pieces of all sentences] */
	pieceRow: Int32Array;
	/** First piece of each sentence in `pieceRow`, and the number of all. [B + 1] */
	sentenceStart: Int32Array;
}

export interface PieceBatchOptions {
	/** Rows of [CLS] and [SEP]. */
	first: number;
	last: number;
	/** Positions of the model, [CLS] and [SEP] counted. */
	positions: number;
	/** Between the starts of windows; without windows sentences must fit. */
	stride: number | null;
	/** Of each sentence; its place in the batch when not given. */
	sentenceKeys?: readonly number[];
}

/** Keys of a sentence's pieces stay below this. */
const keysPerSentence = 4096;

export function arrangePieces(sentences: readonly ArrayLike<number>[], options: PieceBatchOptions): PieceBatch {
	const { first, last, positions, stride, sentenceKeys } = options;
	const capacity = positions - 2;
	const pieces: number[] = [];
	const offsets: number[] = [];
	const rowKeys: number[] = [];
	const starts = [0];
	const pieceRow: number[] = [];
	const sentenceStart = [0];
	for (const [index, sentence] of sentences.entries()) {
		const { length } = sentence;
		invariant(stride !== null || length <= capacity, `a sentence of ${length} pieces for ${capacity}`);
		const windows = stride === null ? [{ start: 0, end: length }] : pieceWindows(length, capacity, stride);
		const chosen = chosenWindows(length, windows);
		const firstRows: number[] = [];
		let key = (sentenceKeys?.[index] ?? index) * keysPerSentence;
		for (const { start, end } of windows) {
			firstRows.push(pieces.length + 1 - start);
			const row = [first, ...Array.from({ length: end - start }, (_, piece) => sentence[start + piece]), last];
			for (const [position, piece] of row.entries()) {
				pieces.push(piece);
				offsets.push(position);
				rowKeys.push(key++);
			}
			starts.push(pieces.length);
		}
		for (let piece = 0; piece < length; piece++) pieceRow.push(firstRows[chosen[piece]] + piece);
		sentenceStart.push(pieceRow.length);
	}
	return {
		pieces: Int32Array.from(pieces),
		positions: Int32Array.from(offsets),
		starts: Int32Array.from(starts),
		rowKeys: Int32Array.from(rowKeys),
		pieceRow: Int32Array.from(pieceRow),
		sentenceStart: Int32Array.from(sentenceStart),
	};
}
