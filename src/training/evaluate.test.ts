import { expect, test } from 'vitest';
import type { RowLayout } from '../data/batch';
import { epochBatches } from '../data/batches';
import { type LatticeSentence, nodeCount } from '../data/lattice';
import type { Network } from '../model/network';
import { RandomStream } from '../util/random';
import { arrangeFor, shapesFor } from './evaluate';

/** What laying out needs to know of a network. */
const networkOn = (rowLayout: RowLayout) =>
	({ device: { rowLayout }, shape: { model: { fusion: 'ff_two' } } }) as unknown as Network;

const random = new RandomStream(5);
const split = Array.from({ length: 120 }, (): LatticeSentence => {
	const length = 4 + random.below(90);
	const words = random.below(length);
	const wordStart = Int32Array.from({ length: words }, (_, word) => word);
	const ones = (count: number) => new Int32Array(count).fill(1);
	return {
		characterRows: ones(length),
		bigramRows: ones(length),
		wordRows: ones(words),
		wordStart,
		wordLast: wordStart.map((start) => Math.min(length - 1, start + 1 + random.below(3))),
		tags: ones(length),
	};
});
const sizes = split.map(nodeCount);
const batchesOf = (epoch: number) =>
	epochBatches({ seed: 1, stage: 's', epoch, batchSize: 4, batching: 'uniform', sizes });
const allBatches = [1, 2, 3, 4].flatMap(batchesOf).filter((batch) => batch.length === 4);

test('the batches of all epochs come in few padded shapes, planned from the first epoch', () => {
	const network = networkOn('padded');
	const countShapes = (shapes?: ReturnType<typeof shapesFor>) =>
		new Set(
			allBatches.map((indices) => {
				const { rowCount, characterIds, wordIds, distances } = arrangeFor(network, split, indices, shapes);
				return [rowCount, characterIds.length, wordIds.length, distances.count].join();
			}),
		).size;
	expect(countShapes(shapesFor(network, split, batchesOf(1)))).toBeLessThanOrEqual(8);
	expect(countShapes()).toBeGreaterThan(16);
});

test('a device that takes ragged rows has no use for shapes', () => {
	expect(shapesFor(networkOn('ragged'), split, batchesOf(1))).toEqual([]);
});
