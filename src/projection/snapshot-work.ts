// Makes a snapshot: measures of the representations and their map, computed in short slices. The map of t-SNE starts from
// the layout of the snapshot before, so that clusters keep their positions, and is aligned to it. Maps that can be shown
// earlier are given on the way. n points, D width.

import { type LabelledRows, rowDistance } from '../analysis/labelled-rows';
import { measureSpace, type SpaceMeasures } from '../analysis/space-measures';
import { alignMap } from './align-maps';
import { type MapQuality, mapQuality } from './map-quality';
import { type Neighbours, nearestIds } from './neighbours';
import { createProjection, type Projection, type ProjectionOptions } from './projection';
import { checkPoints, type Points, type ProjectionNote, type ProjectionSettings } from './projection-settings';

/** Neighbours that purity counts. */
export const purityNeighbours = 10;

export interface SnapshotInput extends LabelledRows {
	/** 1 for the first token of a mention. [n] */
	isBegin: Uint8Array;
	/** Map of the snapshot before, [n, 2]; null for the first one. */
	earlier: Float32Array | null;
	/** Representations of the snapshot before, [n, D], where they are in memory: where they have hardly changed, the map starts
	 *  from its exact positions. */
	earlierValues: Float32Array | null;
	perplexity: number;
	/** Steps of the first snapshot's descent, and of one that starts from the layout of an earlier map. */
	iterations: number;
	laterIterations: number;
	/** For silhouettes, map quality, neighbours and the start of the descent. */
	seed: number;
	/** Where they were found before. */
	neighbours?: Neighbours | null;
	/** As `createProjection` has them: `wasm` unless given. */
	device?: ProjectionOptions['device'];
	gpu?: ProjectionOptions['gpu'];
}

/** Result of a slice of work: a map where there is a new one to show, or an answer of the GPU to wait for before the next slice. */
export type SnapshotSlice = UnfinishedSnapshot | Promise<unknown> | null;

/** A map that can be shown before the snapshot is finished: the principal axes, then the descent so far. */
export interface UnfinishedSnapshot {
	/** [n, 2] */
	map: Float32Array;
	method: 'pca' | 'tsne';
	notes: ProjectionNote[];
}

export interface SnapshotResult extends UnfinishedSnapshot {
	measures: SpaceMeasures;
	/** Of each point, the nearest first. [n, purityNeighbours], fewer columns for few points */
	nearest: Int32Array;
	/** Null where there was no map to judge. */
	quality: MapQuality | null;
	/** Kullback-Leibler divergence in nats, null without t-SNE. */
	divergence: number | null;
}

/** A quick first map of a snapshot that waits behind others. */
export interface SnapshotSketch extends UnfinishedSnapshot {
	/** For the snapshot itself, later; null where none were searched. */
	neighbours: Neighbours | null;
}

/** Tokens for the silhouette and points for the map's quality: what keeps a slice short. */
const silhouetteTokens = 500;
const qualityPoints = 200;
/** One in this many steps is exaggerated. */
const exaggeratedPart = 5;
/** Intermediate maps of a descent, and steps of a sketch. */
const intermediateMaps = 8;
const sketchSteps = 60;
/** Relative change of representations below which a map continues without exaggeration. */
const nearChange = 0.05;

/**
 * Yields after each slice of work. The same input gives the same snapshot, on a GPU the same on one adapter. UserErrors `projection-not-finite`,
 * `projection-points-equal`, `projection-no-points`, `projection-diverged`, `wasm-…`, and on a GPU those that `Projection.step` has.
 */
export async function openSnapshotWork(input: SnapshotInput): Promise<Generator<SnapshotSlice, SnapshotResult>> {
	const points = pointsOf(input);
	checkPoints(points);
	const isNear = input.earlierValues !== null && relativeChange(input.values, input.earlierValues) < nearChange;
	const iterations = input.earlier ? input.laterIterations : input.iterations;
	const axes = input.earlier ? null : await createProjection(points, { settings: { method: 'pca' } });
	return snapshotWork(input, axes, await openDescent(input, iterations, !isNear));
}

/**
 * A sketch of a snapshot: a short descent from an earlier map, or the principal axes where there is none. Errors and yields as
 * in `openSnapshotWork`.
 */
export async function openSnapshotSketch(input: SnapshotInput): Promise<Generator<SnapshotSlice, SnapshotSketch>> {
	const points = pointsOf(input);
	checkPoints(points);
	const projection = input.earlier
		? await openDescent(input, sketchSteps, true)
		: await createProjection(points, { settings: { method: 'pca' } });
	return sketchWork(input, projection);
}

