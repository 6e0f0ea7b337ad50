import { expect, test } from 'vitest';
import { boxPolygon, isInPolygon, pointsInPolygon, thinnedPath } from './selection-shapes';

const positionsOf = (...numbers: number[]) =>
	Array.from({ length: numbers.length / 2 }, (_, index) => ({ x: numbers[2 * index], y: numbers[2 * index + 1] }));

test('a notch of a lasso is outside', () => {
	const notched = positionsOf(0, 0, 4, 0, 4, 4, 2, 1, 0, 4);
	expect(isInPolygon({ x: 1, y: 1 }, notched)).toBe(true);
	expect(isInPolygon({ x: 2, y: 3 }, notched)).toBe(false);
	expect(isInPolygon({ x: 5, y: 1 }, notched)).toBe(false);
});

test('points in a box are found whichever corner it was drawn from, hidden ones are not', () => {
	const positions = Float32Array.of(0.5, 0.5, 2, 2, Number.NaN, 0.5, 0.9, 0.1);
	expect(pointsInPolygon(positions, boxPolygon({ x: 1, y: 1 }, { x: 0, y: 0 }))).toEqual([0, 3]);
	expect(pointsInPolygon(positions, boxPolygon({ x: 0, y: 1 }, { x: 1, y: 0 }), (point) => point !== 3)).toEqual([0]);
	expect(pointsInPolygon(positions, positionsOf(0, 0, 1, 1))).toEqual([]);
});

test('a pointer that hardly moves adds no corners', () => {
	expect(thinnedPath(positionsOf(0, 0, 0.5, 0, 1.2, 0, 5, 5), 1)).toEqual(positionsOf(0, 0, 1.2, 0, 5, 5));
});
