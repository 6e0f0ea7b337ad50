// Nearly the k nearest neighbours of every point, for many points: k-means cuts the space into cells, and the points of a cell
// are compared with those of its nearest cells only, in blocks on the wasm module (an inverted file; Jégou et al. 2011).
// N points, C cells, K neighbours.

import { invariant } from '../util/errors';
import { RandomStream } from '../util/random';
import { NearestLists } from './nearest-lists';
import { emptyNeighbours, type Neighbours, rowsAtOnce, settleRow } from './neighbours';
import type { PointProducts } from './point-products';

const pointsPerCell = 400;
const rounds = 5;
const samplesPerCell = 64;
/** Share of the cells that are searched, and at least how many. */
const probedShare = 0.04;
const minProbed = 16;

/** Cells for that many points; `cellNeighbours` needs as many spare rows. */
export function cellCount(count: number): number {
	return Math.max(1, Math.round(count / pointsPerCell));
}

/** Puts the points of `products` into the order of their cells; ids are those of before. Looks into
 *  `probed` cells for each point. Yields the share that is done. */
export function* cellNeighbours(
	products: PointProducts,
	size: number,
	seed: number,
	probed = Math.max(minProbed, Math.ceil(probedShare * products.spareRows)),
): Generator<number, Neighbours> {
	const { count } = products;
	const cells = products.spareRows;
	invariant(cells > 0, 'cells need spare rows for their centroids');
	yield* findCentroids(products, new RandomStream(seed));
	const assigned = yield* assignAll(products);
	const starts = new Int32Array(cells + 1);
	for (const cell of assigned) starts[cell + 1]++;
	for (let cell = 0; cell < cells; cell++) starts[cell + 1] += starts[cell];
	const order = new Int32Array(count);
	const next = starts.slice();
	for (const [point, cell] of assigned.entries()) order[next[cell]++] = point;
	products.reorder(order);
	const found = emptyNeighbours(count, size);
	const lists = new NearestLists(rowsAtOnce, size);
	for (let cell = 0; cell < cells; cell++) {
		const near = nearestCells(products, cell, starts, probed, size);
		for (let first = starts[cell]; first < starts[cell + 1]; first += rowsAtOnce) {
			const rows = Math.min(rowsAtOnce, starts[cell + 1] - first);
			yield* searchBlock(products, lists, first, rows, near, starts);
			for (let row = 0; row < rows; row++) settleRow(products, lists, row, first + row, found, order[first + row]);
		}
	}
	for (let k = 0; k < found.ids.length; k++) found.ids[k] = order[found.ids[k]];
	return found;
}

/** Lloyd's rounds on blocks of points drawn by chance; a cell that nobody chose keeps its centroid. */
function* findCentroids(products: PointProducts, random: RandomStream): Generator<number> {
	const { count, dimension, spareRows: cells } = products;
	const { values, spare } = products;
	const chosen = random.permutation(count);
	for (let cell = 0; cell < cells; cell++) {
		const from = chosen[cell] * dimension;
		spare.set(values.subarray(from, from + dimension), cell * dimension);
	}
	const blocks = Math.ceil(Math.min(count, samplesPerCell * cells) / rowsAtOnce);
	for (let round = 0; round < rounds; round++) {
		const sums = new Float64Array(cells * dimension);
		const counts = new Int32Array(cells);
		const squares = centroidSquares(products);
		const wholeBlocks = random.permutation(Math.ceil(count / rowsAtOnce)).subarray(0, blocks);
		for (const [done, block] of wholeBlocks.entries()) {
			const first = block * rowsAtOnce;
			const rows = Math.min(rowsAtOnce, count - first);
			for (const [row, cell] of assignBlock(products, first, rows, squares).entries()) {
				counts[cell]++;
				const from = (first + row) * dimension;
				for (let k = 0; k < dimension; k++) sums[cell * dimension + k] += values[from + k];
			}
			yield (0.1 * (round + done / blocks)) / rounds;
		}
		for (let cell = 0; cell < cells; cell++) {
			if (counts[cell] === 0) continue;
			for (let k = cell * dimension; k < (cell + 1) * dimension; k++) spare[k] = sums[k] / counts[cell];
		}
	}
}

function* assignAll(products: PointProducts): Generator<number, Int32Array> {
	const { count } = products;
	const squares = centroidSquares(products);
	const assigned = new Int32Array(count);
	for (let first = 0; first < count; first += rowsAtOnce) {
		const rows = Math.min(rowsAtOnce, count - first);
		assigned.set(assignBlock(products, first, rows, squares), first);
		yield 0.1;
	}
	return assigned;
}

function assignBlock(products: PointProducts, first: number, rows: number, squares: Float32Array): Int32Array {
	const cells = products.spareRows;
	const block = products.block(first, rows, products.count, cells);
	return Int32Array.from({ length: rows }, (_, row) => {
		let best = 0;
		let least = Number.POSITIVE_INFINITY;
		for (let cell = 0; cell < cells; cell++) {
			const key = squares[cell] - 2 * block[row * cells + cell];
			if (key < least) [least, best] = [key, cell];
		}
		return best;
	});
}

function centroidSquares({ spare, spareRows, dimension }: PointProducts): Float32Array {
	return Float32Array.from({ length: spareRows }, (_, cell) => {
		let sum = 0;
		for (let k = cell * dimension; k < (cell + 1) * dimension; k++) sum += spare[k] * spare[k];
		return sum;
	});
}

/** The cell itself, then the nearest by centroid: as many as requested, and more until they hold enough points. */
function nearestCells(
	products: PointProducts,
	cell: number,
	starts: Int32Array,
	wanted: number,
	size: number,
): number[] {
	const { spare, dimension, spareRows: cells } = products;
	const distances = Float64Array.from({ length: cells }, (_, other) => {
		let sum = 0;
		for (let k = 0; k < dimension; k++) sum += (spare[cell * dimension + k] - spare[other * dimension + k]) ** 2;
		return other === cell ? -1 : sum;
	});
	const order = Array.from(distances.keys()).sort((a, b) => distances[a] - distances[b] || a - b);
	let points = 0;
	let taken = 0;
	while (taken < order.length && (taken < wanted || points <= 2 * size)) {
		points += starts[order[taken] + 1] - starts[order[taken]];
		taken++;
	}
	return order.slice(0, taken);
}

function* searchBlock(
	products: PointProducts,
	lists: NearestLists,
	first: number,
	rows: number,
	near: readonly number[],
	starts: Int32Array,
): Generator<number> {
	const columnsAtOnce = Math.floor(products.maxProducts / rowsAtOnce);
	lists.clear();
	for (const cell of near) {
		for (let column = starts[cell]; column < starts[cell + 1]; column += columnsAtOnce) {
			const columns = Math.min(columnsAtOnce, starts[cell + 1] - column);
			const block = products.block(first, rows, column, columns);
			for (let row = 0; row < rows; row++) {
				lists.offer(row, first + row, block, row * columns, columns, products.squares, column);
			}
		}
		yield 0.1 + (0.9 * first) / products.count;
	}
}
