// What every way of computing the repulsion offers, and the way that sums all pairs.

import { repelExactly } from './pair-forces';

export interface Repulsion {
	/** Writes the sums of w^2 (y_i - y_j) to `out` [N, 2]; returns the sum of w over all ordered pairs. Yields between slices. */
	compute(map: Float32Array, out: Float32Array): Generator<void, number>;
}

const pairsAtOnce = 4_000_000;

export function exactRepulsion(count: number): Repulsion {
	const rowsAtOnce = Math.max(1, Math.floor(pairsAtOnce / count));
	return {
		*compute(map, out) {
			let total = 0;
			for (let first = 0; first < count; first += rowsAtOnce) {
				if (first > 0) yield;
				total += repelExactly(map, first, Math.min(count, first + rowsAtOnce), out);
			}
			return total;
		},
	};
}
