// Representations in rows with the entity type of each, as the measures of a space take them, and sums over them that several
// measures need. N rows, D width, T types.

export interface LabelledRows {
	/** [N, D] */
	values: Float32Array;
	count: number;
	dimension: number;
	/** 0 to T - 1; -1 for tokens outside all mentions, which no measure of types counts. [N] */
	types: Int32Array;
	typeCount: number;
}

/** A number for all types together and one for each; null where it has no value ("—"). */
export interface MeasureByType {
	overall: number | null;
	/** [T] */
	byType: (number | null)[];
}

/** Rows of length 1; rows of zeros stay. [N, D] */
export function normalizedRows(values: Float32Array, dimension: number): Float32Array {
	const out = new Float32Array(values.length);
	for (let start = 0; start < values.length; start += dimension) {
		let square = 0;
		for (let k = start; k < start + dimension; k++) square += values[k] * values[k];
		const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
		for (let k = start; k < start + dimension; k++) out[k] = values[k] * factor;
	}
	return out;
}

export interface GroupSums {
	/** Rows in each group. [groups] */
	counts: Int32Array;
	/** [groups, D] */
	sums: Float64Array;
}

/** Sums of rows by group; rows of group -1 are left out. */
export function sumByGroup(values: Float32Array, dimension: number, groups: Int32Array, groupCount: number): GroupSums {
	const counts = new Int32Array(groupCount);
	const sums = new Float64Array(groupCount * dimension);
	for (let row = 0; row < groups.length; row++) {
		const group = groups[row];
		if (group < 0) continue;
		counts[group]++;
		for (let k = 0; k < dimension; k++) sums[group * dimension + k] += values[row * dimension + k];
	}
	return { counts, sums };
}

/** The mean of a group, or null where it is empty. [D] */
export function centroidOf({ counts, sums }: GroupSums, group: number, dimension: number): Float64Array | null {
	if (counts[group] === 0) return null;
	return sums.slice(group * dimension, (group + 1) * dimension).map((sum) => sum / counts[group]);
}

/** Euclidean distance between two vectors of one length. */
export function distanceOf(left: ArrayLike<number>, right: ArrayLike<number>): number {
	let sum = 0;
	for (let k = 0; k < left.length; k++) sum += (left[k] - right[k]) ** 2;
	return Math.sqrt(sum);
}

/** Euclidean distance between two rows of [N, D]; without views, because it is asked for millions of pairs. */
export function rowDistance(values: Float32Array, dimension: number, left: number, right: number): number {
	let sum = 0;
	for (let k = 0, a = left * dimension, b = right * dimension; k < dimension; k++, a++, b++) {
		const difference = values[a] - values[b];
		sum += difference * difference;
	}
	return Math.sqrt(sum);
}

/** Mean distance between any two of the points; null for fewer than two. */
export function meanPairDistance(points: readonly Float64Array[]): number | null {
	let sum = 0;
	let pairs = 0;
	for (let a = 0; a < points.length; a++) {
		for (let b = 0; b < a; b++) {
			sum += distanceOf(points[a], points[b]);
			pairs++;
		}
	}
	return pairs === 0 ? null : sum / pairs;
}

/** Null where nothing was counted. */
export function meanOrNull(sum: number, count: number): number | null {
	return count === 0 ? null : sum / count;
}
