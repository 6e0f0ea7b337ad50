// How far training tears the tokens of one entity type apart by their position, as one number: what NerCo (Zhang et al.,
// IJCAI 2023) claims its contrastive stage mends.

import {
	centroidOf,
	distanceOf,
	type LabelledRows,
	type MeasureByType,
	meanPairDistance,
	normalizedRows,
	sumByGroup,
} from './labelled-rows';

/** Types with fewer tokens than this at either position have no index. */
const minTokensForIndex = 5;

/**
 * Segmentation index of type X: the Euclidean distance between the centroids of its B- and its I- tokens, over the mean distance
 * between the centroids of the types that have an index, on L2-normalised representations made with dropout off. From 0 (position
 * leaves no trace) up; 1 means that B-X and I-X lie as far apart as two types do. Null for a type with fewer than 5 tokens at either
 * position, and everywhere where fewer than two types remain. `overall` is the mean over types.
 * `isBegin` [N] is 1 for the first token of a mention and 0 within it.
 */
export function segmentationIndex(rows: LabelledRows, isBegin: Uint8Array): MeasureByType {
	const { dimension, types, typeCount } = rows;
	const units = normalizedRows(rows.values, dimension);
	const positions = types.map((type, row) => (type < 0 ? -1 : 2 * type + (isBegin[row] ? 0 : 1)));
	const byPosition = sumByGroup(units, dimension, positions, 2 * typeCount);
	const byType = sumByGroup(units, dimension, types, typeCount);
	const isCounted = (type: number) =>
		Math.min(byPosition.counts[2 * type], byPosition.counts[2 * type + 1]) >= minTokensForIndex;
	const counted = Array.from({ length: typeCount }, (_, type) => type).filter(isCounted);
	const apart = meanPairDistance(counted.map((type) => centroidOf(byType, type, dimension)!));
	const indexOf = (type: number): number | null => {
		if (!isCounted(type) || !apart) return null;
		const begin = centroidOf(byPosition, 2 * type, dimension)!;
		const inside = centroidOf(byPosition, 2 * type + 1, dimension)!;
		return distanceOf(begin, inside) / apart;
	};
	const values = Array.from({ length: typeCount }, (_, type) => indexOf(type));
	const present = values.filter((value) => value !== null);
	return {
		overall: present.length === 0 ? null : present.reduce((sum, value) => sum + value) / present.length,
		byType: values,
	};
}
