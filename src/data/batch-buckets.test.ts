import { expect, test } from 'vitest';
import { type BatchSize, chooseSize, padCount, padNodes, planBuckets } from './batch-buckets';

test('rounded sizes hold their number and waste at most a quarter', () => {
	for (let count = 0; count < 5000; count += count < 300 ? 1 : 37) {
		expect(padCount(count)).toBeGreaterThanOrEqual(count);
		if (count > 32) expect(padCount(count)).toBeLessThanOrEqual(count * 1.25);
		expect(padNodes(count)).toBeGreaterThanOrEqual(count);
		expect(padNodes(count) - count).toBeLessThan(count <= 128 ? 17 : 64);
	}
});

test('up to five thousand words there are at most thirty rounded sizes', () => {
	const sizes = new Set(Array.from({ length: 5000 }, (_, count) => padCount(count)));
	expect(sizes.size).toBeLessThanOrEqual(30);
});

const sizeOf = (scale: number): BatchSize => ({
	nodes: 10 * scale,
	characters: 61 * scale,
	words: 40 * scale,
	distances: 200 * scale,
});

test('planned buckets grow, hold every batch they were planned from, and are few', () => {
	const sizes = [9, 1, 7, 3, 12, 5, 2].map(sizeOf);
	const buckets = planBuckets(sizes, 3);
	expect(buckets.length).toBeLessThanOrEqual(3);
	for (const size of sizes) expect(buckets).toContainEqual(chooseSize(size, buckets));
	for (let index = 1; index < buckets.length; index++) {
		for (const name of ['nodes', 'characters', 'words', 'distances'] as const) {
			expect(buckets[index][name]).toBeGreaterThanOrEqual(buckets[index - 1][name]);
		}
	}
});

test('the largest bucket has room for somewhat larger batches', () => {
	const buckets = planBuckets([3, 12].map(sizeOf), 2);
	const size = { ...sizeOf(12), characters: 61 * 14, distances: 200 * 14 };
	expect(chooseSize(size, buckets)).toBe(buckets[1]);
});

test('a batch larger than every bucket takes a rounded size of its own', () => {
	const size = chooseSize(sizeOf(30), planBuckets([sizeOf(2)], 2));
	expect(size.nodes).toBe(320);
	expect(size.distances).toBeGreaterThanOrEqual(6000);
});
