/// <reference lib="webworker" />
// The worker's entry: joins wire, files, devices and training. Holds the device, the run that goes on, and the model
// that the last run left for tagging.

import { rowLookup } from '../data/encode-sentence';
import type { TrainingEvent } from '../experiment/events';
import { semanticClasses } from '../experiment/labels';
import type { RunState } from '../experiment/run-state';
import type { Device } from '../kernels/operations';
import { createDevice } from '../kernels/select';
import { networkShape } from '../model/shape';
import type { TrainedModel } from '../training/encode-text';
import { tagText } from '../training/tag-text';
import { bestOf, trainRun } from '../training/train-run';
import { invariant, UserError } from '../util/errors';
import { EventBatcher } from './event-batcher';
import type { Commands, RunRequest, WirePort } from './protocol';
import { type ReadRun, readRun, readVectorFiles } from './read-run';
import { breathe, RunSession } from './run-session';
import { describeSavedRun, fingerprints, loadSavedRun, RunKeeper } from './saved-run';
import { emitter, serve } from './serve';
import { toWireError } from './wire-error';

/** Least milliseconds between two messages of training events; each makes the page draw its curves again. */
const messageIntervalMs = 250;

const port = self as unknown as WirePort;
const emit = emitter(port);
const now = () => performance.now();

let device: Device | null = null;
let session: RunSession | null = null;
let isBusy = false;
/** The last run and its latest state: what text is tagged with. */
let trained: { run: ReadRun; state: RunState } | null = null;

async function openDevice({
	backend,
	threads,
}: Commands['open-device']['request']): Promise<Commands['open-device']['reply']> {
	device?.dispose();
	device = null;
	const chosen = await createDevice({ request: backend, threads });
	device = chosen.device;
	return { info: device.info, findings: chosen.findings };
}

/** Runs one thing at a time on the device; what comes meanwhile is refused with a reason. */
async function alone<Result>(work: (device: Device) => Promise<Result>): Promise<Result> {
	if (isBusy) throw deviceBusy();
	isBusy = true;
	try {
		invariant(device, 'no device is open');
		return await work(device);
	} finally {
		isBusy = false;
	}
}

function deviceBusy(): UserError {
	return new UserError({
		code: 'device-busy',
		expected: 'a device that is free',
		found: 'a run that goes on',
		remedy: 'Stop the run, or wait for its end.',
	});
}

/** Replies when all input is read and checked; the run itself goes on in the background. */
function startRun(request: Commands['start-run']['request']): Promise<Commands['start-run']['reply']> {
	const batcher = new EventBatcher({
		send: (events) => emit('training', { events }),
		intervalMs: messageIntervalMs,
		now,
		later: (callback, delayMs) => setTimeout(callback, delayMs),
	});
	// The last event is held back until the device is free: whoever hears it may use the device at once.
	let last: TrainingEvent | null = null;
	const onEvent = (event: TrainingEvent) => {
		if (event.kind === 'finished') last = event;
		else batcher.add(event);
	};
	return new Promise((resolve, reject) => {
		let hasStarted = false;
		const started = (run: ReadRun) => {
			hasStarted = true;
			resolve({ entityTypes: semanticClasses(run.data.labels).names.filter((name) => name !== 'O') });
		};
		alone((free) => runToItsEnd(free, request, onEvent, started)).then(
			() => last && batcher.add(last),
			(error) => {
				batcher.flush();
				if (hasStarted) emit('run-failed', { error: toWireError(error) });
				else reject(error);
			},
		);
	});
}

async function runToItsEnd(
	free: Device,
	request: RunRequest,
	onEvent: (event: TrainingEvent) => void,
	started: (run: ReadRun) => void,
): Promise<void> {
	const current = new RunSession({ onEvent, breathe, now });
	session = current;
	trained = null;
	const saved = request.continuesSaved ? await loadSavedRun(request.files) : null;
	const run = await readRun(request, saved?.config ?? null);
	const warn = ({ code, message }: UserError) => onEvent({ kind: 'warning', code, message });
	const keeper = new RunKeeper(run.config, saved?.dataHashes ?? (await fingerprints(request.files)), warn);
	started(run);
	for (const warning of run.warnings) onEvent(warning);
	await current.run(
		trainRun(run.config, run.data, {
			device: free,
			clock: () => now() / 1000,
			signal: current.signal,
			breathe,
			resumeFrom: saved?.state,
			keepState: async (state) => {
				trained = { run, state };
				if (state.position.stageIndex === run.config.stages.length) await keeper.forget();
				else await keeper.save(state, { nowMs: performance.timeOrigin + now(), isLast: current.signal.aborted });
			},
		}),
	);
}

async function tag({ text }: Commands['tag-text']['request']): Promise<Commands['tag-text']['reply']> {
	const last = trained;
	if (!last) {
		throw new UserError({
			code: 'no-model',
			expected: 'a trained model',
			found: 'none',
			remedy: 'Train until the first epoch has ended.',
		});
	}
	const lines = text.split(/\r?\n/).map((line) => [...line.trim()]);
	const texts = lines.filter((characters) => characters.length > 0);
	const asSentences = texts.map((characters) => ({ characters, tags: null, line: 0 }));
	return alone(async (free) => {
		const { characterVectors, bigramVectors, wordVectors } = await readVectorFiles(last.run.files, asSentences);
		const vectors = { characters: characterVectors, bigrams: bigramVectors, words: wordVectors };
		const { sentences, counts } = await tagText(free, modelOf(last.run, bestOf(last.state)), texts, vectors);
		return { sentences, characters: counts.characters };
	});
}

function modelOf({ config, data, lexiconWords }: ReadRun, parameters: Float32Array): TrainedModel {
	return {
		shape: networkShape(config.model, config.quirks, data),
		labels: data.labels,
		latticeRows: rowLookup(data.lattice),
		bigramRows: rowLookup(data.bigram),
		lexiconWords,
		normalizesEmbeddings: config.data.normalizeEmbeddings,
		parameters,
	};
}

serve(port, {
	'open-device': (request) => {
		if (isBusy) throw deviceBusy();
		return openDevice(request);
	},
	'saved-run': describeSavedRun,
	'start-run': startRun,
	'pause-run': async () => {
		session?.pause();
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
	'tag-text': tag,
});
