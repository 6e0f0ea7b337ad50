// How strongly each pair of points attracts: a Gaussian around every point, as wide as its perplexity asks, over its
// nearest neighbours, made symmetric (van der Maaten and Hinton 2008; over neighbours only: van der Maaten 2014).
// N points, K neighbours.

import type { Neighbours } from './neighbours';
import { joinRows, type SparseRows, transposeRows, withinShares } from './sparse-rows';

/** A symmetric sparse matrix, columns ascending; all values sum to 1. */
export type Affinities = SparseRows;

const rowsAtOnce = 128;
const maxSearchSteps = 60;

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
	const given = { count, rowStarts, columns: ids, values: conditional };
	const backward = yield* withinShares(transposeRows(given), 0.5, 0.65);
	const forward = yield* withinShares(transposeRows(backward), 0.65, 0.8); // as given, but with ascending columns
	return yield* withinShares(
		joinRows(forward, backward, (left, right) => (left + right) * (0.5 / count)),
		0.8,
		1,
	);
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
	for (let step = 0; step < maxSearchSteps; step++) {
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
