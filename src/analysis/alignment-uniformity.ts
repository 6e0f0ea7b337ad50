// The two properties that a contrastive loss trades: tokens of one type near each other, all tokens spread over the sphere.

import { RandomStream } from '../util/random';
import {
	type LabelledRows,
	type MeasureByType,
	meanOrNull,
	normalizedRows,
	rowDistance,
	sumByGroup,
} from './labelled-rows';

/**
 * Alignment (Wang and Isola 2020, exponent 2): the mean squared Euclidean distance of two different tokens of one type, on
 * L2-normalised representations. 0 (all equal) to 4; lower is better aligned. Exact, over all pairs; null for types with fewer than
 * two tokens. `overall` is over all pairs of one type.
 */
export function alignment({ values, dimension, types, typeCount }: LabelledRows): MeasureByType {
	const units = normalizedRows(values, dimension);
	const { counts, sums } = sumByGroup(units, dimension, types, typeCount);
	const squares = new Float64Array(typeCount); // of all rows of a type: their count, but for rows of zeros
	for (const [row, type] of types.entries()) {
		if (type < 0) continue;
		for (let k = row * dimension; k < (row + 1) * dimension; k++) squares[type] += units[k] * units[k];
	}
	let total = 0;
	let pairs = 0;
	const byType = Array.from(counts, (count, type) => {
		if (count < 2) return null;
		let square = 0;
		for (let k = type * dimension; k < (type + 1) * dimension; k++) square += sums[k] * sums[k];
		// The sum over ordered pairs of |x - y|^2 is 2 count sum |x|^2 - 2 |sum x|^2.
		const sum = Math.max(0, 2 * count * squares[type] - 2 * square);
		total += sum;
		pairs += count * (count - 1);
		return sum / (count * (count - 1));
	});
	return { overall: meanOrNull(total, pairs), byType };
}

export interface Uniformity {
	value: number | null;
	/** Pairs that were drawn, or all where there are fewer. */
	pairs: number;
}

/**
 * Uniformity (Wang and Isola 2020, t = 2): log of the mean of exp(-2 |x - y|^2) over pairs of different tokens, on L2-normalised
 * representations. At most 0 (all equal); lower is more evenly spread, near -4 on a sphere of many dimensions. Over
 * at most `maxPairs` pairs, drawn by the seed; null for fewer than two tokens. Tokens outside mentions count too.
 */
export function uniformity(
	{ values, dimension, count }: Pick<LabelledRows, 'values' | 'dimension' | 'count'>,
	{ maxPairs = 100_000, seed = 1 } = {},
): Uniformity {
	if (count < 2) return { value: null, pairs: 0 };
	const units = normalizedRows(values, dimension);
	const term = (a: number, b: number) => Math.exp(-2 * rowDistance(units, dimension, a, b) ** 2);
	const all = (count * (count - 1)) / 2;
	let sum = 0;
	if (all <= maxPairs) {
		for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) sum += term(a, b);
		return { value: Math.log(sum / all), pairs: all };
	}
	const random = new RandomStream(seed);
	for (let pair = 0; pair < maxPairs; pair++) {
		const a = random.below(count);
		const b = random.below(count - 1);
		sum += term(a, b < a ? b : b + 1);
	}
	return { value: Math.log(sum / maxPairs), pairs: maxPairs };
}
