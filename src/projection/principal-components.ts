// Principal components: the axes along which centred points spread most (Pearson 1901). The covariance is exact; its
// leading eigenvectors come by orthogonal iteration with Rayleigh-Ritz steps on a few more vectors than are wanted
// (Golub and Van Loan, "Matrix Computations", 8.2), until they no longer change. D dimension.

import { RandomStream } from '../util/random';
import type { PointProducts } from './point-products';

export interface PrincipalComponents {
	/** Unit vectors in rows, the widest first; the coordinate of greatest size is positive in each. [axes, D] */
	axes: Float64Array;
	/** Variance along each axis (divisor N). [axes] */
	variances: Float64Array;
}

const moreVectors = 10;
const maxSweeps = 400;
const rowsAtOnce = 4096;

/** Yields the share that is done. */
export function* principalComponents(products: PointProducts, wanted = 2): Generator<number, PrincipalComponents> {
	const { count, dimension } = products;
	const covariance = new Float64Array(dimension * dimension);
	for (let first = 0; first < count; first += rowsAtOnce) {
		const sums = products.covariance(first, Math.min(rowsAtOnce, count - first));
		for (let element = 0; element < sums.length; element++) covariance[element] += sums[element] / count;
		yield first / count;
	}
	return yield* leadingEigenvectors(covariance, dimension, Math.min(wanted, dimension));
}

/** Coordinates along each axis. [N, axes] */
export function projectOnAxes(products: PointProducts, { axes }: PrincipalComponents): Float32Array {
	const { values, count, dimension } = products;
	const width = axes.length / dimension;
	const out = new Float32Array(count * width);
	for (let row = 0; row < count; row++) {
		for (let axis = 0; axis < width; axis++) {
			let sum = 0;
			for (let k = 0; k < dimension; k++) sum += values[row * dimension + k] * axes[axis * dimension + k];
			out[row * width + axis] = sum;
		}
	}
	return out;
}

/** Of a symmetric matrix without negative eigenvalues, [size, size]. Yields the share that is done. */
export function* leadingEigenvectors(
	matrix: Float64Array,
	size: number,
	wanted: number,
): Generator<number, PrincipalComponents> {
	const width = Math.min(size, wanted + moreVectors);
	const random = new RandomStream(1);
	let basis = Float64Array.from({ length: width * size }, () => random.uniform() - 0.5); // [width, size]
	orthonormalize(basis, width, size);
	let values = new Float64Array(width);
	for (let sweep = 0; sweep < maxSweeps; sweep++) {
		const image = multiplyRows(basis, matrix, width, size);
		const { vectors, values: next } = jacobiEigen(productOfRows(basis, image, width, size), width);
		const turned = combineRows(vectors, image, width, size);
		const change = relativeChange(values, next, wanted);
		basis = turned;
		values = next;
		orthonormalize(basis, width, size);
		if (sweep > 2 && change < 1e-13 && residual(basis, matrix, values, wanted, size) < 1e-9) break;
		yield sweep / maxSweeps;
	}
	const axes = basis.slice(0, wanted * size);
	for (let axis = 0; axis < wanted; axis++) fixSign(axes.subarray(axis * size, (axis + 1) * size));
	return { axes, variances: values.slice(0, wanted).map((value) => Math.max(0, value)) };
}

function fixSign(vector: Float64Array): void {
	let greatest = 0;
	for (const value of vector) if (Math.abs(value) > Math.abs(greatest) * (1 + 1e-9)) greatest = value;
	if (greatest < 0) for (let k = 0; k < vector.length; k++) vector[k] = -vector[k];
}

/** Gram and Schmidt, twice for the digits; a row that vanishes becomes a coordinate axis that is still free. */
function orthonormalize(rows: Float64Array, count: number, size: number): void {
	for (let row = 0, spare = 0; row < count; row++) {
		const vector = rows.subarray(row * size, (row + 1) * size);
		const before = lengthOf(vector);
		for (let pass = 0; pass < 2; pass++) subtractEarlier(rows, row, size);
		while (lengthOf(vector) <= 1e-12 * before || lengthOf(vector) === 0) {
			vector.fill(0);
			vector[spare++] = 1;
			for (let pass = 0; pass < 2; pass++) subtractEarlier(rows, row, size);
			if (lengthOf(vector) > 1e-6) break;
		}
		const length = lengthOf(vector);
		for (let k = 0; k < size; k++) vector[k] /= length;
	}
}

function subtractEarlier(rows: Float64Array, row: number, size: number): void {
	for (let earlier = 0; earlier < row; earlier++) {
		let product = 0;
		for (let k = 0; k < size; k++) product += rows[earlier * size + k] * rows[row * size + k];
		for (let k = 0; k < size; k++) rows[row * size + k] -= product * rows[earlier * size + k];
	}
}

