// A frame of a space: measures of representations at one moment and their map, worked out in short slices. The map of t-SNE
// begins with the layout of the frame before, so clusters keep their places, and is turned onto it. n points, D width.

import { type LabelledRows, rowDistance } from '../analysis/labelled-rows';
import { measureSpace, type SpaceMeasures } from '../analysis/space-measures';
import { alignFrame } from './align-frames';
import { type MapQuality, mapQuality } from './map-quality';
import { nearestIds } from './neighbours';
import { createProjection, type Projection } from './projection';
import { checkPoints, type ProjectionNote, type ProjectionSettings } from './projection-settings';

/** Neighbours that purity counts. */
export const purityNeighbours = 10;

export interface FrameInput extends LabelledRows {
	/** 1 for the first token of a mention. [n] */
	isBegin: Uint8Array;
	/** Map of the frame before, [n, 2]; null for the first one. */
	earlier: Float32Array | null;
	/** Representations of the frame before, [n, D], where they are at hand: where they have hardly changed, the map goes on from
	 *  its very places. */
	earlierValues: Float32Array | null;
	perplexity: number;
	/** Steps of the first frame's descent, and of one that begins with the layout of an earlier map. */
	iterations: number;
	laterIterations: number;
	/** For silhouettes, map quality, neighbours and the start of the descent. */
	seed: number;
}

export interface FrameResult {
	measures: SpaceMeasures;
	/** The main axes until the descent is done. [n, 2] */
	map: Float32Array;
	method: 'pca' | 'tsne';
	/** Null while the descent goes on. */
	quality: MapQuality | null;
	/** Kullback-Leibler divergence in nats, null without t-SNE. */
	divergence: number | null;
	notes: ProjectionNote[];
}

/** Tokens for the silhouette and points for the map's quality: what keeps a slice short. */
const silhouetteTokens = 500;
const qualityPoints = 200;
/** One step of so many is exaggerated. */
const exaggeratedPart = 5;
/** Relative change of representations below which a map goes on without exaggeration. */
const nearChange = 0.05;

/**
 * Yields null after each slice of work and, for a first frame, a result with the main axes as soon as the measures are there. The
 * same input gives the same frame. UserErrors `projection-not-finite`, `projection-points-equal`, `projection-no-points`,
 * `projection-diverged`, `wasm-…`.
 */
export async function openFrameWork(input: FrameInput): Promise<Generator<FrameResult | null, FrameResult>> {
	const points = { values: input.values, count: input.count, dimension: input.dimension };
	checkPoints(points);
	const isNear = input.earlierValues !== null && relativeChange(input.values, input.earlierValues) < nearChange;
	const iterations = input.earlier ? input.laterIterations : input.iterations;
	const settings: Partial<ProjectionSettings> = {
		perplexity: input.perplexity,
		iterations,
		exaggeratedIterations: Math.floor(iterations / exaggeratedPart),
		seed: input.seed,
	};
	const start = input.earlier ?? undefined;
	const axes = start ? null : await createProjection(points, { settings: { ...settings, method: 'pca' } });
	const projection = await createProjection(points, { settings, start, rearranges: !isNear });
	return frameWork(input, axes, projection);
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

function* frameWork(
	input: FrameInput,
	axes: Projection | null,
	projection: Projection,
): Generator<FrameResult | null, FrameResult> {
	while (!projection.neighbours && !projection.step().isDone) yield null;
	const { seed } = input;
	const nearest = projection.neighbours ? nearestIds(projection.neighbours, purityNeighbours) : nearestOfFew(input);
	const measures = yield* quietly(measureSpace(input, input.isBegin, nearest, { mostTokens: silhouetteTokens, seed }));
	if (axes && !projection.progress().isDone) {
		while (!axes.step().isDone) yield null;
		const { map, notes } = axes;
		yield { measures, map, method: 'pca', quality: null, divergence: null, notes };
	}
	while (!projection.step().isDone) yield null;
	const { divergence } = projection.progress();
	const map = input.earlier ? alignFrame(projection.map, input.earlier).map : projection.map;
	const quality = yield* quietly(mapQuality(input, map, { most: qualityPoints, seed }));
	const isDescended = Number.isFinite(divergence);
	return {
		measures,
		map,
		method: isDescended ? 'tsne' : 'pca',
		quality,
		divergence: isDescended ? divergence : null,
		notes: projection.notes,
	};
}

/** Of at most three points, for which no descent looks for neighbours: all others, the nearest first. [n, n - 1] */
function nearestOfFew({ values, count, dimension }: FrameInput): Int32Array {
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
