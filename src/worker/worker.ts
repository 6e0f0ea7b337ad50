/// <reference lib="webworker" />
// The worker's entry: joins wire, workspace, devices and training. Holds the active run and the model for tagging:
// the last run's, or a stored checkpoint's.

import type { Sentence } from '../data/corpus';
import type { Device } from '../kernels/operations';
import { layOutNetwork, networkShape } from '../model/shape';
import { decodeCheckpoint } from '../storage/checkpoint';
import { checkpointPart } from '../storage/workspace/checkpoint-record';
import { measureForecast } from '../training/calibrate';
import { modelOf } from '../training/checkpoint-model';
import { noVectors, type StoredVectors, type TrainedModel } from '../training/encode-text';
import { representText } from '../training/represent-text';
import { tagText } from '../training/tag-text';
import type { Commands, WirePort } from '../wire/messages';
import type { RunRequest } from '../wire/runs';
import type { TaggedText } from '../wire/tagging';
import { toWireError } from '../wire/wire-error';
import { annotationHandlers } from './annotation/annotation-handlers';
import { breathe } from './breathe';
import { CorpusCache, corpusHandlers } from './corpora/corpus-handlers';
import { importCorpusHandlers } from './corpora/import-corpus';
import { RunDevice, TaggingDevice } from './devices/device-use';
import { missingOf, restoreHeld, storageHandlers } from './items/held-work';
import { itemHandlers } from './items/item-handlers';
import { LoadedModels } from './models/loaded-models';
import { modelHandlers } from './models/model-handlers';
import { resultHandlers } from './results/result-handlers';
import type { BegunRun } from './runs/begin-run';
import { Forecaster } from './runs/forecaster';
import { nextBatch } from './runs/next-batch';
import type { ReadRun } from './runs/read-run';
import { runHandlers } from './runs/run-handlers';
import { RunHost } from './runs/run-host';
import { sendRun } from './runs/run-messages';
import { emitter, serve } from './serve';
import { projectBeside } from './space/project-beside';
import { snapshotHelperBeside, type TrainingLoad } from './space/snapshot-helper';
import { type ContrastSentence, noKeptModel, type RepresentedBatch } from './space/space-contrast';
import { spaceHandlers } from './space/space-handlers';
import { type Recording, Recordings } from './space/space-recording';
import { entityTypesOf, type TagOptions, tagHandlers } from './tagging/tag-handlers';
import { vectorsHandlers } from './vectors/vectors-handlers';
import { createContext } from './worker-context';

const port = self as unknown as WirePort;
const emit = emitter(port);
const now = () => performance.now();
/** Between two checks that storage is still there. */
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
		await host.saveAgain();
		await restoreHeld(workspace, items);
		const left = await missingOf(workspace, missing);
		return missing.filter((item) => !left.includes(item)).map(({ kind, id, name }) => ({ kind, id, name }));
	},
});

const device = new RunDevice();
const taggingDevice = new TaggingDevice(device);
const recordings = new Recordings(breathe);
const host = new RunHost({
	context,
	recordings,
	record,
	breathe,
	now,
	onSaving: (run, problem) => emit('run-saving', { run, problem: problem && toWireError(problem) }),
	onModel: (own) => {
		opened = own && { ...own, lookUp: (sentences) => lookUpVectors(own.run, sentences) };
	},
});
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
				const { size } = layOutNetwork(networkShape(config, data));
				return { forecast, parameterCount: size };
			} finally {
				free.endStep();
			}
		}),
});

/** Replies when all input is read and checked; the run itself continues in the background. */
function startRun(request: RunRequest): Promise<Commands['start-run']['reply']> {
	return sendRun({
		emit,
		memoryBytes: () => device.memoryBytes,
		now,
		later: (callback, delayMs) => setTimeout(callback, delayMs),
		run: (report, started) =>
			device.alone((free) =>
				host.run(free, request, report, ({ run, runId }) =>
					started({ entityTypes: entityTypesOf(run.data.labels), runId }),
				),
			),
	});
}

async function record({ runId, run, resumeFrom }: BegunRun, mapPoints?: number): Promise<Recording | null> {
	const { data, places } = run;
	const workspace = await context.workspace();
	const about = { workspace, runId, data, places, resumeFrom, mapPoints, emit, now, nowMs: context.nowMs };
	return recordings.begin({ ...about, openEngine: snapshotHelperBeside(trainingLoad()) });
}

function trainingLoad(): TrainingLoad {
	const { isSoftware = false, threads = 1 } = device.info ?? {};
	return { cores: isSoftware ? navigator.hardwareConcurrency : threads, isOnGpu: isOnGpu() };
}

function isOnGpu(): boolean {
	return device.info?.name === 'webgpu';
}

async function lookUpVectors({ source }: ReadRun, sentences: readonly Sentence[]): Promise<StoredVectors> {
	const { characterVectors, bigramVectors, wordVectors } = await source.readVectors(sentences);
	return { characters: characterVectors, bigrams: bigramVectors, words: wordVectors };
}

async function openCheckpoint({ id }: Commands['open-checkpoint']['request']) {
	const bytes = await (await context.workspace()).readPart('checkpoint', id, checkpointPart);
	const model = modelOf(decodeCheckpoint(bytes));
	if (host.hasSession) device.requireFree();
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

/** By the model of the active run, or by the one that was kept of an earlier run. */
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

/** What memory holds of the user's work, corpora first. */
const held = () => [...corpora.held(), ...host.held()];

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
		nearestOf: (runId, snapshot) => recordings.recorderOf(runId)?.nearestOf(snapshot) ?? null,
		recordingOf: (runId) => {
			const own = recordings.recorderOf(runId);
			return { waiting: own?.waitingCount ?? 0, note: own?.lastProblem ?? null };
		},
		currentBatch: (runId) =>
			host.current?.begun.runId === runId ? nextBatch(host.current.begun.run, host.current.lastStep) : null,
		represent,
		batchSize: async (runId) => {
			const { config } = (await (await context.workspace()).get('run', runId)).detail;
			return config?.stages[0].batchSize ?? 20;
		},
	}),
	...tagHandlers<TrainedModel>(context, tagging),
	...annotationHandlers<TrainedModel>(context, { ...tagging, corpora }),
	...forecaster.handlers(),
	...storageHandlers(context, { held, saveRun: (id) => host.saveAgain(id) }),
	'open-device': async (request) => {
		await forecaster.yieldDevice();
		return device.open(request);
	},
	...runHandlers(context, host),
	'start-run': async (request) => {
		await forecaster.yieldDevice();
		return startRun(request);
	},
	'open-checkpoint': openCheckpoint,
});
