import { expect, test } from 'vitest';
import { defaultContours, densityContours, marchingSquares, pointDensity } from './density-contours';

const everyPoint = () => true;

test('one high cell among low ones is cut as a diamond half-way to its neighbours', () => {
	const field = Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
	const pieces = marchingSquares(field, 3, 0.5);
	expect(pieces).toHaveLength(16);
	const ends = new Set(Array.from({ length: 8 }, (_, end) => `${pieces[2 * end]},${pieces[2 * end + 1]}`));
	expect(ends).toEqual(new Set(['1,0.5', '0.5,1', '1.5,1', '1,1.5']));
});

test('a saddle is cut into two pieces that do not cross', () => {
	expect(marchingSquares(Float32Array.of(1, 0, 0, 1), 2, 0.4)).toEqual([
		0.6,
		0,
		1,
		expect.closeTo(0.4),
		0.4,
		1,
		0,
		expect.closeTo(0.6),
	]);
	expect(marchingSquares(Float32Array.of(1, 0, 0, 1), 2, 0.6)).toHaveLength(8);
});

test('an even field has no line', () => {
	expect(marchingSquares(new Float32Array(9).fill(2), 3, 1)).toEqual([]);
});

test('smoothing keeps the number of points away from the border', () => {
	const density = pointDensity(Float32Array.of(0, 0, 0.1, 0.1, 0.1, 0.1), everyPoint, defaultContours);
	expect(density.reduce((sum, value) => sum + value)).toBeCloseTo(3, 4);
});

test('the line around a cluster of points encloses it and is close to it', () => {
	const levels = densityContours(Float32Array.of(0.5, 0.5, 0.5, 0.5, Number.NaN, 0), everyPoint);
	expect(levels.map(({ level }) => level)).toEqual(defaultContours.levels);
	for (const { segments } of levels) {
		const distances = Array.from({ length: segments.length / 2 }, (_, end) =>
			Math.hypot(segments[2 * end] - 0.5, segments[2 * end + 1] - 0.5),
		);
		expect(Math.max(...distances)).toBeLessThan(0.15);
	}
	// A higher level lies within a lower one.
	expect(levels[2].segments.length).toBeLessThan(levels[0].segments.length);
	expect(densityContours(Float32Array.of(0, 0), () => false)).toEqual([]);
});
