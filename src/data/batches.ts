// Which sentences share a batch, and in which order. The order of an epoch is a pure function of the seed, the stage and
// the epoch, so a run resumes exactly from (epoch, number of the next batch).

import type { Batching } from '../experiment/config';
import { forkSeed, RandomStream } from '../util/random';

export interface EpochOrder {
	/** Seed of the run. */
	seed: number;
	/** Name of the stage. */
	stage: string;
	/** From 1. */
	epoch: number;
	batchSize: number;
	batching: Batching;
	/** Nodes of each sentence; read by 'by-length' alone. */
	sizes: ArrayLike<number>;
}

/**
 * Batches of sentence numbers for one training epoch; the last may be short. 'uniform' cuts a random permutation, as
 * published; 'by-length' cuts sentences sorted by size (ties at random) and shuffles the batches: less padding, but
 * other company for the contrastive loss.
 */
export function epochBatches({ seed, stage, epoch, batchSize, batching, sizes }: EpochOrder): Int32Array[] {
	const random = new RandomStream(forkSeed(seed, `shuffle:${stage}:${epoch}`));
	const order = random.permutation(sizes.length);
	switch (batching) {
		case 'uniform':
			return cut(order, batchSize);
		case 'by-length': {
			const batches = cut(
				order.sort((left, right) => sizes[left] - sizes[right]),
				batchSize,
			);
			return Array.from(random.permutation(batches.length), (index) => batches[index]);
		}
		default:
			throw batching satisfies never;
	}
}

/** Batches in the order of the split, for evaluation. */
export function batchesInOrder(count: number, batchSize: number): Int32Array[] {
	return cut(
		Int32Array.from({ length: count }, (_, index) => index),
		batchSize,
	);
}

function cut(order: Int32Array, batchSize: number): Int32Array[] {
	const batches: Int32Array[] = [];
	for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
	return batches;
}
