/// <reference lib="webworker" />
// The worker's entry: joins wire, workspace, devices and training. Holds the run that goes on and the model for tagging:
// the last run's, or a stored checkpoint's.

import type { Sentence } from '../data/corpus';
import type { TrainingEvent } from '../experiment/events';
import type { RunState } from '../experiment/run-state';
import { workbenchVersion } from '../experiment/workbench-version';
import type { Device } from '../kernels/operations';
import { layOutNetwork, networkShape } from '../model/shape';
import { type Checkpoint, decodeCheckpoint } from '../storage/checkpoint';
import { checkpointPart } from '../storage/workspace/checkpoint-record';
import { measureForecast } from '../training/calibrate';
import { captureSpace } from '../training/capture-space';
import { modelOf } from '../training/checkpoint-model';
import { noVectors, type StoredVectors, type TrainedModel } from '../training/encode-text';
import { modelOfRun } from '../training/prepared-model';
import { representText } from '../training/represent-text';
import { checkpointOf } from '../training/run-checkpoint';
import { tagText } from '../training/tag-text';
import { bestOf, type TrainRunOptions, trainRun } from '../training/train-run';
import { annotationHandlers } from './annotation-handlers';
import { type BegunRun, beginRun, heldModel, keepCheckpoint } from './begin-run';
import { CorpusCache, corpusHandlers } from './corpus-commands';
import { RunDevice, TaggingDevice } from './device-use';
import { Forecaster } from './forecast-commands';
import { frameHelperBeside, type TrainingLoad } from './frame-helper';
import { type HeldItem, missingOf, restoreHeld, storageHandlers } from './held-work';
import { importCorpusHandlers } from './import-corpus';
import { itemHandlers } from './item-commands';
import { keptPredictions } from './kept-predictions';
import { LoadedModels } from './loaded-models';
import { modelHandlers } from './model-commands';
import { nextBatch } from './next-batch';
import { projectBeside } from './project-beside';
import type { Commands, RunRequest, WirePort } from './protocol';
import type { ReadRun } from './read-run';
import { resultHandlers } from './result-handlers';
import { sendRun } from './run-messages';
import { breathe, RunSession } from './run-session';
import { latestSavedRun } from './saved-run';
import { emitter, serve } from './serve';
import { type ContrastSentence, noKeptModel, type RepresentedBatch } from './space-contrast';
import { spaceHandlers } from './space-handlers';
import { type Recording, Recordings } from './space-recording';
import { entityTypesOf, type TagOptions, tagHandlers } from './tag-handlers';
import type { TaggedText } from './tagging-commands';
import { vectorsHandlers } from './vectors-commands';
import { toWireError } from './wire-error';
import { createContext } from './worker-context';

const port = self as unknown as WirePort;
const emit = emitter(port);
const now = () => performance.now();
/** Between two looks whether storage is still there. */
const heartbeatMs = 5000;
const context = createContext({
	emit,
	locks: navigator.locks,
	newId: () =>
		crypto.getRandomValues(new Uint32Array(4)).reduce((id, part) => id + part.toString(36).padStart(7, '0'), ''),
	nowMs: () => performance.timeOrigin + now(),
	heartbeatMs,
	restore: async (workspace) => {
		const items = held();
		const missing = await missingOf(workspace, items);
		// The run brings itself back, with what it has not saved yet.
		await saveCurrent();
		await restoreHeld(workspace, items);
		const left = await missingOf(workspace, missing);
		return missing.filter((item) => !left.includes(item)).map(({ kind, id, name }) => ({ kind, id, name }));
	},
});

const device = new RunDevice();
const taggingDevice = new TaggingDevice(device);
let session: RunSession | null = null;
const recordings = new Recordings(breathe);
/** The run that is trained, or was trained last in this visit. */
let current: {
	runId: string;
	run: ReadRun;
	begun: BegunRun;
	lastStep: Extract<TrainingEvent, { kind: 'step' }> | null;
	/** Null before the first epoch was measured. */
	checkpoint(): Checkpoint | null;
	isOver: boolean;
	/** Its model is an item of its own. */
	hasModel: boolean;
} | null = null;
/** What text is tagged with; `lookUp` finds vectors for what the model does not know. */
let opened: {
	/** Null for a checkpoint. */
	runId: string | null;
	model(): TrainedModel;
	lookUp(sentences: readonly Sentence[]): Promise<StoredVectors>;
} | null = null;

const forecaster = new Forecaster(context, {
	measure: (config, data, report) =>
		device.alone(async (free) => {
			try {
				const forecast = await measureForecast(config, data, { device: free, clock: () => now() / 1000, report });
				const { size } = layOutNetwork(networkShape(config.model, config.quirks, data));
				return { forecast, parameterCount: size };
			} finally {
				free.endStep();
			}
		}),
});

