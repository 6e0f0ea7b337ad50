// The recording of the active run: which tokens its snapshots have, and the recorder that takes them. A run whose
// representations cannot be stored trains without.

import { type ChosenPoints, choosePoints } from '../../analysis/space-points';
import type { PreparedData } from '../../data/prepared';
import type { RunState } from '../../experiment/run-state';
import { defaultPointChoice, type PointChoice, pointChoiceOf, type SnapshotKey } from '../../experiment/space-snapshot';
import type { StoredPoints } from '../../storage/workspace/space-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import type { SpaceSnapshot } from '../../wire/space';
import { toWireError } from '../../wire/wire-error';
import { describePoints, type RunPlaces } from '../runs/run-places';
import type { Emit } from '../serve';
import type { EngineMaker } from './snapshot-helper';
import { SpaceRecorder } from './space-recorder';
import { SpaceStore } from './space-store';

export interface Recording {
	runId: string;
	chosen: ChosenPoints;
	recorder: SpaceRecorder;
}

export interface RecordingOptions {
	workspace: Workspace;
	runId: string;
	data: PreparedData;
	places: RunPlaces;
	/** Undefined for a new run. */
	resumeFrom: RunState | undefined;
	/** Of a new run: the maximum of tokens on its map. */
	mapPoints?: number;
	emit: Emit;
	/** Milliseconds from any fixed time, and since 1970. */
	now(): number;
	nowMs(): number;
	openEngine?: EngineMaker;
}

/** The recording of the active run, and those of earlier runs whose last snapshots are still being made. */
export class Recordings {
	private current: Recording | null = null;
	private readonly finishing = new Set<Recording>();

	constructor(private readonly breathe: () => Promise<void>) {}

	/** Null where the run trains without. What the same run left unfinished is finished first. */
	async begin(options: RecordingOptions): Promise<Recording | null> {
		const same = [...this.finishing].filter(({ runId }) => runId === options.runId);
		await Promise.all(same.map(({ recorder }) => recorder.finish(this.breathe)));
		this.current = await openRecording(options);
		return this.current;
	}

	/** The run is over: what waits is measured now, while the next one may start. */
	end(): void {
		if (this.current && !this.finishing.has(this.current)) void this.finish(this.current);
	}

	/** Work between two steps; resolves to whether something is left. */
	async pull(sliceMs: number): Promise<boolean> {
		return this.current?.recorder.pull(sliceMs) ?? false;
	}

	recorderOf(runId: string): SpaceRecorder | undefined {
		return [this.current, ...this.finishing].find((own) => own?.runId === runId)?.recorder;
	}

	private async finish(own: Recording): Promise<void> {
		this.finishing.add(own);
		await own.recorder.finish(this.breathe);
		await own.recorder.end();
		this.finishing.delete(own);
	}
}

/** Tags are stored as bytes. */
const maxTags = 255;

/** Null, with a `space-problem`, where nothing can be stored. */
export async function openRecording(options: RecordingOptions): Promise<Recording | null> {
	const { runId, emit } = options;
	const start: SnapshotKey = { stageIndex: 0, stage: '', epoch: 0, step: 0 };
	try {
		return await open(options);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		emit('space-problem', { runId, key: start, error: toWireError(error) });
		return null;
	}
}

async function open(options: RecordingOptions): Promise<Recording> {
	const { workspace, runId, data, places, resumeFrom, emit, now, nowMs } = options;
	requireFewTags(data);
	const store = new SpaceStore(workspace, runId, nowMs);
	const kept = resumeFrom && (await store.hasPoints()) ? (await store.points()).choice : null;
	const choice: PointChoice = kept ?? pointChoiceOf(options.mapPoints ?? defaultPointChoice.maxPoints);
	const chosen = choosePoints(data.splits, data.labels, choice);
	const points = describePoints(chosen, data, places);
	const recorderOptions = {
		store,
		points,
		now,
		openEngine: options.openEngine,
		onMap: (snapshot: number, map: Float32Array, method: 'pca' | 'tsne') =>
			emit('space-live-map', { runId, snapshot, map, method }),
		onSnapshotChange: (snapshot: SpaceSnapshot) => emit('space-snapshot', { runId, snapshot }),
		onProblem: (key: SnapshotKey, error: ReturnType<typeof toWireError>) =>
			emit('space-problem', { runId, key, error }),
	};
	const isResumed = resumeFrom !== undefined && (await hasSamePoints(store, points));
	const recorder = isResumed
		? await SpaceRecorder.resume(recorderOptions, positionOf(resumeFrom))
		: await SpaceRecorder.begin(recorderOptions);
	return { runId, chosen, recorder };
}

function positionOf({ position: { stageIndex, progress } }: RunState): Pick<SnapshotKey, 'stageIndex' | 'epoch'> {
	return { stageIndex, epoch: progress.epoch };
}

/** Whether the stored snapshots are of these tokens. */
async function hasSamePoints(store: SpaceStore, { gold, sentence, character }: StoredPoints): Promise<boolean> {
	if (!(await store.hasPoints())) return false;
	const kept = await store.points();
	const pairs: [ArrayLike<number>, ArrayLike<number>][] = [
		[kept.gold, gold],
		[kept.sentence, sentence],
		[kept.character, character],
	];
	return pairs.every(
		([left, right]) => left.length === right.length && Array.from(left).every((x, k) => x === right[k]),
	);
}

function requireFewTags({ labels }: PreparedData): void {
	if (labels.tags.length <= maxTags) return;
	throw new UserError({
		code: 'space-too-many-tags',
		expected: `at most ${maxTags} tags for the representation map`,
		found: String(labels.tags.length),
		remedy: 'Merge or ignore rare entity types. Training continues without the map.',
	});
}
