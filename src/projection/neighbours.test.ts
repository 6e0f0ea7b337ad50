import { expect, test } from 'vitest';
import { rowDistance } from '../analysis/labelled-rows';
import { drawClusters, neighboursBySorting, resultOf } from '../testing/labelled-points';
import { exactNeighbours, nearestIds } from './neighbours';
import { PointProducts } from './point-products';

test.each([
	[5, 3, 4],
	[150, 7, 10],
	[300, 16, 31],
])('%d points of %d dimensions: the %d nearest are those of sorting', async (count, dimension, size) => {
	const points = drawClusters({ count, dimension, clusters: 4 });
	const products = await PointProducts.open(points, { maxProducts: 256 * 50 }); // several blocks of columns
	const { ids, distances } = resultOf(exactNeighbours(products, size));
	const expected = neighboursBySorting(points.values, dimension, size);
	expect(Array.from({ length: count }, (_, row) => [...ids.subarray(row * size, (row + 1) * size)])).toEqual(expected);
	expect(distances[0]).toBeCloseTo(rowDistance(points.values, dimension, 0, expected[0][0]), 5);
});

test('equal points are neighbours at distance 0, not lost', async () => {
	const values = Float32Array.from([1, 1, 1, 1, 1, 1, 9, 9]);
	const products = await PointProducts.open({ values, count: 4, dimension: 2 });
	const { ids, distances } = resultOf(exactNeighbours(products, 2));
	expect([...ids.subarray(0, 6)]).toEqual([1, 2, 0, 2, 0, 1]);
	expect([...distances.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('yields between blocks, so that others can work', async () => {
	const products = await PointProducts.open(drawClusters({ count: 800 }));
	const shares = [...exactNeighbours(products, 5)];
	expect(shares.length).toBeGreaterThan(2);
	expect(shares).toEqual(shares.toSorted((left, right) => left - right));
});

test('the nearest two of three stored neighbours are the first two of each row', () => {
	const stored = { count: 2, size: 3, ids: Int32Array.of(7, 8, 9, 4, 5, 6), distances: new Float32Array(6) };
	expect([...nearestIds(stored, 2)]).toEqual([7, 8, 4, 5]);
	expect([...nearestIds(stored, 5)]).toEqual([7, 8, 9, 4, 5, 6]);
});
