// How wide types are and how far they stand apart.

import {
	centroidOf,
	distanceOf,
	type LabelledRows,
	type MeasureByType,
	meanOrNull,
	meanPairDistance,
	sumByGroup,
} from './labelled-rows';

export interface ClassDistances {
	/** Mean Euclidean distance of a token to the centroid of its type; at least 0. */
	within: MeasureByType;
	/** Mean Euclidean distance between the centroids of two types (a type: of its centroid to the others'); null for one type. */
	between: MeasureByType;
	/** within.overall / between.overall: the lower, the clearer the types; null where either has no value. */
	ratio: number | null;
}

/** In the given space as it is: normalise the rows first where lengths should not count. */
export function classDistances(rows: LabelledRows): ClassDistances {
	const { values, dimension, types, typeCount } = rows;
	const groups = sumByGroup(values, dimension, types, typeCount);
	const centroids = Array.from({ length: typeCount }, (_, type) => centroidOf(groups, type, dimension));
	const spread = new Float64Array(typeCount);
	for (const [row, type] of types.entries()) {
		const centroid = type < 0 ? null : centroids[type];
		if (centroid) spread[type] += distanceOf(centroid, values.subarray(row * dimension, (row + 1) * dimension));
	}
	const present = centroids.filter((centroid) => centroid !== null);
	const others = (centroid: Float64Array) =>
		meanOrNull(
			present.reduce((sum, other) => sum + distanceOf(centroid, other), 0),
			present.length - 1,
		);
	const tokens = groups.counts.reduce((sum, count) => sum + count, 0);
	const within = meanOrNull(
		spread.reduce((sum, value) => sum + value, 0),
		tokens,
	);
	const between = meanPairDistance(present);
	return {
		within: { overall: within, byType: Array.from(spread, (sum, type) => meanOrNull(sum, groups.counts[type])) },
		between: { overall: between, byType: centroids.map((centroid) => (centroid ? others(centroid) : null)) },
		ratio: within !== null && between ? within / between : null,
	};
}