/** Replies when all input is read and checked; the run itself goes on in the background. */
function startRun(request: RunRequest): Promise<Commands['start-run']['reply']> {
	return sendRun({
		emit,
		memoryBytes: () => device.memoryBytes,
		now,
		later: (callback, delayMs) => setTimeout(callback, delayMs),
		run: (tell, started) =>
			device.alone((free) =>
				runToItsEnd(free, request, tell, ({ run, runId }) =>
					started({ entityTypes: entityTypesOf(run.data.labels), runId }),
				),
			),
	});
}

async function runToItsEnd(
	free: Device,
	request: RunRequest,
	tell: (event: TrainingEvent) => void,
	started: (begun: BegunRun) => void,
): Promise<void> {
	let begun: BegunRun | null = null;
	const onEvent = (event: TrainingEvent) => {
		if (event.kind === 'step' && current) current.lastStep = event;
		begun?.keep(event);
		tell(event);
	};
	const ownSession = new RunSession({ onEvent, breathe, now, keepsState: true, beside: recordings });
	session = ownSession;
	current = null;
	begun = await beginRun(context, request, tell, (saved, problem) =>
		emit('run-saving', { run: saved, problem: problem && toWireError(problem) }),
	);
	opened = null;
	const { run, keeper } = begun;
	const recording = await record(begun, request.mapPoints);
	const ownRun = begun;
	let last: RunState | null = begun.resumeFrom ?? null;
	const checkpoint = () => last && checkpointOfRun(ownRun, last, free);
	current = { runId: begun.runId, run, begun, lastStep: null, checkpoint, isOver: false, hasModel: false };
	try {
		started(begun);
		for (const warning of run.warnings) onEvent(warning);
		await ownSession.run(
			trainRun(run.config, run.data, {
				device: free,
				clock: () => now() / 1000,
				signal: ownSession.signal,
				breathe,
				resumeFrom: begun.resumeFrom,
				initialParameters: run.initialParameters,
				keepPredictions: (tags, place) =>
					keeper.keepWithNext(() => keptPredictions(run.data, run.evaluated, { ...place, tags })),
				isStateDue: () => ownSession.takesState() || keeper.isDue(),
				lookAt: lookFor(run, recording),
				keepState: async (state) => {
					last = state;
					opened = {
						runId: current?.runId ?? null,
						model: () => modelOfRun(run, bestOf(state)),
						lookUp: (sentences) => lookUpVectors(run, sentences),
					};
					const isDone = state.position.stageIndex === run.config.stages.length;
					if (!isDone) await keeper.save(state, { isLast: ownSession.signal.aborted || ownSession.isPaused });
				},
			}),
		);
		current.isOver = true;
		await keepModel();
	} finally {
		await keeper.finish();
		begun.release();
		recordings.end();
	}
}

async function record({ runId, run, resumeFrom }: BegunRun, mapPoints?: number): Promise<Recording | null> {
	const { data, places } = run;
	const workspace = await context.workspace();
	const about = { workspace, runId, data, places, resumeFrom, mapPoints, emit, now, nowMs: context.nowMs };
	return recordings.begin({ ...about, openEngine: frameHelperBeside(trainingLoad()) });
}

function trainingLoad(): TrainingLoad {
	const { isSoftware = false, threads = 1 } = device.info ?? {};
	return { cores: isSoftware ? navigator.hardwareConcurrency : threads, isOnGpu: isOnGpu() };
}

function isOnGpu(): boolean {
	return device.info?.name === 'webgpu';
}

function lookFor({ data }: ReadRun, kept: Recording | null): TrainRunOptions['lookAt'] {
	if (!kept) return undefined;
	const { recorder, chosen } = kept;
	return async ({ network, ...look }) => {
		const { hasPredictions } = look;
		await recorder.look(look, () => captureSpace(network, data, chosen, { hasPredictions, breathe }));
	};
}

/** The model of a run as a checkpoint of its own; null before an epoch was measured. */
function checkpointOfRun({ run, events, dataHashes }: BegunRun, state: RunState, free: Device): Checkpoint | null {
	if (!events.some((event) => event.kind === 'epoch-finished')) return null;
	const { config, data } = run;
	const versions = { 'nerco-workbench': workbenchVersion, device: free.info.label };
	return checkpointOf({ config, data, state, events, dataHashes, versions });
}

/** The model of a run that is over becomes an item of its own. */
async function keepModel(): Promise<void> {
	if (!current?.isOver || current.hasModel) return;
	const trained = current.checkpoint();
	if (trained) current.hasModel = await keepCheckpoint(context, current.begun, trained);
}

/** Tries again to save the run that is trained, or was trained last; whether all of it is saved then. */
async function saveCurrent(): Promise<boolean> {
	if (!current) return true;
	const isSaved = await current.begun.keeper.saveAgain();
	await keepModel();
	return isSaved && (!current.isOver || current.hasModel || current.checkpoint() === null);
}

