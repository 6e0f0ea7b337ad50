// The recording of the run that goes on: which tokens are looked at, and the recorder that takes them. A run whose
// representations cannot be kept goes on without.

import { type ChosenPoints, choosePoints } from '../../analysis/space-points';
import type { PreparedData } from '../../data/prepared';
import type { RunState } from '../../experiment/run-state';
import { defaultPointChoice, type PointChoice, pointChoiceOf, type SpaceMoment } from '../../experiment/space-moment';
import type { StoredPoints } from '../../storage/workspace/space-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import { transferring } from '../../wire/transfer';
import { toWireError } from '../../wire/wire-error';
import { describePoints, type RunPlaces } from '../runs/run-places';
import type { Emit } from '../serve';
import type { EngineMaker } from './frame-helper';
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
	/** Of a new run: most tokens on its map. */
	mapPoints?: number;
	emit: Emit;
	/** Milliseconds from any fixed moment, and since 1970. */
	now(): number;
	nowMs(): number;
	openEngine?: EngineMaker;
}

/** The recording of the run that goes on, and those of earlier runs whose last frames are still being made. */
export class Recordings {
	private current: Recording | null = null;
	private readonly finishing = new Set<Recording>();

	constructor(private readonly breathe: () => Promise<void>) {}

	/** Null where the run goes on without. What the same run left unfinished is finished first. */
	async begin(options: RecordingOptions): Promise<Recording | null> {
		const same = [...this.finishing].filter(({ runId }) => runId === options.runId);
		await Promise.all(same.map(({ recorder }) => recorder.finish(this.breathe)));
		this.current = await openRecording(options);
		return this.current;
	}

	/** The run is over: what waits is measured now, while the next one may begin. */
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

/** Tags are kept as bytes. */
const mostTags = 255;

/** Null, and a `space-problem` told, where nothing can be kept. */
export async function openRecording(options: RecordingOptions): Promise<Recording | null> {
	const { runId, emit } = options;
	const start: SpaceMoment = { stageIndex: 0, stage: '', epoch: 0, step: 0 };
	try {
		return await open(options);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		emit('space-problem', { runId, moment: start, error: toWireError(error) });
		return null;
	}
}

async function open(options: RecordingOptions): Promise<Recording> {
	const { workspace, runId, data, places, resumeFrom, emit, now, nowMs } = options;
	requireFewTags(data);
	const store = new SpaceStore(workspace, runId, nowMs);
	const kept = resumeFrom && (await store.hasPoints()) ? (await store.points()).choice : null;
	const choice: PointChoice = kept ?? pointChoiceOf(options.mapPoints ?? defaultPointChoice.mostPoints);
	const chosen = choosePoints(data.splits, data.labels, choice);
	const points = describePoints(chosen, data, places);
	const recorderOptions = {
		store,
		points,
		now,
		openEngine: options.openEngine,
		onMap(frame: number, live: Float32Array, method: 'pca' | 'tsne') {
			const map = live.slice(); // the next descent may start from it
			emit('space-live-map', transferring({ runId, frame, map, method }, [map]));
		},
		onFrame: (frame: Parameters<typeof emit<'space-frame'>>[1]['frame']) => emit('space-frame', { runId, frame }),
		onProblem: (moment: SpaceMoment, error: ReturnType<typeof toWireError>) =>
			emit('space-problem', { runId, moment, error }),
	};
	const goesOn = resumeFrom !== undefined && (await hasSamePoints(store, points));
	const recorder = goesOn
		? await SpaceRecorder.goOn(recorderOptions, placeOf(resumeFrom))
		: await SpaceRecorder.begin(recorderOptions);
	return { runId, chosen, recorder };
}

function placeOf({ position: { stageIndex, progress } }: RunState): Pick<SpaceMoment, 'stageIndex' | 'epoch'> {
	return { stageIndex, epoch: progress.epoch };
}

/** Whether the frames that are there are of these tokens. */
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
	if (labels.tags.length <= mostTags) return;
	throw new UserError({
		code: 'space-too-many-tags',
		expected: `at most ${mostTags} tags for the representation map`,
		found: String(labels.tags.length),
		remedy: 'Merge or ignore rare entity types. Training continues without the map.',
	});
}
