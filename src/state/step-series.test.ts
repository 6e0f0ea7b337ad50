import { expect, test } from 'vitest';
import { emptySeries, extendSeries, type SeriesPoint } from './step-series';

function steps(from: number, count: number, stage: string): SeriesPoint[] {
	return Array.from({ length: count }, (_, index) => ({
		step: from + index,
		loss: from + index,
		learningRate: 1 / (from + index),
		seconds: 2 * (from + index),
		stage,
	}));
}

test('a short series holds every step', () => {
	const series = extendSeries(emptySeries, steps(1, 5, 'a'), 10);
	expect(series.points.map((point) => point.loss)).toEqual([1, 2, 3, 4, 5]);
});

test('a long series stays within its limit and keeps its course', () => {
	let series = emptySeries;
	for (let start = 1; start <= 5000; start += 50) series = extendSeries(series, steps(start, 50, 'a'), 100);
	expect(series.points.length).toBeLessThanOrEqual(100);
	expect(series.points.length).toBeGreaterThan(40);
	expect(series.points.at(-1)?.step).toBe(5000);
	for (const { loss, step, learningRate, seconds } of series.points) {
		expect(Math.abs(loss - step)).toBeLessThanOrEqual(series.stepsPerPoint);
		expect(learningRate).toBe(1 / step);
		expect(seconds).toBeCloseTo(2 * loss, 6);
	}
});

test('no point mixes two stages', () => {
	let series = emptySeries;
	for (let start = 1; start <= 90; start += 9) series = extendSeries(series, steps(start, 9, 'a'), 10);
	series = extendSeries(series, steps(91, 40, 'b'), 10);
	const boundary = series.points.findIndex((point) => point.stage === 'b');
	expect(series.points.slice(0, boundary).every((point) => point.step <= 90)).toBe(true);
	expect(series.points.slice(boundary).every((point) => point.loss > 90)).toBe(true);
});
