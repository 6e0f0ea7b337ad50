import { expect, test } from 'vitest';
import { coverOf, extentOf, spansWithin, windowAround } from './error-window';

test('a short sentence is whole, a long one is cut round what is to be seen', () => {
	expect(windowAround(28, { start: 3, end: 4 }, false)).toEqual({ start: 0, end: 28 });
	expect(windowAround(100, { start: 50, end: 53 }, false)).toEqual({ start: 38, end: 65 });
	expect(windowAround(100, { start: 2, end: 98 }, false)).toEqual({ start: 0, end: 100 });
	expect(windowAround(100, { start: 50, end: 53 }, true)).toEqual({ start: 0, end: 100 });
	expect(windowAround(100, null, false).start).toBe(0);
});

test('spans move along and are cut at the borders', () => {
	const spans = [
		{ start: 0, end: 3 },
		{ start: 8, end: 12 },
		{ start: 19, end: 30 },
	];
	expect(spansWithin(spans, { start: 10, end: 20 })).toEqual([
		{ start: 0, end: 2 },
		{ start: 9, end: 10 },
	]);
});

test('the cover of two mentions reaches over both', () => {
	expect(coverOf({ start: 4, end: 6 }, { start: 2, end: 5 })).toEqual({ start: 2, end: 6 });
	expect(coverOf(null, { start: 2, end: 5 })).toEqual({ start: 2, end: 5 });
	expect(coverOf(null, null)).toBeNull();
	expect(extentOf(new Set([5, 3, 4]))).toEqual({ start: 3, end: 6 });
	expect(extentOf(new Set())).toBeNull();
});
