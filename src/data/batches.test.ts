import { expect, test } from 'vitest';
import type { Batching } from '../experiment/config';
import { batchesInOrder, epochBatches } from './batches';

const sizes = Array.from({ length: 23 }, (_, index) => (index * 7) % 11);
const order = (batching: Batching, epoch: number, seed = 24, stage = 'full') =>
	epochBatches({ seed, stage, epoch, batchSize: 5, batching, sizes }).map((batch) => [...batch]);

test.each<Batching>(['uniform', 'by-length'])('every sentence comes once an epoch (%s)', (batching) => {
	const batches = order(batching, 1);
	expect(batches.map((batch) => batch.length).toSorted()).toEqual([3, 5, 5, 5, 5]);
	expect(batches.flat().toSorted((left, right) => left - right)).toEqual(sizes.map((_, index) => index));
});

test.each<Batching>(['uniform', 'by-length'])(
	'the order depends on seed, stage and epoch, and on nothing else (%s)',
	(batching) => {
		const first = order(batching, 1);
		expect(order(batching, 1)).toEqual(first);
		expect(order(batching, 2)).not.toEqual(first);
		expect(order(batching, 1, 25)).not.toEqual(first);
		expect(order(batching, 1, 24, 'head')).not.toEqual(first);
	},
);

test('by length, no batch overlaps another in size', () => {
	const ranges = order('by-length', 3)
		.map((batch) => batch.map((index) => sizes[index]))
		.map((list) => [Math.min(...list), Math.max(...list)])
		.toSorted(([left], [right]) => left - right);
	for (let index = 1; index < ranges.length; index++)
		expect(ranges[index][0]).toBeGreaterThanOrEqual(ranges[index - 1][1]);
});

test('uniform orders are uniform: every sentence comes first about equally often', () => {
	const counts = new Array(4).fill(0);
	for (let epoch = 1; epoch <= 2000; epoch++) {
		const [first] = epochBatches({
			seed: 3,
			stage: 's',
			epoch,
			batchSize: 1,
			batching: 'uniform',
			sizes: [1, 1, 1, 1],
		});
		counts[first[0]]++;
	}
	for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100); // five standard deviations
});

test('for evaluation sentences are in the order of the split', () => {
	expect(batchesInOrder(5, 2).map((batch) => [...batch])).toEqual([[0, 1], [2, 3], [4]]);
});
