import { expect, test } from 'vitest';
import { logTicks, niceTicks, smoothed, spreadLabels } from './chart-scale';

test('ticks are round and enclose the values', () => {
	expect(niceTicks(0, 8.7)).toEqual([0, 2.5, 5, 7.5, 10]);
	expect(niceTicks(34, 91)).toEqual([20, 40, 60, 80, 100]);
	expect(niceTicks(3, 3)).toHaveLength(3);
	expect(logTicks(0.03, 12)).toEqual([0.01, 0.1, 1, 10, 100]);
});

test('smoothing starts at the first value and follows a constant exactly', () => {
	expect(smoothed([5, 5, 5], 0.8).map((value) => value.toFixed(9))).toEqual(Array(3).fill('5.000000000'));
	expect(smoothed([1, 3], 0)).toEqual([1, 3]);
	expect(smoothed([0, 9], 0.5)[1]).toBeCloseTo(6);
});

test('labels keep their order, their distance and the plot', () => {
	expect(spreadLabels([50, 51, 10], 13, 0, 200)).toEqual([50, 63, 10]);
	expect(spreadLabels([2, 2], 13, 6, 200)).toEqual([6, 19]);
	expect(spreadLabels([199, 200], 13, 0, 200)).toEqual([187, 200]);
	expect(spreadLabels([], 13, 0, 1)).toEqual([]);
});
