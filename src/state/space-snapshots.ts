// The snapshots of a run on one axis of epochs over all stages, as the scrubber shows them. Pure.

import type { SnapshotKey } from '../experiment/space-snapshot';
import type { SpaceSnapshot } from '../wire/space';

/** The key of a snapshot in the address: `STAGE.EPOCH`, both numbers; the stage counts from 0. The address has it as `frame`, `fa` and
 *  `fb`, the elements of the page as `data-frame` and `data-moment`: names that links and scripts use, so they stay. */
export function snapshotKeyText({ stageIndex, epoch }: Pick<SnapshotKey, 'stageIndex' | 'epoch'>): string {
	return `${stageIndex}.${epoch}`;
}

/** Snapshots that have a map, in order of time. */
export function snapshotsWithMap(snapshots: readonly SpaceSnapshot[]): SpaceSnapshot[] {
	return snapshots.filter(({ hasMap }) => hasMap);
}

/**
 * The snapshot that a key names; where its map was removed, the last one with a map before it, or else the first one. An empty or ill-formed key means
 * the latest. Null where no snapshot has a map.
 */
export function findSnapshot(snapshots: readonly SpaceSnapshot[], key: string): SpaceSnapshot | null {
	const shown = snapshotsWithMap(snapshots);
	const match = /^(\d+)\.(\d+)$/.exec(key);
	if (!match) return shown.at(-1) ?? null;
	const [stage, epoch] = [Number(match[1]), Number(match[2])];
	const isAfter = (snapshot: SpaceSnapshot) =>
		snapshot.stageIndex > stage || (snapshot.stageIndex === stage && snapshot.epoch > epoch);
	return shown.findLast((snapshot) => !isAfter(snapshot)) ?? shown[0] ?? null;
}

export interface AxisStage {
	name: string;
	/** Where it starts on the axis, in epochs. */
	start: number;
	/** Epochs that have snapshots, and epochs that it will have at most. */
	done: number;
	planned: number;
}

export interface PlannedStage {
	name: string;
	epochs: number;
}

/**
 * Stages on the axis. A stage that a later one followed is as long as its snapshots; the last one of an active run is as long as planned,
 * and so are those that are still to come.
 */
export function axisStages(
	snapshots: readonly SpaceSnapshot[],
	planned: readonly PlannedStage[],
	isGoingOn: boolean,
): AxisStage[] {
	const lastStage = Math.max(-1, ...snapshots.map(({ stageIndex }) => stageIndex));
	const count = isGoingOn ? Math.max(lastStage + 1, planned.length) : lastStage + 1;
	const stages: AxisStage[] = [];
	let start = 0;
	for (let index = 0; index < count; index++) {
		const own = snapshots.filter(({ stageIndex }) => stageIndex === index);
		const done = Math.max(0, ...own.map(({ epoch }) => epoch));
		const isOpen = isGoingOn && index >= lastStage;
		const length = isOpen ? Math.max(done, planned[index]?.epochs ?? 0) : done;
		stages.push({ name: own[0]?.stage ?? planned[index]?.name ?? '', start, done, planned: length });
		start += length;
	}
	return stages;
}

/** Position of a snapshot on the axis, in epochs from the start of the run. */
export function axisPosition(stages: readonly AxisStage[], { stageIndex, epoch }: SnapshotKey): number {
	return (stages[stageIndex]?.start ?? 0) + epoch;
}

/** The snapshot with a map that is nearest to a position on the axis; the earlier of two. */
export function snapshotAt(
	snapshots: readonly SpaceSnapshot[],
	stages: readonly AxisStage[],
	position: number,
): SpaceSnapshot | null {
	let best: SpaceSnapshot | null = null;
	let nearest = Number.POSITIVE_INFINITY;
	for (const snapshot of snapshotsWithMap(snapshots)) {
		const distance = Math.abs(axisPosition(stages, snapshot) - position);
		if (distance < nearest) [best, nearest] = [snapshot, distance];
	}
	return best;
}

/** The snapshot with a map before or after another one; null at the ends. */
export function snapshotBeside(
	snapshots: readonly SpaceSnapshot[],
	{ id }: SpaceSnapshot,
	step: 1 | -1,
): SpaceSnapshot | null {
	const shown = snapshotsWithMap(snapshots);
	const at = shown.findIndex((snapshot) => snapshot.id === id);
	return at < 0 ? null : (shown[at + step] ?? null);
}
