// A map by request: of a snapshot or of some of its points, by other settings, as a task with progress, intermediate maps, and an end
// on demand.

import { alignMap } from '../../projection/align-maps';
import {
	bestMapDevice,
	distrustGpu,
	isFaultOfGpu,
	type MapDevice,
	type MapDeviceChoice,
} from '../../projection/map-device';
import { mapQuality } from '../../projection/map-quality';
import { createProjection, type Projection, type ProjectionProgress } from '../../projection/projection';
import type { Points, ProjectionNote } from '../../projection/projection-settings';
import { invariant } from '../../util/errors';
import type { MapMeasures, MapSettings } from '../../wire/space';
import type { Emit } from '../serve';
import type { Task } from '../tasks';

export interface MapRequest {
	/** Name of the task. */
	name: string;
	points: Points;
	settings: MapSettings;
	/** [n, 2]; null: as it comes. */
	alignTo: Float32Array | null;
}

export interface MadeMap {
	/** [n, 2] */
	map: Float32Array;
	measures: MapMeasures;
	notes: ProjectionNote[];
}

/** Minimum milliseconds between two intermediate maps. */
const mapIntervalMs = 250;
/** Milliseconds of work between two reports. */
const sliceMs = 20;
const qualityPoints = 300;

/** UserErrors of the projections; `task-cancelled` on demand: the last intermediate map stays valid. */
export async function projectByRequest(
	{ report }: Pick<Task, 'report'>,
	{ name, points, settings, alignTo }: MapRequest,
	{ emit, now, chooseDevice = bestMapDevice }: { emit: Emit; now(): number; chooseDevice?: MapDeviceChoice },
): Promise<MadeMap> {
	invariant(!alignTo || alignTo.length === 2 * points.count, 'a map of the same points to be turned onto');
	const aligned = (map: Float32Array) => (alignTo ? alignMap(map, alignTo).map : map);
	const { neighbours: umapNeighbours, ...same } = settings;
	let lastSentMs = Number.NEGATIVE_INFINITY;
	const showProgress = async (projection: Projection, { phase, share, iteration }: ProjectionProgress) => {
		const isMoving = phase === 'descent';
		// The search for neighbours and what it leads to is taken for a fifth of the way.
		const done = isMoving ? 0.2 + 0.8 * share : 0;
		if (isMoving && iteration > 0 && now() - lastSentMs >= mapIntervalMs) {
			lastSentMs = now();
			emit('space-map', { task: name, map: aligned(projection.map), share: done, iteration });
		}
		await report({ done, total: 1, unit: 'share', counts: { iteration } });
	};
	const notes: ProjectionNote[] = [];
	const make = async (device: MapDevice) => {
		const made = await createProjection(points, { settings: { ...same, umapNeighbours }, ...device, now });
		await finishInSlices(made, showProgress);
		return made;
	};
	const device = await chooseDevice(points.count);
	const projection = await make(device).catch((error) => {
		if (!isFaultOfGpu(device, error)) throw error;
		distrustGpu();
		notes.push({ kind: 'gpu-lost' });
		return make({ device: 'wasm' });
	});
	const { divergence } = projection.progress();
	notes.unshift(...projection.notes);
	const map = aligned(projection.map);
	const quality = mapQuality(points, map, { maxPoints: qualityPoints, seed: settings.seed });
	let measured = quality.next();
	for (; !measured.done; measured = quality.next()) {
		await report({ done: 1, total: 1, unit: 'share', counts: { iteration: settings.iterations } });
	}
	const { trustworthiness, continuity, neighbours, sampled } = measured.value;
	const orNull = (value: number) => (Number.isFinite(value) ? value : null);
	const faithful = { trustworthiness: orNull(trustworthiness), continuity: orNull(continuity) };
	return { map, measures: { ...faithful, neighbours, sampled, divergence: orNull(divergence) }, notes };
}

/** Gives back what the projection holds, however it ends. */
async function finishInSlices(
	projection: Projection,
	showProgress: (projection: Projection, progress: ProjectionProgress) => Promise<void>,
) {
	try {
		for (;;) {
			const progress = await projection.stepAsync(sliceMs);
			if (progress.isDone) return;
			await showProgress(projection, progress);
		}
	} finally {
		projection.close();
	}
}
