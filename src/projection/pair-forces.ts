// The two forces of t-SNE on a map, in plain form: what the fast ones are held against (van der Maaten and Hinton 2008): with w_ij = 1 / (1 + |y_i - y_j|^2),
// attraction sums p_ij w_ij (y_i - y_j), repulsion w_ij^2 (y_i - y_j) over all pairs, and the gradient of the divergence is
// 4 (attraction - repulsion / sum of w). Maps are [N, 2], x and y side by side.

import type { Affinities } from './affinities';

/** Of points [first, last), written to `out`. */
export function attract(
	affinities: Affinities,
	map: Float32Array,
	first: number,
	last: number,
	out: Float32Array,
): void {
	const { rowStarts, columns, values } = affinities;
	for (let point = first; point < last; point++) {
		const x = map[2 * point];
		const y = map[2 * point + 1];
		let forceX = 0;
		let forceY = 0;
		for (let entry = rowStarts[point]; entry < rowStarts[point + 1]; entry++) {
			const other = 2 * columns[entry];
			const dx = x - map[other];
			const dy = y - map[other + 1];
			const weight = values[entry] / (1 + dx * dx + dy * dy);
			forceX += weight * dx;
			forceY += weight * dy;
		}
		out[2 * point] = forceX;
		out[2 * point + 1] = forceY;
	}
}

/** Of points [first, last) from all others, written to `out`. Returns their sum of w, without w_ii. */
export function repelExactly(map: Float32Array, first: number, last: number, out: Float32Array): number {
	let total = 0;
	for (let point = first; point < last; point++) {
		const x = map[2 * point];
		const y = map[2 * point + 1];
		let forceX = 0;
		let forceY = 0;
		let sum = -1;
		for (let other = 0; other < map.length; other += 2) {
			const dx = x - map[other];
			const dy = y - map[other + 1];
			const weight = 1 / (1 + dx * dx + dy * dy);
			sum += weight;
			forceX += weight * weight * dx;
			forceY += weight * weight * dy;
		}
		out[2 * point] = forceX;
		out[2 * point + 1] = forceY;
		total += sum;
	}
	return total;
}

/** Share of points [first, last) in Kullback and Leibler's divergence of the map's q_ij = w_ij / weightSum from the affinities,
 *  in nats; over all points at least 0. */
export function divergenceOf(
	{ rowStarts, columns, values, count }: Affinities,
	map: Float32Array,
	weightSum: number,
	first = 0,
	last = count,
): number {
	let sum = 0;
	let mass = 0;
	for (let point = first; point < last; point++) {
		for (let entry = rowStarts[point]; entry < rowStarts[point + 1]; entry++) {
			const value = values[entry];
			if (value <= 0) continue;
			const other = columns[entry];
			const dx = map[2 * point] - map[2 * other];
			const dy = map[2 * point + 1] - map[2 * other + 1];
			sum += value * Math.log(value * (1 + dx * dx + dy * dy));
			mass += value;
		}
	}
	return sum + mass * Math.log(weightSum);
}
