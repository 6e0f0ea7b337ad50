// UMAP (McInnes, Healy and Melville 2018) by the package umap-js, on our own exact neighbours, in slices, with a seed. n points.

import { UMAP } from 'umap-js';
import { RandomStream } from '../util/random';
import { findNeighbours } from './neighbour-search';
import { checkPoints, type Points, type ProjectionNote } from './projection-settings';

export interface UmapSettings {
	/** Neighbours of a point, at least 2; lowered where there are too few points. */
	neighbours: number;
	/** Least distance of points on the map, from 0 to 1. */
	leastDistance: number;
	/** Epochs of the descent. */
	iterations: number;
	seed: number;
}

export interface UmapProgress {
	/** 0 to 1, neighbours and descent together. */
	share: number;
	iteration: number;
	/** Null before the descent begins. [n, 2] */
	map: Float32Array | null;
}

const fewestPoints = 4;
/** Share of the neighbours' search in the progress. */
const searchShare = 0.2;

/** The same seed gives the same map. UserErrors of `checkPoints`, and `wasm-…`. */
export async function openUmap(
	points: Points,
	settings: UmapSettings,
): Promise<Generator<UmapProgress, { map: Float32Array; notes: ProjectionNote[] }>> {
	checkPoints(points);
	const { count } = points;
	if (count < fewestPoints) return tooFew(count);
	const size = Math.min(settings.neighbours, count - 2); // the package wants more points than neighbours with the point itself
	return descend(points, settings, await findNeighbours(points, size, { neighbours: 'auto', seed: settings.seed }));
}

type Search = Awaited<ReturnType<typeof findNeighbours>>;

function* descend(
	{ values, count, dimension }: Points,
	{ leastDistance, iterations, seed }: UmapSettings,
	search: Search,
): Generator<UmapProgress, { map: Float32Array; notes: ProjectionNote[] }> {
	let found = search.next();
	for (; !found.done; found = search.next()) yield { share: searchShare * found.value, iteration: 0, map: null };
	const { size, ids, distances } = found.value;
	const random = new RandomStream(seed);
	const nNeighbors = size + 1; // the package counts the point itself
	const umap = new UMAP({
		nComponents: 2,
		nEpochs: iterations,
		nNeighbors,
		minDist: leastDistance,
		random: () => random.uniform(),
	});
	const lists = (source: Int32Array | Float32Array, own: (row: number) => number) =>
		Array.from({ length: count }, (_, row) => [own(row), ...source.subarray(row * size, (row + 1) * size)]);
	umap.setPrecomputedKNN(
		lists(ids, (row) => row),
		lists(distances, () => 0),
	);
	const epochs = umap.initializeFit(
		Array.from({ length: count }, (_, row) => Array.from(values.subarray(row * dimension, (row + 1) * dimension))),
	);
	for (let iteration = 0; iteration < epochs; ) {
		iteration = umap.step();
		const share = searchShare + (1 - searchShare) * (iteration / epochs);
		yield { share, iteration, map: flat(umap.getEmbedding()) };
	}
	return { map: flat(umap.getEmbedding()), notes: [] };
}

function* tooFew(count: number): Generator<UmapProgress, { map: Float32Array; notes: ProjectionNote[] }> {
	const map = Float32Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? k / 2 : 0));
	return { map, notes: [{ kind: 'too-few-points', count }] };
}

function flat(rows: readonly (readonly number[])[]): Float32Array {
	return Float32Array.from(rows.flat());
}
