import { expect, test } from 'vitest';
import { bootstrapInSlices, pairedBootstrap, percentile } from './paired-bootstrap';
import type { MatchCounts } from './span-scores';

const counts = (truePositives: number, falsePositives: number, falseNegatives: number): MatchCounts => ({
	truePositives,
	falsePositives,
	falseNegatives,
});

test('a system against itself differs by nothing', () => {
	const sentences = [counts(1, 0, 0), counts(0, 1, 1), counts(2, 0, 1)];
	expect(pairedBootstrap(sentences, sentences, { seed: 1, resamples: 200 })).toMatchObject({
		difference: 0,
		low: 0,
		high: 0,
		pValue: 0.5,
	});
});

test('a system that is better in every sentence is better in every resample', () => {
	const worse = Array.from({ length: 20 }, () => counts(0, 1, 1));
	const better = Array.from({ length: 20 }, () => counts(1, 0, 0));
	const result = pairedBootstrap(worse, better, { seed: 1, resamples: 200 });
	expect(result).toMatchObject({ difference: 1, low: 1, high: 1, pValue: 0 });
});

test('the same seed gives the same interval, and it holds the difference', () => {
	const first = Array.from({ length: 50 }, (_, index) => counts(index % 3 === 0 ? 1 : 0, 1, index % 2));
	const second = Array.from({ length: 50 }, (_, index) => counts(index % 2, 1, index % 2));
	const one = pairedBootstrap(first, second, { seed: 7, resamples: 500 });
	expect(pairedBootstrap(first, second, { seed: 7, resamples: 500 })).toEqual(one);
	expect(one.low).toBeLessThan(one.difference);
	expect(one.high).toBeGreaterThan(one.difference);
});

test('runs of several seeds are compared by the mean of their F1', () => {
	const good = Array.from({ length: 10 }, () => counts(1, 0, 0));
	const half = Array.from({ length: 10 }, (_, index) => (index % 2 ? counts(1, 0, 0) : counts(0, 1, 1)));
	const bad = Array.from({ length: 10 }, () => counts(0, 1, 1));
	const work = bootstrapInSlices([bad, half], [good, half], { seed: 3, resamples: 300 });
	let step = work.next();
	while (!step.done) step = work.next();
	expect(step.value.difference).toBeCloseTo(0.5, 12);
	expect(step.value.low).toBeCloseTo(0.5, 12);
	expect(step.value.high).toBeCloseTo(0.5, 12);
	expect(step.value.pValue).toBe(0);
});

test('F1 is that of the summed counts', () => {
	const first = [counts(3, 1, 0), counts(0, 2, 5)];
	const second = [counts(2, 0, 1), counts(1, 0, 0)];
	const { difference } = pairedBootstrap(first, second, { seed: 1, resamples: 1 });
	expect(difference).toBeCloseTo(6 / 7 - 6 / 14, 12);
});

test('percentiles interpolate between neighbours', () => {
	expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5);
	expect(percentile([1, 2, 3, 4], 1)).toBe(4);
	expect(percentile([], 0.5)).toBeNaN();
});
