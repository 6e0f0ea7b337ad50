// The beginning of a run in the worker: a new one, one from a checkpoint, or a saved one; its input read and checked, its
// record made, the run claimed among the open tabs.

import type { ExperimentConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import type { RunState } from '../../experiment/run-state';
import { workbenchVersion } from '../../experiment/workbench-version';
import { decodeCheckpoint } from '../../storage/checkpoint';
import { checkpointPart } from '../../storage/workspace/checkpoint-record';
import { encodeJson } from '../../storage/workspace/corpus-record';
import { changesInputPart, freshRunDetail, modelInputPart } from '../../storage/workspace/run-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import { type NewRunRequest, preparationTask, type ResumedRunRequest, type RunRequest } from '../../wire/runs';
import type { HeldRef } from '../../wire/storage';
import type { TaskProgress } from '../../wire/tasks';
import { saveSetting } from '../items/item-handlers';
import type { Release } from '../tabs';
import type { WorkerContext } from '../worker-context';
import { type ReadRun, type RunBasis, readRun } from './read-run';
import { pinnedSource, requirePinnedInput } from './run-input';
import { RunKeeper } from './run-keeper';
import { encodeShell } from './run-model';
import { fileSource, hashOf, type RunSource, sourceOf } from './run-source';
import { latestSavedRun, noSavedRun, type ReadSavedRun, readSavedRun } from './saved-run';

export interface BegunRun {
	runId: string;
	name: string;
	run: ReadRun;
	keeper: RunKeeper;
	/** Saved state to resume from. */
	resumeFrom: RunState | undefined;
	/** All events that are no steps, those before a resume included. */
	events: TrainingEvent[];
	dataHashes: Record<string, string>;
	/** Adds an event to `events` and to what the keeper saves. */
	keep(event: TrainingEvent): void;
	/** Lets other tabs have the run. */
	release: Release;
}

/** Share of the time that hashing the input takes, about. */
const hashedShare = 0.2;

/** Below this share no time left is reported: the first part says too little of the others. */
const minEstimateShare = 0.15;

/**
 * `report` hears that saving fails. Progress is the task's `prepare-run`, which can be cancelled: nothing is kept then
 * either. Throws UserError for input that no run can begin with; nothing is kept then.
 */
export async function beginRun(
	context: WorkerContext,
	request: RunRequest,
	report: (event: TrainingEvent) => void,
	reportSaving: (run: HeldRef, problem: UserError | null) => void = () => {},
): Promise<BegunRun> {
	const workspace = await context.workspace();
	const runId = request.kind === 'resumed' ? await savedRunId(context, workspace, request) : context.newId();
	const release = await context.tabs.claimRun(runId);
	const startedMs = context.nowMs();
	try {
		return await context.tasks.run(preparationTask, (task) => {
			const reportShare = (share: number) => {
				const seconds = (context.nowMs() - startedMs) / 1000;
				const counts: TaskProgress['counts'] =
					share >= minEstimateShare ? { secondsLeft: (seconds / share) * (1 - share) } : {};
				return task.report({ done: share, total: 1, unit: 'share', counts });
			};
			return prepareRun({ context, workspace, request, runId, release, report, reportSaving, reportShare });
		});
	} catch (error) {
		release();
		throw error;
	}
}

interface Preparation {
	context: WorkerContext;
	workspace: Workspace;
	request: RunRequest;
	runId: string;
	release: Release;
	report(event: TrainingEvent): void;
	reportSaving(run: HeldRef, problem: UserError | null): void;
	reportShare(share: number): Promise<void>;
}

async function prepareRun(preparation: Preparation): Promise<BegunRun> {
	const { context, workspace, request, runId, release, report, reportSaving, reportShare } = preparation;
	await reportShare(0);
	const { source, basis, parentId, dataHashes, name: givenName, saved } = await openInput(workspace, request, runId);
	await reportShare(hashedShare);
	const run = await readRun(basis, source, (share) => reportShare(hashedShare + share * (1 - hashedShare)));
	const { config, data } = run;
	const name = givenName ?? config.preset;
	const versions = { 'nerco-workbench': workbenchVersion };
	const detail = saved?.resume
		? { ...saved.detail, config, dataHashes }
		: {
				...freshRunDetail(source.input),
				...(parentId ? { parentCheckpointId: parentId } : {}),
				config,
				dataHashes,
				inputNames: source.names,
				versions,
			};
	const onFailure = ({ code, message }: UserError) => report({ kind: 'warning', code, message });
	const { nowMs } = context;
	const onSaving = (problem: UserError | null) => reportSaving({ kind: 'run', id: runId, name }, problem);
	const history = saved?.resume ? { events: saved.events, state: saved.resume } : undefined;
	const written = { ...detail, writer: context.newId() };
	const options = { workspace, runId, name, config, detail: written, nowMs, onFailure, onSaving, history };
	const keeper = new RunKeeper(options, saved !== null);
	await keeper.begin(saved?.latePieces, {
		[modelInputPart]: encodeShell({ config, data, dataHashes, versions }),
		...(source.changes ? { [changesInputPart]: encodeJson(source.changes) } : {}),
	});
	const events = saved?.events.filter((event) => event.kind !== 'step') ?? [];
	const keep = (event: TrainingEvent) => {
		if (event.kind !== 'step') events.push(event);
		keeper.add(event);
	};
	const resumeFrom = saved?.resumeFrom ?? undefined;
	return { runId, name, run, keeper, resumeFrom, events, dataHashes, keep, release };
}

/** What is known of a run's input before its sentences are read. */
interface OpenedInput {
	source: RunSource;
	basis: RunBasis;
	/** The checkpoint that it starts from. */
	parentId: string | undefined;
	dataHashes: BegunRun['dataHashes'];
	/** Absent: the preset's. */
	name: string | undefined;
	/** Null for a new run. */
	saved: SavedPart | null;
}

/** Of a saved run; `resume` is its saved state, `resumeFrom` the one to train from: null for both where nothing was saved. */
interface SavedPart extends Pick<ReadSavedRun, 'detail' | 'events' | 'latePieces'> {
	resume: RunState | null;
	resumeFrom: RunState | null;
}

function openInput(workspace: Workspace, request: RunRequest, runId: string): Promise<OpenedInput> {
	switch (request.kind) {
		case 'new':
		case 'from-checkpoint':
			return openNewInput(workspace, request);
		case 'resumed':
			return openSavedInput(workspace, request, runId);
		default:
			throw request satisfies never;
	}
}

async function openNewInput(workspace: Workspace, request: NewRunRequest): Promise<OpenedInput> {
	const source = await sourceOf(workspace, request.input);
	const { basis, parent } = await basisOf(workspace, request);
	const parentId = request.kind === 'from-checkpoint' ? request.checkpointId : undefined;
	return { source, basis, parentId, dataHashes: await hashesOf(source, parent), name: request.name, saved: null };
}

async function openSavedInput(
	workspace: Workspace,
	{ files, learningRateFactor }: ResumedRunRequest,
	runId: string,
): Promise<OpenedInput> {
	const saved = await readSavedRun(workspace, runId);
	const { config, detail, events, latePieces, name } = saved;
	const { parentCheckpointId: parentId } = detail;
	const readInput = async () => {
		const source = files ? fileSource(files) : await pinnedSource(workspace, saved, detail.input);
		const parent = parentId === undefined ? null : await readCheckpointBytes(workspace, parentId);
		return { source, parent, dataHashes: await hashesOf(source, parent) };
	};
	const { source, parent, dataHashes } = await readInput().catch((error) => {
		throw inputGone(error, detail.inputNames.corpus);
	});
	requirePinnedInput(saved.dataHashes, dataHashes);
	const basis: RunBasis = {
		kind: 'resumed',
		config: scaleRates(config, learningRateFactor ?? 1),
		checkpoint: parent && decodeCheckpoint(parent),
		...(saved.resume ? { isLimitedFirst: detail.isLimitedFirst } : {}),
	};
	const resume = saved.resume?.state ?? null;
	const resumeFrom = resume && learningRateFactor !== undefined ? withoutMomentum(resume) : resume;
	return { source, basis, parentId, dataHashes, name, saved: { detail, events, latePieces, resume, resumeFrom } };
}

/** Of a new run, with the bytes of the checkpoint that it starts from. */
export async function basisOf(
	workspace: Workspace,
	request: NewRunRequest,
): Promise<{ basis: RunBasis; parent: Uint8Array | null }> {
	switch (request.kind) {
		case 'new':
			return { basis: { kind: 'new', request }, parent: null };
		case 'from-checkpoint': {
			const parent = await readCheckpointBytes(workspace, request.checkpointId);
			return { basis: { kind: 'from-checkpoint', request, checkpoint: decodeCheckpoint(parent) }, parent };
		}
		default:
			throw request satisfies never;
	}
}

function readCheckpointBytes(workspace: Workspace, id: string): Promise<Uint8Array> {
	return workspace.readPart('checkpoint', id, checkpointPart);
}

async function hashesOf(source: RunSource, parent: Uint8Array | null): Promise<BegunRun['dataHashes']> {
	const hashes = await source.hashes();
	return parent ? { ...hashes, initialCheckpoint: await hashOf(parent) } : hashes;
}

/** All learning rates times a factor: a run whose loss became no number is resumed with smaller steps. */
function scaleRates(config: ExperimentConfig, factor: number): ExperimentConfig {
	if (factor === 1) return config;
	const stages = config.stages.map((stage) => {
		const { optimizer } = stage;
		return { ...stage, optimizer: { ...optimizer, learningRate: optimizer.learningRate * factor } };
	});
	return { ...config, stages };
}

/** A run that went wrong had begun to before its last state was saved: it is resumed from the parameters of its best
 *  epoch, where there is one, and without momentum. */
function withoutMomentum(state: RunState): RunState {
	const { evaluation: _, ...rest } = state; // of the parameters that are left
	const { bestParameters, parameters } = state;
	const memory = () => new Float32Array(parameters.length);
	const second = state.optimizer.second && memory();
	return { ...rest, parameters: bestParameters ?? parameters, optimizer: { first: memory(), second } };
}

async function savedRunId(context: WorkerContext, workspace: Workspace, { runId }: ResumedRunRequest): Promise<string> {
	const found = runId ?? (await latestSavedRun(workspace, await context.tabs.claimedRuns()))?.runId;
	if (!found) throw noSavedRun();
	return found;
}

/** What a saved run learned from was deleted: said with the name of its corpus. Other errors stay as they are. */
function inputGone(error: unknown, corpus: string | undefined): unknown {
	if (!(error instanceof UserError) || error.code !== 'storage-missing') return error;
	const found = corpus === undefined ? error.expected : `the corpus “${corpus}”, or its lexicon or vectors, deleted`;
	return new UserError({
		code: 'run-input-deleted',
		expected: 'the data that this run was trained on',
		found,
		remedy: 'Save the best model of the run. To resume the run, import a workspace file that contains the data.',
	});
}

/** Notes the labels that a run learns from, now that it has begun. A full disk does not keep it from learning. */
export async function keepLabelCount(context: WorkerContext, request: RunRequest): Promise<void> {
	const labels = request.kind === 'from-checkpoint' ? request.labels : undefined;
	if (!labels) return;
	try {
		await saveSetting(context, labels.setting, labels.count);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
	}
}
