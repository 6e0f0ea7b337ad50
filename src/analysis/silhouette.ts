// How much nearer tokens lie to their own type than to the next one, on a sample.

import { RandomStream } from '../util/random';
import { type LabelledRows, type MeasureByType, meanOrNull, rowDistance } from './labelled-rows';

export interface Silhouette extends MeasureByType {
	/** Tokens that were compared with each other. */
	sampled: number;
}

/**
 * Silhouette (Rousseeuw 1987): (b - a) / max(a, b) of a token, with a the mean Euclidean distance to the others of its type and b
 * the least mean distance to another type; a type's only token counts 0. -1 to 1, above 0 where types stand apart. Over at most
 * `most` tokens of mentions, drawn by the seed; null where the sample has fewer than two types.
 */
export function silhouette(rows: LabelledRows, { most = 1000, seed = 1 } = {}): Silhouette {
	const sample = sampleOfMentions(rows.types, most, seed);
	const sums = new Float64Array(rows.typeCount);
	const counts = new Int32Array(rows.typeCount);
	const sizes = new Int32Array(rows.typeCount);
	for (const row of sample) sizes[rows.types[row]]++;
	const isComparable = sizes.filter((size) => size > 0).length > 1;
	for (const row of isComparable ? sample : []) {
		sums[rows.types[row]] += widthOf(rows, row, sample, sizes);
		counts[rows.types[row]]++;
	}
	return {
		overall: isComparable ? sums.reduce((sum, value) => sum + value) / sample.length : null,
		byType: Array.from(sums, (sum, type) => meanOrNull(sum, counts[type])),
		sampled: sample.length,
	};
}

/** Rows with a type, at most so many, in ascending order. */
function sampleOfMentions(types: Int32Array, most: number, seed: number): Int32Array {
	const rows = Int32Array.from(types.keys()).filter((row) => types[row] >= 0);
	if (rows.length <= most) return rows;
	return new RandomStream(seed)
		.permutation(rows.length)
		.slice(0, most)
		.map((index) => rows[index])
		.sort();
}

function widthOf(
	{ values, dimension, types }: LabelledRows,
	row: number,
	sample: Int32Array,
	sizes: Int32Array,
): number {
	const own = types[row];
	if (sizes[own] === 1) return 0;
	const sums = new Float64Array(sizes.length);
	for (const other of sample) sums[types[other]] += rowDistance(values, dimension, row, other);
	const within = sums[own] / (sizes[own] - 1);
	let nearest = Number.POSITIVE_INFINITY;
	for (const [type, size] of sizes.entries()) {
		if (type !== own && size > 0) nearest = Math.min(nearest, sums[type] / size);
	}
	const greater = Math.max(within, nearest);
	return greater === 0 ? 0 : (nearest - within) / greater;
}
