// Inner products between blocks of points on the module of the wasm device: what exact neighbours, cells and covariances
// are made of. The points are centred first, which changes no distance and saves digits. N points, D dimension.

import type { Kernels } from '../kernels/wasm/kernel-exports';
import { compileKernels, instantiateKernels } from '../kernels/wasm/load';
import { invariant } from '../util/errors';
import type { Points } from './projection-settings';
import { growTo } from './wasm/block-memory';

const floatBytes = 4;
/** What the products' last vectors may read beyond the end. */
const edgeBytes = 256;

/** Always the plain build: the same bits on every machine. */
let compiled: Promise<WebAssembly.Module> | null = null;

export class PointProducts {
	private constructor(
		private readonly kernels: Kernels,
		private readonly memory: WebAssembly.Memory,
		private readonly pointer: number,
		private readonly outPointer: number,
		readonly count: number,
		readonly dimension: number,
		/** Most products that one call makes. */
		readonly maxProducts: number,
		/** Squared lengths of the centred points. [N] */
		readonly squares: Float32Array,
		/** Rows behind the points that a caller may fill, such as centroids. */
		readonly spareRows: number,
		/** [D] */
		readonly mean: Float64Array,
	) {}

	/** Copies the points. Memory is given back with the object. UserError `wasm-no-simd`, `wasm-not-loaded`,
	 *  `projection-out-of-memory`. */
	static async open(points: Points, { maxProducts = 1 << 18, spareRows = 0 } = {}): Promise<PointProducts> {
		const { count, dimension } = points;
		compiled ??= compileKernels('plain');
		const memory = new WebAssembly.Memory({ initial: 1 });
		const kernels = instantiateKernels(await compiled, memory);
		const pointer = kernels.initialize(0);
		const outPointer = (pointer + (count + spareRows) * dimension * floatBytes + 63) & ~63;
		const end = outPointer + Math.max(maxProducts, dimension * dimension) * floatBytes;
		growTo(memory, end + edgeBytes);
		const values = new Float32Array(memory.buffer, pointer, count * dimension);
		const mean = meanOf(points);
		for (let row = 0, element = 0; row < count; row++) {
			for (let k = 0; k < dimension; k++, element++) values[element] = points.values[element] - mean[k];
		}
		const squares = squaredLengths(values, count, dimension);
		return new PointProducts(
			kernels,
			memory,
			pointer,
			outPointer,
			count,
			dimension,
			maxProducts,
			squares,
			spareRows,
			mean,
		);
	}

	/** The centred points. [N, D] */
	get values(): Float32Array {
		return new Float32Array(this.memory.buffer, this.pointer, this.count * this.dimension);
	}

	/** The rows behind the points, [spareRows, D]: rows `count` on for `block`. */
	get spare(): Float32Array {
		const start = this.pointer + this.count * this.dimension * floatBytes;
		return new Float32Array(this.memory.buffer, start, this.spareRows * this.dimension);
	}

	/** Puts the points into another order: row k becomes what row order[k] was. */
	reorder(order: Int32Array): void {
		const { values, dimension, squares } = this;
		const [oldValues, oldSquares] = [values.slice(), squares.slice()];
		for (const [row, from] of order.entries()) {
			values.set(oldValues.subarray(from * dimension, (from + 1) * dimension), row * dimension);
			squares[row] = oldSquares[from];
		}
	}

	/** Products of rows [firstRow, + rows) with rows [firstColumn, + columns): [rows, columns], valid until the next call. */
	block(firstRow: number, rows: number, firstColumn: number, columns: number): Float32Array {
		invariant(rows * columns <= this.maxProducts, `${rows} x ${columns} products at once`);
		const { dimension, pointer, outPointer } = this;
		const left = pointer + firstRow * dimension * floatBytes;
		const right = pointer + firstColumn * dimension * floatBytes;
		this.kernels.gemm(
			...([rows, columns, dimension, left, dimension, 1, right, 1, dimension, outPointer, columns] as const),
			false,
		);
		return new Float32Array(this.memory.buffer, outPointer, rows * columns);
	}

	/** Sum over rows [first, + rows) of x x^T: [D, D], valid until the next call. */
	covariance(first: number, rows: number): Float32Array {
		const { dimension, pointer, outPointer } = this;
		const start = pointer + first * dimension * floatBytes;
		this.kernels.gemm(
			...([dimension, dimension, rows, start, 1, dimension, start, dimension, 1, outPointer, dimension] as const),
			false,
		);
		return new Float32Array(this.memory.buffer, outPointer, dimension * dimension);
	}
}

function meanOf({ values, count, dimension }: Points): Float64Array {
	const mean = new Float64Array(dimension);
	for (let row = 0, element = 0; row < count; row++) {
		for (let k = 0; k < dimension; k++, element++) mean[k] += values[element];
	}
	return mean.map((sum) => sum / count);
}

function squaredLengths(values: Float32Array, count: number, dimension: number): Float32Array {
	const squares = new Float32Array(count);
	for (let row = 0, element = 0; row < count; row++) {
		let sum = 0;
		for (let k = 0; k < dimension; k++, element++) sum += values[element] * values[element];
		squares[row] = sum;
	}
	return squares;
}
