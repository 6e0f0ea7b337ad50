// A map by request: of a frame or of some of its points, by other settings, as a task with progress, maps on the way, and an end
// on demand.

import { alignFrame } from '../projection/align-frames';
import { mapQuality } from '../projection/map-quality';
import { createProjection } from '../projection/projection';
import type { Points, ProjectionNote } from '../projection/projection-settings';
import { invariant } from '../util/errors';
import type { Emit } from './serve';
import type { MapMeasures, MapSettings } from './space-commands';
import type { Task } from './tasks';

export interface MapRequest {
	/** Name of the task. */
	name: string;
	points: Points;
	settings: MapSettings;
	/** [n, 2]; null: as it comes. */
	alignTo: Float32Array | null;
}

interface MapStep {
	share: number;
	iteration: number;
	/** Null as long as there is none. [n, 2] */
	map: Float32Array | null;
}

interface MadeMap {
	map: Float32Array;
	divergence: number | null;
	notes: ProjectionNote[];
}

/** Least milliseconds between two maps on the way. */
const mapIntervalMs = 250;
/** Milliseconds of work between two reports. */
const sliceMs = 20;
const qualityPoints = 300;

/** UserErrors of the projections; `task-cancelled` on demand: the last map on the way stays good. */
export async function projectByRequest(
	{ report }: Pick<Task, 'report'>,
	{ name, points, settings, alignTo }: MapRequest,
	{ emit, now }: { emit: Emit; now(): number },
): Promise<{ map: Float32Array; measures: MapMeasures; notes: ProjectionNote[] }> {
	invariant(!alignTo || alignTo.length === 2 * points.count, 'a map of the same points to be turned onto');
	const aligned = (map: Float32Array) => (alignTo ? alignFrame(map, alignTo).map : map);
	const work = await byDescent(points, settings);
	let lastSentMs = Number.NEGATIVE_INFINITY;
	let next = work.next();
	while (!next.done) {
		const until = now() + sliceMs;
		let step = next.value;
		while (!next.done && now() < until) {
			step = next.value;
			next = work.next();
		}
		const { share, iteration, map } = step;
		if (map && now() - lastSentMs >= mapIntervalMs) {
			lastSentMs = now();
			emit('space-map', { task: name, map: aligned(map), share, iteration });
		}
		await report({ done: share, total: 1, unit: 'share', counts: { iteration } });
	}
	const { divergence, notes } = next.value;
	const map = aligned(next.value.map);
	const quality = mapQuality(points, map, { most: qualityPoints, seed: settings.seed });
	let measured = quality.next();
	for (; !measured.done; measured = quality.next()) {
		await report({ done: 1, total: 1, unit: 'share', counts: { iteration: settings.iterations } });
	}
	const { trustworthiness, continuity, neighbours, sampled } = measured.value;
	const orNull = (value: number) => (Number.isFinite(value) ? value : null);
	const faithful = { trustworthiness: orNull(trustworthiness), continuity: orNull(continuity) };
	return { map, measures: { ...faithful, neighbours, sampled, divergence }, notes };
}

async function byDescent(points: Points, settings: MapSettings): Promise<Generator<MapStep, MadeMap>> {
	const { neighbours: umapNeighbours, ...same } = settings;
	const projection = await createProjection(points, { settings: { ...same, umapNeighbours } });
	return (function* () {
		for (;;) {
			const { phase, share, iteration, divergence, isDone } = projection.step();
			const { map, notes } = projection;
			if (isDone) return { map, divergence: Number.isFinite(divergence) ? divergence : null, notes };
			// The search for neighbours and what it leads to is taken for a fifth of the way.
			const isMoving = phase === 'descent';
			yield { share: isMoving ? 0.2 + 0.8 * share : 0, iteration, map: isMoving && iteration > 0 ? map : null };
		}
	})();
}
