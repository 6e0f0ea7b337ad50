// The representations of runs as the page shows them: points and snapshots of the runs that were opened, maps by other settings, the chosen points and
// the saved sets. What is shown is in the address; requests about single points are sent by the components that show the answers.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SnapshotKey } from '../experiment/space-snapshot';
import type { ProjectionNote } from '../projection/projection-settings';
import { UserError } from '../util/errors';
import { ownValue } from '../util/own-value';
import type { WorkerClient } from '../wire/client';
import {
	defaultMapSettings,
	type MapMeasures,
	type MapSettings,
	type SnapshotData,
	type SpacePoints,
	type SpaceSnapshot,
} from '../wire/space';
import { fromWireError } from '../wire/wire-error';
import { type Problem, toProblem } from './problem';
import { readTokenSets, type TokenSet, tokenSetOf } from './space-sets';

/** A map of a snapshot by settings of the user's own. */
export interface OwnMap {
	/** Null until there is a first one. */
	map: Float32Array | null;
	/** Null while it runs, and after it was stopped. */
	measures: MapMeasures | null;
	notes: readonly ProjectionNote[];
	/** 0 to 1. */
	share: number;
	iteration: number;
	state: 'running' | 'done' | 'stopped';
}

export interface RunSpace {
	/** Null until they were read; a run without snapshots has none. */
	points: SpacePoints | null;
	/** Null until they were requested; in order of time. */
	snapshots: readonly SpaceSnapshot[] | null;
	/** Snapshots that are captured but not yet measured. */
	waiting: number;
	/** Of the maps that come with the snapshots. */
	settings: MapSettings;
	data: ReadonlyMap<number, SnapshotData>;
	own: ReadonlyMap<string, OwnMap>;
	/** Why nothing can be shown. `space-no-frames`: there is nothing yet. */
	problem: Problem | null;
	/** The last snapshot that could not be made, and why; earlier ones stay valid. */
	broken: { key: SnapshotKey | null; problem: Problem } | null;
}

export interface Selection {
	runId: string;
	/** Rising. */
	points: readonly number[];
}

export interface SpaceState {
	runs: Readonly<Record<string, RunSpace>>;
	selection: Selection | null;
	/** Of the corpus of the run that was opened last. */
	sets: readonly TokenSet[];
	open(runId: string): Promise<void>;
	needSnapshot(runId: string, snapshot: number): Promise<void>;
	/** Starts a map by other settings unless there is one; one at a time, an earlier one that still runs is stopped. */
	project(runId: string, snapshot: number, settings: MapSettings, alignTo: Float32Array | null): Promise<void>;
	stopProjection(): void;
	/** Dismisses the message about what went wrong. */
	hideProblem(runId: string): void;
	select(selection: Selection | null): void;
	keepSet(name: string, points: SpacePoints, chosen: readonly number[]): Promise<Problem | null>;
	deleteSet(name: string, corpusId: string | null): Promise<Problem | null>;
}

export type SpaceStore = StoreApi<SpaceState>;

export const freshSpace: RunSpace = {
	points: null,
	snapshots: null,
	waiting: 0,
	settings: defaultMapSettings,
	data: new Map(),
	own: new Map(),
	problem: null,
	broken: null,
};

/** Snapshots whose maps are kept in memory. */
const maxSnapshots = 80;

/** Names a map by snapshot and settings. */
export function ownMapKey(snapshot: number, settings: MapSettings): string {
	const { method, perplexity, iterations, neighbours, leastDistance, seed } = settings;
	const own = { pca: [], tsne: [perplexity, iterations, seed], umap: [neighbours, leastDistance, iterations, seed] };
	return [snapshot, method, ...own[method]].join(' ');
}

const setsSetting = (corpusId: string | null) => `space-sets:${corpusId ?? ''}`;

