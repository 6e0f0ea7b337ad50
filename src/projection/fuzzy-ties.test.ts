import { expect, test } from 'vitest';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { fuzzyTies, tieStrengths } from './fuzzy-ties';
import { exactNeighbours } from './neighbours';
import { PointProducts } from './point-products';

test('ties of a point start at 1 and sum to log2 of their number and one', () => {
	const distances = Float32Array.of(0.5, 0.7, 1, 1.4, 2.5, 2.6, 4);
	const out = new Float32Array(distances.length);
	tieStrengths(distances, out);
	expect(out[0]).toBe(1);
	expect([...out]).toEqual([...out].sort((left, right) => right - left));
	expect(out.reduce((sum, value) => sum + value)).toBeCloseTo(3, 4);
});

test('neighbours at distance 0 are tied fully, and equal distances never give numbers that are not finite', () => {
	const out = new Float32Array(4);
	tieStrengths(Float32Array.of(0, 0, 1, 2), out);
	expect([...out.subarray(0, 3)]).toEqual([1, 1, 1]);
	for (const distance of [0, 3]) {
		tieStrengths(new Float32Array(4).fill(distance), out);
		expect([...out]).toEqual([1, 1, 1, 1]);
	}
});

test('a pair is tied by the probability that one of both ties holds', async () => {
	const points = drawClusters({ count: 30, dimension: 3 });
	const neighbours = resultOf(exactNeighbours(await PointProducts.open(points), 4));
	const ties = resultOf(fuzzyTies(neighbours));
	const direct = new Map<string, number>();
	for (let row = 0; row < 30; row++) {
		const out = new Float32Array(4);
		tieStrengths(neighbours.distances.subarray(4 * row, 4 * row + 4), out);
		for (const [k, value] of out.entries()) direct.set(`${row} ${neighbours.ids[4 * row + k]}`, value);
	}
	let stored = 0;
	for (let row = 0; row < 30; row++) {
		for (let entry = ties.rowStarts[row]; entry < ties.rowStarts[row + 1]; entry++, stored++) {
			const [there, back] = [direct.get(`${row} ${ties.columns[entry]}`), direct.get(`${ties.columns[entry]} ${row}`)];
			expect(ties.values[entry]).toBeCloseTo(1 - (1 - (there ?? 0)) * (1 - (back ?? 0)), 6);
		}
	}
	expect(stored).toBe(ties.values.length);
	expect(stored).toBeGreaterThanOrEqual(direct.size);
});
