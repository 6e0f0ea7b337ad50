// The beginning of a run in the worker: new, or one that was saved; its input read and checked, its record made, the run
// claimed among the open tabs.

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
import { preparationTask, type RunRequest } from '../../wire/runs';
import type { HeldRef } from '../../wire/storage';
import { saveSetting } from '../items/item-handlers';
import { type ReadRun, readRun } from './read-run';
import { inputMissing, pinnedSource, requirePinnedInput } from './run-input';
import { RunKeeper } from './run-keeper';
import { encodeShell } from './run-model';
import { fileSource, hashOf, type RunSource, storedSource } from './run-source';
import { latestSavedRun, noSavedRun, type ReadSavedRun, readSavedRun } from './saved-run';
import type { Release } from '../tabs';
import type { WorkerContext } from '../worker-context';

export interface BegunRun {
	runId: string;
	name: string;
	run: ReadRun;
	keeper: RunKeeper;
	/** State to go on from. */
	resumeFrom: RunState | undefined;
	/** All events that are no steps, those before a resume included. */
	events: TrainingEvent[];
	dataHashes: Record<string, string>;
	/** Takes an event into `events` and to the keeper. */
	keep(event: TrainingEvent): void;
	/** Lets other tabs have the run. */
	release: Release;
}

/** Part of the time that hashing the input takes, about. */
const hashedShare = 0.2;

/** Below this no time is told: the first part says too little of the others. */
const leastShare = 0.15;

/** `tell` hears that saving fails. Progress is the task's `prepare-run`, which can be cancelled: nothing is kept then either. Throws UserError for input that no run can begin with; nothing is kept then. */
export async function beginRun(
	context: WorkerContext,
	request: RunRequest,
	tell: (event: TrainingEvent) => void,
	tellSaving: (run: HeldRef, problem: UserError | null) => void = () => {},
): Promise<BegunRun> {
	const workspace = await context.workspace();
	const runId = request.continuesSaved ? await savedRunId(context, workspace, request) : context.newId();
	const release = await context.tabs.claimRun(runId);
	const startedMs = context.nowMs();
	try {
		return await context.tasks.run(preparationTask, ({ report }) => {
			const tellShare = (share: number) => {
				const seconds = (context.nowMs() - startedMs) / 1000;
				const counts: Record<string, number> =
					share >= leastShare ? { secondsLeft: (seconds / share) * (1 - share) } : {};
				return report({ done: share, total: 1, unit: 'share', counts });
			};
			return prepareRun({ context, workspace, request, runId, release, tell, tellSaving, report: tellShare });
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
	tell(event: TrainingEvent): void;
	tellSaving(run: HeldRef, problem: UserError | null): void;
	report(share: number): Promise<void>;
}

async function prepareRun(preparation: Preparation): Promise<BegunRun> {
	const { context, workspace, request, runId, release, tell, tellSaving, report } = preparation;
	await report(0);
	const saved = request.continuesSaved ? await readSavedRun(workspace, runId) : null;
	const parentId = saved ? saved.detail.parentCheckpointId : request.initialCheckpointId;
	const readInput = async () => {
		const source = await sourceOf(workspace, request, saved);
		const parent = parentId === undefined ? null : await workspace.readPart('checkpoint', parentId, checkpointPart);
		return { source, parent, hashes: await source.hashes() };
	};
	const { source, parent, hashes } = await readInput().catch((error) => {
		throw saved ? inputGone(error, saved.detail.inputNames.corpus) : error;
	});
	const dataHashes = { ...hashes, ...(parent ? { initialCheckpoint: await hashOf(parent) } : {}) };
	if (saved) requirePinnedInput(saved.dataHashes, dataHashes);
	const savedConfig = saved && scaleRates(saved.config, request.learningRateFactor ?? 1);
	const initial = parent && decodeCheckpoint(parent);
	await report(hashedShare);
	const isLimitedFirst = saved?.resume ? saved.detail.isLimitedFirst : undefined;
	const run = await readRun(request, source, savedConfig && { config: savedConfig, isLimitedFirst }, initial, (share) =>
		report(hashedShare + share * (1 - hashedShare)),
	);
	const name = saved?.name ?? request.name ?? run.config.preset;
	const { config, data } = run;
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
	const onFailure = ({ code, message }: UserError) => tell({ kind: 'warning', code, message });
	const { nowMs } = context;
	const onSaving = (problem: UserError | null) => tellSaving({ kind: 'run', id: runId, name }, problem);
	const history = saved?.resume ? { events: saved.events, state: saved.resume.state } : undefined;
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
	const isSlower = request.learningRateFactor !== undefined;
	const resumeFrom = saved?.resume && (isSlower ? calmed(saved.resume.state) : saved.resume.state);
	return { runId, name, run, keeper, resumeFrom: resumeFrom ?? undefined, events, dataHashes, keep, release };
}

/** All learning rates times a factor: a run whose loss became no number goes on more slowly. */
function scaleRates(config: ExperimentConfig, factor: number): ExperimentConfig {
	if (factor === 1) return config;
	const stages = config.stages.map((stage) => {
		const { optimizer } = stage;
		return { ...stage, optimizer: { ...optimizer, learningRate: optimizer.learningRate * factor } };
	});
	return { ...config, stages };
}

/** A run that went wrong had begun to before its last state was saved: it goes on with the parameters of its best epoch,
 *  where there is one, and without momentum. */
function calmed(state: RunState): RunState {
	const { evaluation: _, ...rest } = state; // of the parameters that are left
	const { bestParameters, parameters } = state;
	const memory = () => new Float32Array(parameters.length);
	const second = state.optimizer.second && memory();
	return { ...rest, parameters: bestParameters ?? parameters, optimizer: { first: memory(), second } };
}

async function savedRunId(context: WorkerContext, workspace: Workspace, { runId }: RunRequest): Promise<string> {
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

/** The request's files or ids; else those that the saved run was made from. */
export async function sourceOf(
	workspace: Workspace,
	{ files, stored }: RunRequest,
	saved: ReadSavedRun | null,
): Promise<RunSource> {
	if (files) return fileSource(files);
	if (stored) return storedSource(workspace, stored);
	if (saved) return pinnedSource(workspace, saved, saved.detail.input);
	throw inputMissing();
}

/** Notes the labels that a run learns from, now that it has begun. A full disk does not keep it from learning. */
export async function keepLabelCount(context: WorkerContext, { labels }: RunRequest): Promise<void> {
	if (!labels) return;
	try {
		await saveSetting(context, labels.setting, labels.count);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
	}
}
