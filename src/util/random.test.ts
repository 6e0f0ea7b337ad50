import { expect, test } from 'vitest';
import { forkSeed, RandomStream } from './random';

test('a permutation holds every index once and depends on the seed', () => {
	const order = new RandomStream(3).permutation(100);
	expect([...order].sort((left, right) => left - right)).toEqual(Array.from({ length: 100 }, (_, index) => index));
	expect([...new RandomStream(3).permutation(100)]).toEqual([...order]);
	expect([...new RandomStream(4).permutation(100)]).not.toEqual([...order]);
});

test('permutations of three are equally likely', () => {
	const counts = new Map<string, number>();
	const stream = new RandomStream(11);
	for (let draw = 0; draw < 6000; draw++) {
		const key = stream.permutation(3).join('');
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	expect(counts.size).toBe(6);
	for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a stream continues from its stored state', () => {
	const stream = new RandomStream(5);
	stream.uniform();
	const copy = new RandomStream(0, stream.state());
	expect([copy.bits(), copy.uniform(), copy.below(10)]).toEqual([stream.bits(), stream.uniform(), stream.below(10)]);
});

test('uniform numbers fill [0, 1) evenly', () => {
	const stream = new RandomStream(2);
	const values = Array.from({ length: 10000 }, () => stream.uniform());
	expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
	expect(Math.max(...values)).toBeLessThan(1);
	expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
});

test('purposes of one seed are unrelated streams', () => {
	expect(forkSeed(24, 'shuffle')).not.toBe(forkSeed(24, 'dropout'));
	expect(forkSeed(24, 'shuffle')).not.toBe(forkSeed(25, 'shuffle'));
});
