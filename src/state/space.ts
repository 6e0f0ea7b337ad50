// The representations of runs as the page shows them: points and frames of the runs that were opened, maps by other settings, the chosen points and
// the sets that were kept. What is shown where stands in the address; questions about single points are asked where their answers are drawn.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SpaceMoment } from '../experiment/space-moment';
import type { ProjectionNote } from '../projection/projection-settings';
import { UserError } from '../util/errors';
import { ownValue } from '../util/own-value';
import type { WorkerClient } from '../wire/client';
import {
	defaultMapSettings,
	type FrameData,
	type MapMeasures,
	type MapSettings,
	type SpaceFrame,
	type SpacePoints,
} from '../wire/space';
import { fromWireError } from '../wire/wire-error';
import { type Problem, toProblem } from './problem';
import { readTokenSets, type TokenSet, tokenSetOf } from './space-sets';

/** A map of a frame by settings of the user's own. */
export interface OwnMap {
	/** Null until there is a first one. */
	map: Float32Array | null;
	/** Null while it goes on, and after it was stopped. */
	measures: MapMeasures | null;
	notes: readonly ProjectionNote[];
	/** 0 to 1. */
	share: number;
	iteration: number;
	state: 'running' | 'done' | 'stopped';
}

export interface RunSpace {
	/** Null until they were read; a run without frames has none. */
	points: SpacePoints | null;
	/** Null until they were asked for; in order of time. */
	frames: readonly SpaceFrame[] | null;
	/** Frames that are read but not yet measured. */
	waiting: number;
	/** Of the maps that come with the frames. */
	settings: MapSettings;
	data: ReadonlyMap<number, FrameData>;
	own: ReadonlyMap<string, OwnMap>;
	/** Why nothing can be shown. `space-no-frames`: there is nothing yet. */
	problem: Problem | null;
	/** The last moment that gave no frame, and why; what came before stays good. */
	broken: { moment: SpaceMoment | null; problem: Problem } | null;
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
	needFrame(runId: string, frame: number): Promise<void>;
	/** Begins a map by other settings unless there is one; one at a time, an earlier one that goes on is stopped. */
	project(runId: string, frame: number, settings: MapSettings, alignTo: Float32Array | null): Promise<void>;
	stopProjection(): void;
	/** Takes the word of what went wrong off the map. */
	hideProblem(runId: string): void;
	select(selection: Selection | null): void;
	keepSet(name: string, points: SpacePoints, chosen: readonly number[]): Promise<Problem | null>;
	deleteSet(name: string, corpusId: string | null): Promise<Problem | null>;
}

export type SpaceStore = StoreApi<SpaceState>;

export const freshSpace: RunSpace = {
	points: null,
	frames: null,
	waiting: 0,
	settings: defaultMapSettings,
	data: new Map(),
	own: new Map(),
	problem: null,
	broken: null,
};

/** Frames whose maps are kept at hand. */
const keptFrames = 80;

/** Names a map by frame and settings. */
export function ownMapKey(frame: number, settings: MapSettings): string {
	const { method, perplexity, iterations, neighbours, leastDistance, seed } = settings;
	const own = { pca: [], tsne: [perplexity, iterations, seed], umap: [neighbours, leastDistance, iterations, seed] };
	return [frame, method, ...own[method]].join(' ');
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
		const takeFrame = async (runId: string, frame: number) => {
			const mark = `${runId} ${frame}`;
			if (asked.has(mark)) return;
			asked.add(mark);
			try {
				const data = await client.ask('space-frame', { runId, frame });
				change(runId, (space) => ({ data: withData(space.data, frame, data) }));
			} catch (error) {
				change(runId, () => ({ broken: { moment: null, problem: toProblem(error) } }));
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
				const { waiting } = await client.ask('space-frames', { runId });
				change(runId, () => ({ waiting }));
			} catch {
				// The worker is gone: the run's store says so.
			}
		};
		client.on('space-frame', ({ runId, frame }) => {
			const space = ownValue(get().runs, runId);
			if (!space) return;
			change(runId, ({ frames, broken }) => ({
				frames: withFrame(frames ?? [], frame),
				broken: broken?.moment && frame.isLatest ? null : broken,
			}));
			if (space.points) void countWaiting(runId);
			if (!space.points) void get().open(runId);
			else if (space.data.has(frame.id) && frame.hasMap) void takeFrame(runId, frame.id);
		});
		client.on('space-live-map', ({ runId, frame, map, method }) => {
			const shown = ownValue(get().runs, runId)?.data.get(frame);
			if (!shown?.frame.isOnWay || shown.map.length !== map.length) return;
			change(runId, ({ data }) => ({ data: new Map(data).set(frame, { ...shown, map, method }) }));
		});
		client.on('space-problem', ({ runId, moment, error }) => {
			const problem = toProblem(fromWireError(error));
			if (ownValue(get().runs, runId)) change(runId, () => ({ broken: { moment, problem } }));
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
					const { frames, waiting, settings, note } = await client.ask('space-frames', { runId });
					const broken = note ? { moment: null, problem: toProblem(fromWireError(note)) } : null;
					change(runId, () => ({ frames, waiting, settings, broken, problem: null }));
					if (ownValue(get().runs, runId)?.points) return;
					const points = await client.ask('space-points', { runId });
					change(runId, () => ({ points, problem: null }));
					await readSets(points.corpusId);
				} catch (error) {
					change(runId, () => ({ problem: toProblem(error) }));
				}
			},
			async needFrame(runId, frame) {
				if (!ownValue(get().runs, runId)?.data.has(frame)) await takeFrame(runId, frame);
			},
			async project(runId, frame, settings, alignTo) {
				const key = ownMapKey(frame, settings);
				const known = ownValue(get().runs, runId)?.own.get(key);
				if (known?.state === 'running' || known?.state === 'done') return;
				get().stopProjection();
				const task = `project-${++lastTask}`;
				running = { task, runId, key };
				changeOwn(runId, key, () => freshMap);
				try {
					const reply = await client.ask('project-space', { task, runId, frame, settings, points: null, alignTo });
					changeOwn(runId, key, () => ({ ...freshMap, ...reply, share: 1, state: 'done' }));
				} catch (error) {
					changeOwn(runId, key, (own) => ({ ...(own ?? freshMap), state: 'stopped' }));
					const isStopped = error instanceof UserError && error.code === 'task-cancelled';
					if (!isStopped) change(runId, () => ({ broken: { moment: null, problem: toProblem(error) } }));
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

/** The frames with one more, or with that one replaced; in order of time. */
export function withFrame(frames: readonly SpaceFrame[], frame: SpaceFrame): SpaceFrame[] {
	const others = frames
		.filter(({ id }) => id !== frame.id)
		.map((other) => (frame.isLatest && other.isLatest ? { ...other, isLatest: false } : other));
	return [...others, frame].sort((left, right) => left.stageIndex - right.stageIndex || left.epoch - right.epoch);
}

/** The frames read last, oldest first. */
function withData(data: ReadonlyMap<number, FrameData>, frame: number, read: FrameData): Map<number, FrameData> {
	const next = new Map(data);
	next.delete(frame);
	next.set(frame, read);
	for (const old of [...next.keys()].slice(0, Math.max(0, next.size - keptFrames))) next.delete(old);
	return next;
}