function lengthOf(vector: Float64Array): number {
	let sum = 0;
	for (const value of vector) sum += value * value;
	return Math.sqrt(sum);
}

/** rows times a symmetric matrix: [count, size] */
function multiplyRows(
	rows: Float64Array,
	matrix: Float64Array,
	count: number,
	size: number,
): Float64Array<ArrayBuffer> {
	const out = new Float64Array(count * size);
	for (let row = 0; row < count; row++) {
		for (let k = 0; k < size; k++) {
			const factor = rows[row * size + k];
			for (let column = 0; column < size; column++) out[row * size + column] += factor * matrix[k * size + column];
		}
	}
	return out;
}

/** left right^T: [count, count], made symmetric. */
function productOfRows(left: Float64Array, right: Float64Array, count: number, size: number): Float64Array {
	const out = new Float64Array(count * count);
	for (let row = 0; row < count; row++) {
		for (let column = 0; column <= row; column++) {
			let sum = 0;
			for (let k = 0; k < size; k++) sum += left[row * size + k] * right[column * size + k];
			out[row * count + column] = sum;
			out[column * count + row] = sum;
		}
	}
	return out;
}

/** weights [count, count] times rows [count, size]. */
function combineRows(
	weights: Float64Array,
	rows: Float64Array,
	count: number,
	size: number,
): Float64Array<ArrayBuffer> {
	const out = new Float64Array(count * size);
	for (let row = 0; row < count; row++) {
		for (let other = 0; other < count; other++) {
			const weight = weights[row * count + other];
			for (let k = 0; k < size; k++) out[row * size + k] += weight * rows[other * size + k];
		}
	}
	return out;
}

function relativeChange(before: Float64Array, after: Float64Array, wanted: number): number {
	let largest = 0;
	for (let k = 0; k < wanted; k++) largest = Math.max(largest, Math.abs(after[k] - before[k]));
	return largest / Math.max(after[0], Number.MIN_VALUE);
}

/** Greatest |matrix v - value v| over the greatest value. */
function residual(
	basis: Float64Array,
	matrix: Float64Array,
	values: Float64Array,
	wanted: number,
	size: number,
): number {
	const image = multiplyRows(basis, matrix, wanted, size);
	let largest = 0;
	for (let row = 0; row < wanted; row++) {
		let sum = 0;
		for (let k = 0; k < size; k++) sum += (image[row * size + k] - values[row] * basis[row * size + k]) ** 2;
		largest = Math.max(largest, Math.sqrt(sum));
	}
	return largest / Math.max(values[0], Number.MIN_VALUE);
}

/** All eigenvectors (in rows, the greatest value first) of a small symmetric matrix, by Jacobi's rotations. */
function jacobiEigen(input: Float64Array, size: number): { vectors: Float64Array; values: Float64Array<ArrayBuffer> } {
	const matrix = input.slice();
	const vectors = new Float64Array(size * size);
	for (let k = 0; k < size; k++) vectors[k * size + k] = 1;
	for (let sweep = 0; sweep < 30 && offDiagonal(matrix, size) > 1e-15 * lengthOf(matrix); sweep++) {
		for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
	}
	const order = Array.from({ length: size }, (_, k) => k);
	order.sort((left, right) => matrix[right * size + right] - matrix[left * size + left]);
	const sorted = new Float64Array(size * size);
	for (const [row, from] of order.entries()) sorted.set(vectors.subarray(from * size, (from + 1) * size), row * size);
	return { vectors: sorted, values: Float64Array.from(order, (k) => matrix[k * size + k]) };
}

function offDiagonal(matrix: Float64Array, size: number): number {
	let sum = 0;
	for (let row = 0; row < size; row++)
		for (let column = 0; column < row; column++) sum += matrix[row * size + column] ** 2;
	return Math.sqrt(2 * sum);
}

/** Turns rows and columns p and q so that element (p, q) becomes 0; `vectors` keeps the turned axes in rows. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
	const apart = matrix[p * size + q];
	if (apart === 0) return;
	const theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * apart);
	const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
	const cosine = 1 / Math.sqrt(tangent * tangent + 1);
	const sine = tangent * cosine;
	for (let k = 0; k < size; k++) {
		turn(matrix, k * size + p, k * size + q, cosine, sine);
	}
	for (let k = 0; k < size; k++) {
		turn(matrix, p * size + k, q * size + k, cosine, sine);
		turn(vectors, p * size + k, q * size + k, cosine, sine);
	}
}

function turn(numbers: Float64Array, p: number, q: number, cosine: number, sine: number): void {
	const [atP, atQ] = [numbers[p], numbers[q]];
	numbers[p] = cosine * atP - sine * atQ;
	numbers[q] = sine * atP + cosine * atQ;
}
