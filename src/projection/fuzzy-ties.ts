// How strongly UMAP ties each pair of points: 1 at the nearest neighbour's distance, falling off so that a point's ties sum to log2 of
// their number, made symmetric as the probability that one of both holds (McInnes, Healy and Melville 2018, section 3). N points, K neighbours.

import type { Neighbours } from './neighbours';
import { joinRows, type SparseRows, transposeRows } from './sparse-rows';

const rowsAtOnce = 2048;
const searchSteps = 64;
/** Narrowest fall-off, in mean distances of a point's neighbours. */
const minWidth = 1e-3;

/** Symmetric, 0 to 1. Yields between slices. */
export function* fuzzyTies({ count, size, ids, distances }: Neighbours): Generator<number, SparseRows> {
	const values = new Float32Array(count * size);
	for (let row = 0; row < count; row++) {
		const range = [row * size, (row + 1) * size] as const;
		tieStrengths(distances.subarray(...range), values.subarray(...range));
		if (row % rowsAtOnce === 0) yield row / count;
	}
	const rowStarts = Int32Array.from({ length: count + 1 }, (_, row) => row * size);
	const backward = yield* transposeRows({ count, rowStarts, columns: ids, values });
	const forward = yield* transposeRows(backward); // the same as the start, but with ascending columns
	return yield* joinRows(forward, backward, (left, right) => left + right - left * right);
}

/** exp(-(d - nearest) / width), with the width at which they sum to log2(K + 1). Distances ascend. */
export function tieStrengths(distances: Float32Array, out: Float32Array): void {
	const nearest = distances.find((distance) => distance > 0) ?? 0;
	const target = Math.log2(distances.length + 1);
	let [low, high, width] = [0, Number.POSITIVE_INFINITY, 1];
	for (let step = 0; step < searchSteps; step++) {
		let sum = 0;
		for (const distance of distances) sum += Math.exp(-Math.max(0, distance - nearest) / width);
		if (Math.abs(sum - target) < 1e-5) break;
		if (sum > target) high = width;
		else low = width;
		width = high === Number.POSITIVE_INFINITY ? 2 * width : (low + high) / 2;
	}
	let mean = 0;
	for (const distance of distances) mean += distance / distances.length;
	width = Math.max(width, minWidth * mean, Number.MIN_VALUE);
	for (let k = 0; k < out.length; k++) out[k] = Math.exp(-Math.max(0, distances[k] - nearest) / width);
}
