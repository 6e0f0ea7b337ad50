import { expect, test } from 'vitest';
import { type BootstrapOptions, bootstrapInSlices, percentile } from './paired-bootstrap';
import type { MatchCounts } from './span-scores';

const counts = (truePositives: number, falsePositives: number, falseNegatives: number): MatchCounts => ({
	truePositives,
	falsePositives,
	falseNegatives,
});

/** Of one run each, or of several, without pauses. */
function compare(first: readonly MatchCounts[][], second: readonly MatchCounts[][], options: BootstrapOptions) {
	const work = bootstrapInSlices(first, second, options);
	for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

test('a system against itself differs by nothing', () => {
	const sentences = [counts(1, 0, 0), counts(0, 1, 1), counts(2, 0, 1)];
	expect(compare([sentences], [sentences], { seed: 1, resamples: 200 })).toMatchObject({
		difference: 0,
		low: 0,
		high: 0,
		pValue: 0.5,
	});
});

test('a system that is better in every sentence is better in every resample', () => {
	const worse = Array.from({ length: 20 }, () => counts(0, 1, 1));
	const better = Array.from({ length: 20 }, () => counts(1, 0, 0));
	const result = compare([worse], [better], { seed: 1, resamples: 200 });
	expect(result).toMatchObject({ difference: 1, low: 1, high: 1, pValue: 0 });
});

test('the same seed gives the same interval, and it holds the difference', () => {
	const first = Array.from({ length: 50 }, (_, index) => counts(index % 3 === 0 ? 1 : 0, 1, index % 2));
	const second = Array.from({ length: 50 }, (_, index) => counts(index % 2, 1, index % 2));
	const one = compare([first], [second], { seed: 7, resamples: 500 });
	expect(compare([first], [second], { seed: 7, resamples: 500 })).toEqual(one);
	expect(one.low).toBeLessThan(one.difference);
	expect(one.high).toBeGreaterThan(one.difference);
});

test('runs of several seeds are compared by the mean of their F1', () => {
	const good = Array.from({ length: 10 }, () => counts(1, 0, 0));
	const half = Array.from({ length: 10 }, (_, index) => (index % 2 ? counts(1, 0, 0) : counts(0, 1, 1)));
	const bad = Array.from({ length: 10 }, () => counts(0, 1, 1));
	const result = compare([bad, half], [good, half], { seed: 3, resamples: 300 });
	expect(result.difference).toBeCloseTo(0.5, 12);
	expect(result.low).toBeCloseTo(0.5, 12);
	expect(result.high).toBeCloseTo(0.5, 12);
	expect(result.pValue).toBe(0);
});

test('F1 is that of the summed counts', () => {
	const first = [counts(3, 1, 0), counts(0, 2, 5)];
	const second = [counts(2, 0, 1), counts(1, 0, 0)];
	const { difference } = compare([first], [second], { seed: 1, resamples: 1 });
	expect(difference).toBeCloseTo(6 / 7 - 6 / 14, 12);
});

test('percentiles interpolate between neighbours', () => {
	expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5);
	expect(percentile([1, 2, 3, 4], 1)).toBe(4);
	expect(percentile([], 0.5)).toBeNaN();
});
