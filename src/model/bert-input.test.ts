import { expect, test } from 'vitest';
import { arrangeBatch } from '../data/arrange-batch';
import type { LatticeSentence } from '../data/lattice';
import { type BertShape, givenFeatures } from '../experiment/network-shape';
import { bertInput } from './bert-input';

const none = new Int32Array(0);

/** A sentence whose characters have these pieces each. */
function sentence(pieces: readonly number[][]): LatticeSentence {
	const starts = [0];
	for (const { length } of pieces) starts.push(starts[starts.length - 1] + length);
	return {
		characterRows: new Int32Array(pieces.length).fill(2),
		bigramRows: new Int32Array(pieces.length).fill(2),
		...{ wordRows: none, wordStart: none, wordLast: none },
		tags: new Int32Array(pieces.length),
		pieces: { rows: Int32Array.from(pieces.flat()), starts: Int32Array.from(starts) },
	};
}

const sentences = [sentence([[5], [6, 7], [8]]), sentence([[9]])];
const batchIn = (layout: 'ragged' | 'padded') => arrangeBatch(sentences, [0, 1], { layout, distanceKind: 'pair' });

function shape(change: Partial<BertShape> = {}): BertShape {
	const { config } = givenFeatures(4);
	return {
		...{ config: { ...config, positions: 8, pieces: 12 }, rows: 12, unknown: 1, first: 2, last: 3 },
		...{ stride: null, wordDropout: 0, outputDropout: 0 },
		...change,
	};
}

test('each sentence stands between [CLS] and [SEP], and each character finds its first piece', () => {
	const input = bertInput({ batch: batchIn('ragged'), random: null }, shape());
	expect([...input.pieces]).toEqual([2, 5, 6, 7, 8, 3, 2, 9, 3]);
	expect([...input.positions]).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2]);
	expect([...input.starts]).toEqual([0, 6, 9]);
	expect([...input.firstPieces]).toEqual([1, 2, 4, 7]);
});

test('padding lies behind the last sentence and has no piece, no position, no name', () => {
	const input = bertInput({ batch: batchIn('padded'), random: null }, shape());
	expect([...input.pieces.subarray(0, 9)]).toEqual([2, 5, 6, 7, 8, 3, 2, 9, 3]);
	expect(input.pieces.length).toBeGreaterThan(9);
	for (const list of [input.pieces, input.positions, input.rowKeys])
		expect(new Set(list.subarray(9))).toEqual(new Set([-1]));
	expect([...input.starts]).toEqual([0, 6, 9]);
	expect([...input.firstPieces.subarray(0, 4)]).toEqual([1, 2, 4, 7]);
	expect(new Set(input.firstPieces.subarray(4))).toEqual(new Set([-1]));
});

test('a long sentence is read in windows', () => {
	const long = [sentence([[5], [6], [7], [8], [9]])];
	const batch = arrangeBatch(long, [0], { layout: 'ragged', distanceKind: 'pair' });
	const { config } = shape();
	const input = bertInput({ batch, random: null }, shape({ config: { ...config, positions: 5 }, stride: 2 }));
	expect([...input.pieces]).toEqual([2, 5, 6, 7, 3, 2, 7, 8, 9, 3]);
	expect([...input.starts]).toEqual([0, 5, 10]);
	expect([...input.firstPieces]).toEqual([1, 2, 3, 7, 8]);
});

test('in training some characters are one unknown piece, the same in every layout, others in another step', () => {
	const many = Array.from({ length: 6 }, () => sentence(Array.from({ length: 40 }, () => [6, 7])));
	const batchOf = (layout: 'ragged' | 'padded') =>
		arrangeBatch(many, [0, 1, 2, 3, 4, 5], { layout, distanceKind: 'pair' });
	const { config } = shape();
	const dropping = shape({ config: { ...config, positions: 100 }, wordDropout: 0.1 });
	const piecesAt = (layout: 'ragged' | 'padded', step: number) => {
		const { pieces } = bertInput({ batch: batchOf(layout), random: { seed: 4, step } }, dropping);
		return [...pieces].filter((piece) => piece >= 0);
	};
	const [ragged, padded, later] = [piecesAt('ragged', 1), piecesAt('padded', 1), piecesAt('ragged', 2)];
	const unknown = ragged.filter((piece) => piece === 1).length;
	expect(unknown).toBeGreaterThan(8);
	expect(unknown).toBeLessThan(45);
	expect(ragged).toHaveLength(6 * 82 - unknown);
	expect(padded).toEqual(ragged);
	expect(later).not.toEqual(ragged);
});