function pointsOf({ values, count, dimension }: SnapshotInput): Points {
	return { values, count, dimension };
}

function openDescent(input: SnapshotInput, iterations: number, rearranges: boolean): Promise<Projection> {
	const { perplexity, seed, earlier, neighbours, device, gpu } = input;
	const exaggeratedIterations = exaggeratedOf(iterations);
	const settings: Partial<ProjectionSettings> = { perplexity, iterations, exaggeratedIterations, seed };
	const start = earlier ?? undefined;
	const known = neighbours ?? undefined;
	return createProjection(pointsOf(input), { settings, start, rearranges, neighbours: known, device, gpu });
}

function exaggeratedOf(iterations: number): number {
	return Math.floor(iterations / exaggeratedPart);
}

function* sketchWork({ earlier }: SnapshotInput, projection: Projection): Generator<SnapshotSlice, SnapshotSketch> {
	try {
		while (!projection.step().isDone) yield projection.answer;
		const { neighbours, notes } = projection;
		const map = alignedTo(earlier, projection.map);
		return { map, method: neighbours ? 'tsne' : 'pca', notes, neighbours };
	} finally {
		projection.close();
	}
}

/** Root of the mean squared difference over that of the values. */
function relativeChange(values: Float32Array, earlier: Float32Array): number {
	let changed = 0;
	let square = 0;
	for (let k = 0; k < values.length; k++) {
		changed += (values[k] - earlier[k]) ** 2;
		square += values[k] ** 2;
	}
	return Math.sqrt(changed / Math.max(square, Number.MIN_VALUE));
}

function* snapshotWork(
	input: SnapshotInput,
	axes: Projection | null,
	projection: Projection,
): Generator<SnapshotSlice, SnapshotResult> {
	try {
		return yield* wholeSnapshot(input, axes, projection);
	} finally {
		projection.close();
	}
}

function* wholeSnapshot(
	input: SnapshotInput,
	axes: Projection | null,
	projection: Projection,
): Generator<SnapshotSlice, SnapshotResult> {
	if (axes && input.count > 3) {
		while (!axes.step().isDone) yield null;
		yield { map: axes.map, method: 'pca', notes: axes.notes };
	}
	while (!projection.neighbours && !projection.step().isDone) yield projection.answer;
	const { seed } = input;
	const nearest = projection.neighbours ? nearestIds(projection.neighbours, purityNeighbours) : nearestOfFew(input);
	yield* showDescent(input, projection);
	const { divergence } = projection.progress();
	const map = alignedTo(input.earlier, projection.map);
	const measures = yield* quietly(measureSpace(input, input.isBegin, nearest, { maxTokens: silhouetteTokens, seed }));
	const quality = yield* quietly(mapQuality(input, map, { maxPoints: qualityPoints, seed }));
	const isDescended = Number.isFinite(divergence);
	return {
		measures,
		nearest,
		map,
		method: isDescended ? 'tsne' : 'pca',
		quality,
		divergence: isDescended ? divergence : null,
		notes: projection.notes,
	};
}

/** Finishes a descent; shows it a few times on the way, once it is no longer exaggerated. */
function* showDescent({ earlier }: SnapshotInput, projection: Projection): Generator<SnapshotSlice> {
	const { iterations } = projection.settings;
	const every = Math.ceil(iterations / intermediateMaps);
	let next = Math.max(every, exaggeratedOf(iterations) + 10);
	while (!projection.step().isDone) {
		if (projection.progress().iteration < next) {
			yield projection.answer;
			continue;
		}
		while (next <= projection.progress().iteration) next += every;
		yield { map: alignedTo(earlier, projection.map), method: 'tsne', notes: projection.notes };
		if (projection.answer) yield projection.answer;
	}
}

function alignedTo(earlier: Float32Array | null, map: Float32Array): Float32Array {
	return earlier ? alignMap(map, earlier).map : map;
}

/** Of at most three points, for which no descent searches neighbours: all others, the nearest first. [n, n - 1] */
function nearestOfFew({ values, count, dimension }: SnapshotInput): Int32Array {
	const all = Array.from({ length: count }, (_, point) => point);
	const distance = (point: number, other: number) => rowDistance(values, dimension, point, other);
	return Int32Array.from(
		all.flatMap((point) =>
			all.filter((other) => other !== point).sort((a, b) => distance(point, a) - distance(point, b)),
		),
	);
}

function* quietly<Result>(work: Generator<unknown, Result>): Generator<null, Result> {
	let next = work.next();
	for (; !next.done; next = work.next()) yield null;
	return next.value;
}
