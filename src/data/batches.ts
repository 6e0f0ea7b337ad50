// Which sentences share a batch: a permutation drawn anew each epoch, or lengths put together.
import { forkSeed, RandomStream } from '../util/random';
import type { LatticeSentence } from './lattice';

export function epochBatches(
	sentences: readonly LatticeSentence[],
	options: { batchSize: number; batching: string; seed: number; stage: string; epoch: number },
): Int32Array[] {
	const order = new RandomStream(forkSeed(options.seed, `shuffle:${options.stage}:${options.epoch}`)).permutation(
		sentences.length,
	);
	const lists: Int32Array[] = [];
	for (let start = 0; start < order.length; start += options.batchSize)
		lists.push(order.slice(start, start + options.batchSize));
	return lists;
}
