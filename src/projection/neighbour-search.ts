// Which way to nearest neighbours for how many points: all pairs, or nearby cells.

import { cellCount, cellNeighbours } from './cell-neighbours';
import { exactNeighbours, type Neighbours } from './neighbours';
import { PointProducts } from './point-products';
import { checkPoints, type Points, type ProjectionSettings } from './projection-settings';

const cellsFrom = 20_000;
/** Below this cells would hold fewer points than a point wants neighbours. */
const minForCells = 4000;

/** Points ready for a search of this kind. UserError `wasm-no-simd`, `wasm-not-loaded`. */
export function openForSearch(points: Points, asked: ProjectionSettings['neighbours']): Promise<PointProducts> {
	const { count } = points;
	const isByCells = asked === 'auto' ? count >= cellsFrom : asked === 'approximate' && count >= minForCells;
	return PointProducts.open(points, { spareRows: isByCells ? cellCount(count) : 0 });
}

/** Yields the share that is done. */
export function searchNeighbours(products: PointProducts, size: number, seed: number): Generator<number, Neighbours> {
	return products.spareRows > 0 ? cellNeighbours(products, size, seed) : exactNeighbours(products, size);
}

/** The `size` nearest neighbours of each point without a projection, fewer where there are too few points; for at least two
 *  points. Yields the share that is done. UserError as `checkPoints` has them, and `wasm-no-simd`, `wasm-not-loaded`. */
export async function findNeighbours(
	points: Points,
	size: number,
	{ neighbours, seed }: Pick<ProjectionSettings, 'neighbours' | 'seed'>,
): Promise<Generator<number, Neighbours>> {
	checkPoints(points);
	const products = await openForSearch(points, neighbours);
	return searchNeighbours(products, Math.min(size, points.count - 1), seed);
}
