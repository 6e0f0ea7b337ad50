// The k nearest neighbours of every point by Euclidean distance, exact: products of all pairs in blocks on the wasm
// module, then the true distances of those chosen. N points, K neighbours, D dimension.

import { rowDistance } from '../analysis/labelled-rows';
import { invariant } from '../util/errors';
import { NearestLists } from './nearest-lists';
import type { PointProducts } from './point-products';

export interface Neighbours {
	count: number;
	size: number;
	/** The nearest first, the point itself left out. [N, K] */
	ids: Int32Array;
	/** Euclidean. [N, K] */
	distances: Float32Array;
}

export const rowsAtOnce = 256;

/** `size` below the number of points. Yields the share that is done. */
export function* exactNeighbours(products: PointProducts, size: number): Generator<number, Neighbours> {
	const { count } = products;
	invariant(size < count, `${size} neighbours of ${count} points`);
	const found = emptyNeighbours(count, size);
	const lists = new NearestLists(rowsAtOnce, size);
	const columnsAtOnce = Math.floor(products.maxProducts / rowsAtOnce);
	for (let first = 0; first < count; first += rowsAtOnce) {
		const rows = Math.min(rowsAtOnce, count - first);
		lists.clear();
		for (let column = 0; column < count; column += columnsAtOnce) {
			const columns = Math.min(columnsAtOnce, count - column);
			const block = products.block(first, rows, column, columns);
			for (let row = 0; row < rows; row++) {
				lists.offer(row, first + row, block, row * columns, columns, products.squares, column);
			}
			yield (first + (rows * column) / count) / count;
		}
		for (let row = 0; row < rows; row++) settleRow(products, lists, row, first + row, found, first + row);
	}
	return found;
}

/** Ids of the `size` nearest of each point, at most as many as are there. [N, size] */
export function nearestIds({ count, size: stored, ids }: Neighbours, size: number): Int32Array {
	const kept = Math.min(size, stored);
	const out = new Int32Array(count * kept);
	for (let row = 0; row < count; row++) out.set(ids.subarray(row * stored, row * stored + kept), row * kept);
	return out;
}

/** Room for `size` neighbours of each of `count` points. */
export function emptyNeighbours(count: number, size: number): Neighbours {
	return { count, size, ids: new Int32Array(count * size), distances: new Float32Array(count * size) };
}

/** Writes a list, with true distances and sorted by them, to row `target`. Float32 keys lose digits where points lie close. */
export function settleRow(
	products: PointProducts,
	lists: Pick<NearestLists, 'ids'>,
	row: number,
	point: number,
	found: Neighbours,
	target: number,
): void {
	const { size, ids, distances } = found;
	const start = target * size;
	const { values, dimension } = products;
	for (let rank = 0; rank < size; rank++) {
		const id = lists.ids[row * size + rank];
		const distance = id < 0 ? Number.POSITIVE_INFINITY : rowDistance(values, dimension, point, id);
		let slot = start + rank;
		while (slot > start && isAfter(distances[slot - 1], ids[slot - 1], distance, id)) {
			distances[slot] = distances[slot - 1];
			ids[slot] = ids[slot - 1];
			slot--;
		}
		distances[slot] = distance;
		ids[slot] = id;
	}
}

function isAfter(distance: number, id: number, otherDistance: number, otherId: number): boolean {
	return distance > Math.fround(otherDistance) || (distance === Math.fround(otherDistance) && id > otherId);
}
