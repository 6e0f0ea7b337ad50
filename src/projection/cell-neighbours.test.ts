import { expect, test } from 'vitest';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { cellCount, cellNeighbours } from './cell-neighbours';
import { exactNeighbours } from './neighbours';
import { PointProducts } from './point-products';

const points = drawClusters({ count: 4000, dimension: 6, clusters: 40, spread: 1 });
const size = 10;

async function searchCells(seed: number) {
	const products = await PointProducts.open(points, { spareRows: cellCount(points.count) });
	return resultOf(cellNeighbours(products, size, seed, 5)); // of ten cells
}

test('cells find more than nine in ten of the true neighbours, each at its true distance', async () => {
	const exact = resultOf(exactNeighbours(await PointProducts.open(points), size));
	const found = await searchCells(1);
	let hits = 0;
	for (let row = 0; row < points.count; row++) {
		const range = [row * size, (row + 1) * size] as const;
		const truth = new Map(Array.from(exact.ids.subarray(...range), (id, k) => [id, exact.distances[range[0] + k]]));
		const ids = found.ids.subarray(...range);
		if (new Set(ids).size < size) throw new Error(`a neighbour of ${row} twice`);
		for (const [k, id] of ids.entries()) {
			if (!truth.has(id)) continue;
			hits++;
			if (truth.get(id) !== found.distances[range[0] + k]) throw new Error(`distance of ${row} and ${id}`);
		}
	}
	expect(hits / (points.count * size)).toBeGreaterThan(0.9);
});

test('the same seed finds the same neighbours', async () => {
	expect((await searchCells(4)).ids).toEqual((await searchCells(4)).ids);
});
