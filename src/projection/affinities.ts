// How strongly each pair of points attracts: a Gaussian around every point, as wide as its perplexity asks, over its
// nearest neighbours, made symmetric (van der Maaten and Hinton 2008; over neighbours only: van der Maaten 2014).
// N points, K neighbours, E stored pairs.

import type { Neighbours } from './neighbours';

/** A symmetric sparse matrix in compressed rows, columns ascending; all values sum to 1. */
export interface Affinities {
	count: number;
	/** [N + 1] */
	rowStarts: Int32Array;
	/** [E] */
	columns: Int32Array;
	/** [E] */
	values: Float32Array;
}

const rowsAtOnce = 128;
const mostSearchSteps = 60;

/** Yields the share that is done. */
export function* neighbourAffinities(neighbours: Neighbours, perplexity: number): Generator<number, Affinities> {
	const { count, size, ids, distances } = neighbours;
	const conditional = new Float32Array(count * size);
	for (let row = 0; row < count; row++) {
		const range = [row * size, (row + 1) * size] as const;
		conditionalProbabilities(distances.subarray(...range), perplexity, conditional.subarray(...range));
		if (row % rowsAtOnce === 0) yield row / count / 2;
	}
	const rowStarts = Int32Array.from({ length: count + 1 }, (_, row) => row * size);
	const backward = transpose({ count, rowStarts, columns: ids, values: conditional });
	yield 0.75;
	const forward = transpose(backward); // the same as the start, but with ascending columns
	return sumOfTwo(forward, backward, 0.5 / count);
}

/** exp(-precision d^2), normalised, with the precision at which its entropy is log(perplexity): by bisection on the
 *  logarithm, with Newton's step instead of the middle where that stays inside. Returns the precision. */
export function conditionalProbabilities(distances: Float32Array, perplexity: number, out: Float32Array): number {
	const target = Math.log(perplexity);
	let mean = 0;
	let nearest = Number.POSITIVE_INFINITY;
	for (const distance of distances) {
		mean += distance * distance;
		nearest = Math.min(nearest, distance * distance);
	}
	mean /= distances.length;
	let logPrecision = -Math.log(Math.max(mean - nearest, 1e-30));
	let low = logPrecision - 40;
	let high = logPrecision + 60;
	for (let step = 0; step < mostSearchSteps; step++) {
		const { entropy, variance } = entropyAt(Math.exp(logPrecision), distances, nearest, out);
		const excess = entropy - target;
		if (Math.abs(excess) < 1e-5) break;
		if (excess > 0) low = logPrecision;
		else high = logPrecision;
		const guess = variance > 1e-12 ? logPrecision + excess / variance : Number.NaN;
		logPrecision = guess > low && guess < high ? guess : (low + high) / 2;
	}
	return Math.exp(logPrecision);
}

/** Fills in the probabilities; `variance` is that of precision x d^2, which is minus the slope of the entropy by log precision. */
function entropyAt(precision: number, distances: Float32Array, nearest: number, out: Float32Array) {
	let sum = 0;
	let first = 0;
	let second = 0;
	for (let k = 0; k < distances.length; k++) {
		const exponent = precision * (distances[k] * distances[k] - nearest);
		const weight = Math.exp(-exponent);
		out[k] = weight;
		sum += weight;
		first += weight * exponent;
		second += weight * exponent * exponent;
	}
	const scale = 1 / sum;
	for (let k = 0; k < out.length; k++) out[k] *= scale;
	first *= scale;
	return { entropy: Math.log(sum) + first, variance: second * scale - first * first };
}

/** Columns come out ascending. */
function transpose({ count, rowStarts, columns, values }: Affinities): Affinities {
	const starts = new Int32Array(count + 1);
	for (const column of columns) starts[column + 1]++;
	for (let row = 0; row < count; row++) starts[row + 1] += starts[row];
	const next = starts.slice();
	const out: Affinities = {
		count,
		rowStarts: starts,
		columns: new Int32Array(columns.length),
		values: new Float32Array(columns.length),
	};
	for (let row = 0; row < count; row++) {
		for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
			const place = next[columns[entry]]++;
			out.columns[place] = row;
			out.values[place] = values[entry];
		}
	}
	return out;
}

/** scale (left + right); both with ascending columns. */
function sumOfTwo(left: Affinities, right: Affinities, scale: number): Affinities {
	const { count } = left;
	const rowStarts = new Int32Array(count + 1);
	const columns = new Int32Array(left.columns.length + right.columns.length);
	const values = new Float32Array(columns.length);
	let place = 0;
	for (let row = 0; row < count; row++) {
		let a = left.rowStarts[row];
		let b = right.rowStarts[row];
		const [endA, endB] = [left.rowStarts[row + 1], right.rowStarts[row + 1]];
		while (a < endA || b < endB) {
			const columnA = a < endA ? left.columns[a] : count;
			const columnB = b < endB ? right.columns[b] : count;
			columns[place] = Math.min(columnA, columnB);
			let sum = 0;
			if (columnA <= columnB) sum += left.values[a++];
			if (columnB <= columnA) sum += right.values[b++];
			values[place++] = sum * scale;
		}
		rowStarts[row + 1] = place;
	}
	return { count, rowStarts, columns: columns.slice(0, place), values: values.slice(0, place) };
}
