// What BERT reads in a step: the pieces of the batch's sentences, with the step's word dropout, and where the piece of each
// character is. All of it follows from the step's facts.

import type { Batch } from '../data/batch';
import type { TokenPieces } from '../data/bert/bert-text';
import { arrangePieces, type PieceBatch, pieceWindows } from '../data/bert/piece-batch';
import type { StepFacts } from '../kernels/operations';
import { dropThreshold, elementBits, rowBits, siteKey } from '../util/counter-random';
import { invariant } from '../util/errors';
import type { BertInput } from './bert-encoder';
import { bertSites } from './dropout-sites';
import type { BertShape } from './shape';

export interface BertBatch extends BertInput {
	/** Row of each character's first piece; -1 in padding. [C] */
	firstPieces: Int32Array;
}

/** Batches of words of several pieces are padded to multiples of this many. */
const pieceStep = 64;

/** Facts of one step are asked for many lists. */
const made = new WeakMap<Batch, { random: StepFacts['random']; shape: BertShape; input: BertBatch }>();

export function bertInput(facts: StepFacts, shape: BertShape): BertBatch {
	const { batch, random } = facts;
	const known = made.get(batch);
	if (known && known.random === random && known.shape === shape) return known.input;
	const input = arrangeInput(facts, shape);
	made.set(batch, { random, shape, input });
	return input;
}

function arrangeInput({ batch, random }: StepFacts, shape: BertShape): BertBatch {
	const lists = sentencePieces(batch, isDroppedOf(batch, random, shape.wordDropout), shape.unknown);
	const { first, last, stride, config } = shape;
	const arranged = arrangePieces(
		lists.map(({ rows }) => rows),
		{ first, last, positions: config.positions, stride },
	);
	const firstPieces = new Int32Array(batch.characterRow.length).fill(-1);
	for (const [sentence, { firsts }] of lists.entries()) {
		const from = arranged.sentenceStart[sentence];
		const character = batch.characterOffset[sentence];
		for (const [position, piece] of firsts.entries())
			firstPieces[character + position] = arranged.pieceRow[from + piece];
	}
	return { ...padded(arranged, batch, shape), firstPieces };
}

interface SentencePieces {
	rows: number[];
	/** Of each character, in `rows`. */
	firsts: number[];
}

/** A dropped character is one unknown piece, however many it has. */
function sentencePieces(batch: Batch, isDropped: (character: number) => boolean, unknown: number): SentencePieces[] {
	const { pieces } = batch;
	invariant(pieces, 'a batch without pieces for a network with BERT');
	return Array.from(batch.characterCount, (count, sentence) => {
		const list: SentencePieces = { rows: [], firsts: [] };
		for (let at = batch.characterOffset[sentence]; at < batch.characterOffset[sentence] + count; at++) {
			list.firsts.push(list.rows.length);
			if (isDropped(at)) list.rows.push(unknown);
			else
				for (let piece = pieces.starts[at]; piece < pieces.starts[at + 1]; piece++) list.rows.push(pieces.rows[piece]);
		}
		return list;
	});
}

function isDroppedOf(
	{ characterKey }: Batch,
	random: StepFacts['random'],
	rate: number,
): (character: number) => boolean {
	if (random === null || rate <= 0) return () => false;
	const key = siteKey(random.seed, random.step, bertSites.pieces);
	const threshold = dropThreshold(rate);
	return (character) => elementBits(rowBits(key, characterKey[character]), 0) < threshold;
}

/** Rows behind the last sentence, on devices whose batches have them: as many as every batch of this size has. */
function padded(arranged: PieceBatch, batch: Batch, { stride, config }: BertShape): BertInput {
	const { pieces, positions, starts, rowKeys } = arranged;
	const input = { pieces, positions, segments: new Int32Array(pieces.length), starts, rowKeys };
	if (batch.layout !== 'padded') return input;
	const { starts: pieceStarts } = batch.pieces as TokenPieces;
	const capacity = config.positions - 2;
	const windows = batch.characterCount.reduce((sum, count, sentence) => {
		const from = batch.characterOffset[sentence];
		const length = pieceStarts[from + count] - pieceStarts[from];
		return sum + (stride === null ? 1 : pieceWindows(length, capacity, stride).length);
	}, 0);
	const total = pieceStarts[batch.realCharacterCount];
	const rows = 2 * windows + Math.max(batch.characterRow.length, Math.ceil(total / pieceStep) * pieceStep);
	const filled = (values: Int32Array, length: number, filler: number) => {
		const all = new Int32Array(length).fill(filler);
		all.set(values);
		return all;
	};
	return {
		pieces: filled(pieces, rows, -1),
		positions: filled(positions, rows, -1),
		segments: filled(input.segments, rows, -1),
		starts: filled(starts, windows + 1, starts[starts.length - 1]),
		rowKeys: filled(rowKeys, rows, -1),
	};
}