/** A store joined to a worker. Actions never reject. */
export function createSpaceStore(client: WorkerClient): SpaceStore {
	let lastTask = 0;
	let running: { task: string; runId: string; key: string } | null = null;
	const asked = new Set<string>();
	const store = createStore<SpaceState>((set, get) => {
		const change = (runId: string, make: (space: RunSpace) => Partial<RunSpace>) =>
			set(({ runs }) => {
				const space = ownValue(runs, runId) ?? freshSpace;
				return { runs: { ...runs, [runId]: { ...space, ...make(space) } } };
			});
		const changeOwn = (runId: string, key: string, make: (own: OwnMap | undefined) => OwnMap) =>
			change(runId, ({ own }) => ({ own: new Map(own).set(key, make(own.get(key))) }));
		const readSnapshot = async (runId: string, snapshot: number) => {
			const mark = `${runId} ${snapshot}`;
			if (asked.has(mark)) return;
			asked.add(mark);
			try {
				const data = await client.ask('space-snapshot', { runId, snapshot });
				change(runId, (space) => ({ data: withData(space.data, snapshot, data) }));
			} catch (error) {
				change(runId, () => ({ broken: { key: null, problem: toProblem(error) } }));
			} finally {
				asked.delete(mark);
			}
		};
		const readSets = async (corpusId: string | null) => {
			const { value } = await client.ask('load-setting', { name: setsSetting(corpusId) });
			set({ sets: readTokenSets(value) });
		};
		const saveSets = async (corpusId: string | null, sets: readonly TokenSet[]): Promise<Problem | null> => {
			try {
				await client.ask('save-setting', { name: setsSetting(corpusId), value: sets });
				set({ sets });
				return null;
			} catch (error) {
				return toProblem(error);
			}
		};
		const countWaiting = async (runId: string) => {
			try {
				const { waiting } = await client.ask('space-snapshots', { runId });
				change(runId, () => ({ waiting }));
			} catch {
				// The worker has died: the run's store reports it.
			}
		};
		client.on('space-snapshot', ({ runId, snapshot }) => {
			const space = ownValue(get().runs, runId);
			if (!space) return;
			change(runId, ({ snapshots, broken }) => ({
				snapshots: withSnapshot(snapshots ?? [], snapshot),
				broken: broken?.key && snapshot.isLatest ? null : broken,
			}));
			if (space.points) void countWaiting(runId);
			if (!space.points) void get().open(runId);
			else if (space.data.has(snapshot.id) && snapshot.hasMap) void readSnapshot(runId, snapshot.id);
		});
		client.on('space-live-map', ({ runId, snapshot, map, method }) => {
			const shown = ownValue(get().runs, runId)?.data.get(snapshot);
			if (!shown?.snapshot.isOnWay || shown.map.length !== map.length) return;
			change(runId, ({ data }) => ({ data: new Map(data).set(snapshot, { ...shown, map, method }) }));
		});
		client.on('space-problem', ({ runId, key, error }) => {
			const problem = toProblem(fromWireError(error));
			if (ownValue(get().runs, runId)) change(runId, () => ({ broken: { key, problem } }));
		});
		client.on('space-map', ({ task, map, share, iteration }) => {
			if (running?.task !== task) return;
			changeOwn(running.runId, running.key, () => ({ ...freshMap, map, share, iteration }));
		});
		return {
			runs: {},
			selection: null,
			sets: [],
			async open(runId) {
				try {
					const { snapshots, waiting, settings, note } = await client.ask('space-snapshots', { runId });
					const broken = note ? { key: null, problem: toProblem(fromWireError(note)) } : null;
					change(runId, () => ({ snapshots, waiting, settings, broken, problem: null }));
					if (ownValue(get().runs, runId)?.points) return;
					const points = await client.ask('space-points', { runId });
					change(runId, () => ({ points, problem: null }));
					await readSets(points.corpusId);
				} catch (error) {
					change(runId, () => ({ problem: toProblem(error) }));
				}
			},
			async needSnapshot(runId, snapshot) {
				if (!ownValue(get().runs, runId)?.data.has(snapshot)) await readSnapshot(runId, snapshot);
			},
			async project(runId, snapshot, settings, alignTo) {
				const key = ownMapKey(snapshot, settings);
				const known = ownValue(get().runs, runId)?.own.get(key);
				if (known?.state === 'running' || known?.state === 'done') return;
				get().stopProjection();
				const task = `project-${++lastTask}`;
				running = { task, runId, key };
				changeOwn(runId, key, () => freshMap);
				try {
					const reply = await client.ask('project-space', { task, runId, snapshot, settings, points: null, alignTo });
					changeOwn(runId, key, () => ({ ...freshMap, ...reply, share: 1, state: 'done' }));
				} catch (error) {
					changeOwn(runId, key, (own) => ({ ...(own ?? freshMap), state: 'stopped' }));
					const isStopped = error instanceof UserError && error.code === 'task-cancelled';
					if (!isStopped) change(runId, () => ({ broken: { key: null, problem: toProblem(error) } }));
				} finally {
					if (running?.task === task) running = null;
				}
			},
			stopProjection() {
				if (running) void client.ask('cancel-task', { task: running.task }).catch(() => undefined);
				running = null;
			},
			hideProblem: (runId) => change(runId, () => ({ broken: null })),
			select: (selection) => set({ selection: selection && selection.points.length > 0 ? selection : null }),
			keepSet: (name, points, chosen) =>
				saveSets(points.corpusId, [...get().sets.filter((one) => one.name !== name), tokenSetOf(name, points, chosen)]),
			deleteSet: (name, corpusId) =>
				saveSets(
					corpusId,
					get().sets.filter((one) => one.name !== name),
				),
		};
	});
	return store;
}

const freshMap: OwnMap = { map: null, measures: null, notes: [], share: 0, iteration: 0, state: 'running' };

/** The snapshots with one more, or with that one replaced; in order of time. */
export function withSnapshot(snapshots: readonly SpaceSnapshot[], snapshot: SpaceSnapshot): SpaceSnapshot[] {
	const others = snapshots
		.filter(({ id }) => id !== snapshot.id)
		.map((other) => (snapshot.isLatest && other.isLatest ? { ...other, isLatest: false } : other));
	return [...others, snapshot].sort((left, right) => left.stageIndex - right.stageIndex || left.epoch - right.epoch);
}

/** The snapshots read last, oldest first. */
function withData(
	data: ReadonlyMap<number, SnapshotData>,
	snapshot: number,
	read: SnapshotData,
): Map<number, SnapshotData> {
	const next = new Map(data);
	next.delete(snapshot);
	next.set(snapshot, read);
	for (const old of [...next.keys()].slice(0, Math.max(0, next.size - maxSnapshots))) next.delete(old);
	return next;
}
