// Measures the quality of a map: trustworthiness, continuity and preserved neighbours, on a sample of its points against all of them.

import { neighbourPreservation, rankFaithfulness } from '../analysis/neighbourhood-ranks';
import { RandomStream } from '../util/random';

export interface MapQuality {
	/** Venna and Kaski 2001; 0 to 1. NaN for fewer than four points. */
	trustworthiness: number;
	continuity: number;
	/** Mean share of a point's nearest neighbours that are its nearest on the map too; 0 to 1. */
	preservation: number;
	/** Neighbours of a point that were compared; fewer where there are few points. */
	neighbours: number;
	/** Points whose neighbours were compared. */
	sampled: number;
}

/** `values` [N, D], `map` [N, 2]. Yields between points of the sample. */
export function* mapQuality(
	{ values, count, dimension }: { values: Float32Array; count: number; dimension: number },
	map: Float32Array,
	{ neighbours = 10, maxPoints = 500, seed = 1 } = {},
): Generator<void, MapQuality> {
	const size = Math.max(0, Math.min(neighbours, Math.ceil(count / 2) - 1));
	const sample = new RandomStream(seed).permutation(count).slice(0, maxPoints);
	const ranksInSpace = new Int32Array(sample.length * size);
	const ranksOnMap = new Int32Array(sample.length * size);
	for (const [row, point] of sample.entries()) {
		const inSpace = squaredDistances(values, dimension, count, point);
		const onMap = squaredDistances(map, 2, count, point);
		const nearestInSpace = nearestOf(inSpace, point, size);
		const nearestOnMap = nearestOf(onMap, point, size);
		ranksInSpace.set(ranksOf(nearestOnMap, inSpace, point), row * size);
		ranksOnMap.set(ranksOf(nearestInSpace, onMap, point), row * size);
		yield;
	}
	return {
		trustworthiness: rankFaithfulness(ranksInSpace, size, count),
		continuity: rankFaithfulness(ranksOnMap, size, count),
		preservation: neighbourPreservation(ranksOnMap, size),
		neighbours: size,
		sampled: sample.length,
	};
}

function squaredDistances(values: Float32Array, dimension: number, count: number, point: number): Float64Array {
	const out = new Float64Array(count);
	for (let other = 0, k = 0; other < count; other++) {
		let sum = 0;
		for (let at = point * dimension; at < (point + 1) * dimension; at++, k++) sum += (values[k] - values[at]) ** 2;
		out[other] = sum;
	}
	return out;
}

/** The nearest first; of equal ones the lower id. */
function nearestOf(distances: Float64Array, point: number, size: number): number[] {
	const nearest: number[] = [];
	for (let other = 0; other < distances.length; other++) {
		if (other === point || (nearest.length === size && distances[other] >= distances[nearest[size - 1]])) continue;
		let rank = nearest.length;
		while (rank > 0 && distances[nearest[rank - 1]] > distances[other]) rank--;
		nearest.splice(rank, 0, other);
		if (nearest.length > size) nearest.pop();
	}
	return nearest;
}

/** 1 for the nearest other point; of equal ones the lower id comes first. */
function ranksOf(ids: readonly number[], distances: Float64Array, point: number): number[] {
	return ids.map((id) => {
		let rank = 1;
		for (let other = 0; other < distances.length; other++) {
			const isBefore = distances[other] < distances[id] || (distances[other] === distances[id] && other < id);
			if (isBefore && other !== point) rank++;
		}
		return rank;
	});
}
