// The moments of a run that have a frame, on one axis of epochs over all stages, as the scrubber shows them. Pure.

import type { SpaceMoment } from '../experiment/space-moment';
import type { SpaceFrame } from '../wire/space';

/** A moment as it stands in the address: `STAGE.EPOCH`, both numbers; the stage counts from 0. */
export function momentKey({ stageIndex, epoch }: Pick<SpaceMoment, 'stageIndex' | 'epoch'>): string {
	return `${stageIndex}.${epoch}`;
}

/** Frames that have a map, in order of time. */
export function framesWithMap(frames: readonly SpaceFrame[]): SpaceFrame[] {
	return frames.filter(({ hasMap }) => hasMap);
}

/**
 * The frame that a key names; where it is gone the last one with a map before it, or else the first one. An empty or ill-formed key means
 * the latest. Null where no frame has a map.
 */
export function findFrame(frames: readonly SpaceFrame[], key: string): SpaceFrame | null {
	const shown = framesWithMap(frames);
	const match = /^(\d+)\.(\d+)$/.exec(key);
	if (!match) return shown.at(-1) ?? null;
	const [stage, epoch] = [Number(match[1]), Number(match[2])];
	const isAfter = (frame: SpaceFrame) =>
		frame.stageIndex > stage || (frame.stageIndex === stage && frame.epoch > epoch);
	return shown.findLast((frame) => !isAfter(frame)) ?? shown[0] ?? null;
}

export interface AxisStage {
	name: string;
	/** Where it begins on the axis, in epochs. */
	start: number;
	/** Epochs that have frames, and epochs that it will have at most. */
	done: number;
	planned: number;
}

export interface PlannedStage {
	name: string;
	epochs: number;
}

/**
 * Stages on the axis. A stage that a later one followed is as long as its frames; the last one, while the run goes on, as long as planned,
 * and so are those that are still to come.
 */
export function axisStages(
	frames: readonly SpaceFrame[],
	planned: readonly PlannedStage[],
	isGoingOn: boolean,
): AxisStage[] {
	const lastStage = Math.max(-1, ...frames.map(({ stageIndex }) => stageIndex));
	const count = isGoingOn ? Math.max(lastStage + 1, planned.length) : lastStage + 1;
	const stages: AxisStage[] = [];
	let start = 0;
	for (let index = 0; index < count; index++) {
		const own = frames.filter(({ stageIndex }) => stageIndex === index);
		const done = Math.max(0, ...own.map(({ epoch }) => epoch));
		const isOpen = isGoingOn && index >= lastStage;
		const length = isOpen ? Math.max(done, planned[index]?.epochs ?? 0) : done;
		stages.push({ name: own[0]?.stage ?? planned[index]?.name ?? '', start, done, planned: length });
		start += length;
	}
	return stages;
}

/** Where a moment lies on the axis, in epochs from the run's beginning. */
export function axisPlace(stages: readonly AxisStage[], { stageIndex, epoch }: SpaceMoment): number {
	return (stages[stageIndex]?.start ?? 0) + epoch;
}

/** The frame with a map that lies nearest to a place on the axis; the earlier of two. */
export function frameAt(frames: readonly SpaceFrame[], stages: readonly AxisStage[], place: number): SpaceFrame | null {
	let best: SpaceFrame | null = null;
	let least = Number.POSITIVE_INFINITY;
	for (const frame of framesWithMap(frames)) {
		const distance = Math.abs(axisPlace(stages, frame) - place);
		if (distance < least) [best, least] = [frame, distance];
	}
	return best;
}

/** The frame with a map before or after another one; null at the ends. */
export function frameBeside(frames: readonly SpaceFrame[], { id }: SpaceFrame, step: 1 | -1): SpaceFrame | null {
	const shown = framesWithMap(frames);
	const at = shown.findIndex((frame) => frame.id === id);
	return at < 0 ? null : (shown[at + step] ?? null);
}