/** What memory holds of the user's work, corpora first. */
function held(): HeldItem[] {
	if (!current) return corpora.held();
	const { runId, begun, run, checkpoint, hasModel } = current;
	const { keeper, name } = begun;
	const runItem: HeldItem = {
		kind: 'run',
		id: runId,
		name,
		isRestored: true,
		copyTo: (workspace) => keeper.copyTo(workspace),
	};
	const model = checkpoint();
	const models = model ? [heldModel(model, { runId, name, isRestored: hasModel, nowMs: context.nowMs() })] : [];
	return [...corpora.held(), ...run.source.held(), runItem, ...models];
}

async function lookUpVectors({ source }: ReadRun, sentences: readonly Sentence[]): Promise<StoredVectors> {
	const { characterVectors, bigramVectors, wordVectors } = await source.readVectors(sentences);
	return { characters: characterVectors, bigrams: bigramVectors, words: wordVectors };
}

async function openCheckpoint({ id }: Commands['open-checkpoint']['request']) {
	const bytes = await (await context.workspace()).readPart('checkpoint', id, checkpointPart);
	const model = modelOf(decodeCheckpoint(bytes));
	if (session) device.requireFree();
	opened = { runId: null, model: () => model, lookUp: async () => noVectors };
	return { entityTypes: entityTypesOf(model.labels) };
}

function tag(
	model: TrainedModel,
	texts: string[][],
	{ details, isCurrent, probabilities }: TagOptions,
): Promise<TaggedText> {
	const said = { confidences: true, alternatives: details, words: details, probabilities };
	const asSentences = texts.map((characters) => ({ characters, tags: null, line: 0 }));
	const work = async (free: Device) => {
		const vectors = isCurrent && opened ? await opened.lookUp(asSentences) : noVectors;
		const { sentences, counts } = await tagText(free, model, texts, vectors, said);
		return { sentences, characters: counts.characters };
	};
	return taggingDevice.run(work);
}

const models = new LoadedModels<TrainedModel>(context, (checkpoint) => modelOf(checkpoint));

/** By the model of the run that goes on, or by the one that was kept of an earlier run. */
async function represent(runId: string, sentences: readonly ContrastSentence[]): Promise<RepresentedBatch> {
	const own = opened?.runId === runId ? opened.model() : null;
	const parameters = own && device.isBusy ? 'running' : 'kept';
	const model = own ?? (await keptModel(runId));
	const texts = sentences.map(({ characters }) => characters);
	const made = await taggingDevice.run((free) => representText(free, model, texts));
	return { ...made, parameters };
}

async function keptModel(runId: string): Promise<TrainedModel> {
	const workspace = await context.workspace();
	if (!(await workspace.find('checkpoint', runId))) throw noKeptModel();
	const ref = { kind: 'checkpoint', id: runId } as const;
	return (await context.tasks.run(`model of ${runId}`, (task) => models.load(ref, task))).model;
}

const corpora = new CorpusCache(context);
const tagging = {
	models,
	current: () => opened?.model() ?? null,
	tag,
	clock: () => now() / 1000,
};

serve(port, {
	...itemHandlers(context),
	...corpusHandlers(context, corpora),
	...importCorpusHandlers(context),
	...vectorsHandlers(context),
	...modelHandlers(context),
	...resultHandlers(context),
	...spaceHandlers(context, {
		emit,
		now,
		breathe,
		project: (task, request, tools) =>
			projectBeside(task, request, { ...tools, mayUseGpu: !(device.isBusy && isOnGpu()) }),
		nearestOf: (runId, frame) => recordings.recorderOf(runId)?.nearestOf(frame) ?? null,
		recordingOf: (runId) => {
			const own = recordings.recorderOf(runId);
			return { waiting: own?.waitingCount ?? 0, note: own?.lastProblem ?? null };
		},
		currentBatch: (runId) =>
			device.isBusy && current?.runId === runId ? nextBatch(current.run, current.lastStep) : null,
		represent,
		batchSize: async (runId) => {
			const { config } = (await (await context.workspace()).get('run', runId)).detail;
			return config?.stages[0].batchSize ?? 20;
		},
	}),
	...tagHandlers<TrainedModel>(context, tagging),
	...annotationHandlers<TrainedModel>(context, { ...tagging, corpora }),
	...forecaster.handlers(),
	...storageHandlers(context, {
		held,
		saveRun: (id) => (current?.runId === id ? saveCurrent() : null),
	}),
	'open-device': async (request) => {
		await forecaster.yieldDevice();
		return device.open(request);
	},
	'saved-run': async () => latestSavedRun(await context.workspace(), await context.tabs.claimedRuns()),
	'start-run': async (request) => {
		await forecaster.yieldDevice();
		return startRun(request);
	},
	'pause-run': async () => {
		await session?.pause();
		return { isPaused: true };
	},
	'resume-run': async () => {
		session?.resume();
		return { isPaused: false };
	},
	'stop-run': async () => {
		session?.stop();
		return { isStopped: true };
	},
	'open-checkpoint': openCheckpoint,
});
