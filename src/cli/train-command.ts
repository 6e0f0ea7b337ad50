// `nerco train`: from files to a run folder. Everything is read and checked before the folder is made; a stopped or
// broken-off run goes on with `--resume`.

import { setImmediate } from 'node:timers/promises';
import { type EvaluatedSplit, evaluatedSplits, predictedSentences } from '../data/predicted-sentence';
import { checkConfig, withSetting } from '../experiment/check-config';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { findPreset, presetConfig, presets } from '../experiment/presets';
import type { RunState } from '../experiment/run-state';
import { encodeCheckpoint } from '../storage/checkpoint';
import { readFileBytes } from '../storage/node/files';
import { RunFolder } from '../storage/node/run-folder';
import { encodePredictions } from '../storage/predictions-file';
import { decodeResumeState, encodeResumeState, requireSameInput } from '../storage/resume-state';
import { checkpointOf } from '../training/run-checkpoint';
import { trainRun } from '../training/train-run';
import { exitCodes, integerOption, readOptions, required, UsageError } from './command-line';
import { FrameLog } from './frame-log';
import { openDevice, parseBackend, parseKernels, parseThreads } from './open-device';
import { Progress, type ProgressOutput } from './progress';
import { type InputPaths, inputRoles, type PreparedInputs, prepareInputs, readCorpora } from './read-inputs';
import { composeResult } from './result-file';
import { secondsNow } from './seconds-now';
import { versionsOf } from './versions';

/** The lines of `runOptions`. */
export const runUsage = `  --preset NAME          settings to start from (default: sample); 'nerco info' lists them
  --train, --dev, --test FILE
                         corpora: CoNLL columns (a character, its tag) or any format that 'nerco corpus inspect' reads
  --char-vectors FILE    character vectors (.vec or .vec.gz)
  --bigram-vectors FILE  character bigram vectors
  --word-vectors FILE    word vectors; their words are the lexicon unless --lexicon is given
  --lexicon FILE         lexicon, one word per line
  --limit-train N        use only the first N training sentences
  --epochs N,N,...       maximum epochs of each stage; also sets the length of the warm-up
  --stop-after N         end each stage after N epochs, keeping its learning rate schedule; or a list, one per stage
  --seed N               random seed
  --backend NAME         auto (default), webgpu, wasm or cpu
  --threads N            wasm threads (default: 1); results do not depend on it
  --kernels NAME         webgpu kernels: fused (default), or composed, which uses TensorFlow.js as a cross-check
  --set PATH=VALUE       change any setting, e.g. --set stages.0.optimizer.learningRate=1e-3; repeatable`;

export const trainUsage = `nerco train --preset NAME --train FILE --dev FILE [--test FILE] --out FOLDER
${runUsage}
  --out FOLDER           output folder: metrics.jsonl, result.json, model.safetensors, predictions-dev.safetensors, predictions-test.safetensors
  --frames               measure the representations at the start, after each epoch and at the end of each stage: frames.jsonl
  --resume               resume the run in --out; only --backend, --kernels, --threads and --frames may be given with it

Presets:
${presets.map(({ name, title }) => `  ${name.padEnd(23)}${title.en}`).join('\n')}`;

/** Options that say what a run is, of every command that prepares one. */
export const runOptions = {
	preset: { type: 'string' },
	train: { type: 'string' },
	dev: { type: 'string' },
	test: { type: 'string' },
	'char-vectors': { type: 'string' },
	'bigram-vectors': { type: 'string' },
	'word-vectors': { type: 'string' },
	lexicon: { type: 'string' },
	'limit-train': { type: 'string' },
	epochs: { type: 'string' },
	'stop-after': { type: 'string' },
	seed: { type: 'string' },
	backend: { type: 'string' },
	threads: { type: 'string' },
	kernels: { type: 'string' },
	set: { type: 'string', multiple: true },
} as const;

const trainOptions = {
	...runOptions,
	out: { type: 'string' },
	resume: { type: 'boolean' },
	frames: { type: 'boolean' },
} as const;

type RunOptions = ReturnType<typeof readOptions<typeof runOptions>>;
type TrainOptions = ReturnType<typeof readOptions<typeof trainOptions>>;

/** A run that is ready to start: all input read, all settings checked. */
interface ReadyRun {
	config: ExperimentConfig;
	paths: InputPaths;
	prepared: PreparedInputs;
	resumeFrom: RunState | undefined;
	backend: ReturnType<typeof parseBackend>;
	kernels: ReturnType<typeof parseKernels>;
	threads: number;
}

export async function trainCommand(args: readonly string[]): Promise<number> {
	const options = readOptions(args, trainOptions);
	const out = required(options.out, 'out', 'the output folder');
	const ready = options.resume ? await readyToResume(out, options) : await readyToStart(options, out);
	return run(ready, out, { hasFrames: options.frames === true });
}

/** All input read, all settings checked; `out` is the folder that the results will go to, null when there is none. */
export async function readyToStart(options: RunOptions, out: string | null): Promise<ReadyRun> {
	const paths = inputPaths(options);
	const backend = parseBackend(options.backend);
	const kernels = parseKernels(options.kernels);
	const threads = parseThreads(options.threads);
	const draft = configOf(options);
	if (out !== null) await RunFolder.requireFree(out); // before large files are read; it is asked again when the folder is made
	const corpora = await readCorpora(paths, draft);
	const { limitTrain } = draft.data;
	const available = corpora.splits.train.sentences.length;
	const config = configOf(options, limitTrain > 0 ? Math.min(limitTrain, available) : available);
	return {
		config,
		paths,
		prepared: await prepareInputs(paths, corpora, config),
		resumeFrom: undefined,
		backend,
		kernels,
		threads,
	};
}

async function readyToResume(out: string, options: TrainOptions): Promise<ReadyRun> {
	const allowed = ['out', 'resume', 'backend', 'kernels', 'threads', 'frames'];
	const extra = Object.keys(options).find((name) => !allowed.includes(name));
	if (extra) throw new UsageError(`--${extra} cannot be combined with --resume; the run keeps its own settings`);
	const saved = decodeResumeState(await RunFolder.readResume(out), `${out}/resume.safetensors`);
	const paths = JSON.parse(saved.notes.paths) as InputPaths;
	const backend = parseBackend(options.backend ?? saved.notes.backend);
	const kernels = parseKernels(options.kernels ?? saved.notes.kernels);
	const threads = parseThreads(options.threads);
	const corpora = await readCorpora(paths, saved.config);
	const prepared = await prepareInputs(paths, corpora, saved.config);
	requireSameInput(saved.dataHashes, hashesOf(prepared));
	return { config: saved.config, paths, prepared, resumeFrom: saved.state, backend, kernels, threads };
}

async function run(ready: ReadyRun, out: string, { hasFrames }: { hasFrames: boolean }): Promise<number> {
	const { config, paths, prepared, resumeFrom } = ready;
	const { device, findings } = await openDevice(ready.backend, ready.kernels, ready.threads);
	const progress = new Progress(terminalOutput(), secondsNow);
	const folder = resumeFrom ? await RunFolder.goOn(out, resumeFrom.position.eventCount) : await RunFolder.begin(out);
	const events: TrainingEvent[] = resumeFrom ? await loggedEvents(out) : [];
	const frames = hasFrames ? await FrameLog.open(out, prepared.data, resumeFrom) : null;
	const stop = stopOnSignal(() => progress.line('stopping after the current step …'));
	const notes = { paths: JSON.stringify(paths), backend: device.info.name, kernels: ready.kernels };
	const dataHashes = hashesOf(prepared);
	let lastState: RunState | undefined;
	try {
		for (const message of [...findings, ...prepared.warnings]) progress.line(`note: ${message}`);
		const keepState = async (state: RunState) => {
			lastState = state;
			await folder.writeResume(encodeResumeState({ config, dataHashes, notes, state }));
		};
		const run = trainRun(config, prepared.data, {
			device,
			clock: secondsNow,
			signal: stop.signal,
			breathe: () => setImmediate(),
			resumeFrom,
			keepState,
			keepPredictions: (tags, place) => writePredictions(folder, prepared, tags, place),
			lookAt: frames ? (look) => frames.look(look) : undefined,
		});
		for await (const event of run) {
			events.push(event);
			await folder.appendEvent(event);
			progress.take(event);
		}
		const last = events[events.length - 1];
		const reason = last.kind === 'finished' ? last.reason : 'stopped';
		const versions = versionsOf(device.info);
		if (lastState) {
			const checkpoint = checkpointOf({ config, data: prepared.data, state: lastState, events, dataHashes, versions });
			await folder.writeModel(encodeCheckpoint(checkpoint));
		}
		const { inputs, preparation } = prepared;
		await folder.writeResult(
			composeResult({ config, events, data: inputs, preparation, device: device.info, versions }),
		);
		if (reason === 'completed') await folder.removeResume();
		if (reason === 'stopped') progress.line(`resume with: nerco train --resume --out ${out}`);
		return { completed: exitCodes.done, stopped: exitCodes.stopped }[reason as string] ?? exitCodes.failed;
	} finally {
		stop.release();
		await folder.close();
		device.dispose();
	}
}

async function writePredictions(
	folder: RunFolder,
	{ data, evaluated }: PreparedInputs,
	tags: Record<EvaluatedSplit, Int32Array[]>,
	place: { stage: string; epoch: number },
): Promise<void> {
	const sentences = predictedSentences(data, evaluated, tags);
	for (const split of evaluatedSplits) {
		await folder.writePredictions(split, encodePredictions({ split, ...place, sentences: sentences[split] }));
	}
}

function inputPaths(options: RunOptions): InputPaths {
	return {
		train: required(options.train, 'train', 'the training corpus'),
		dev: options.dev,
		test: options.test,
		characterVectors: options['char-vectors'],
		bigramVectors: options['bigram-vectors'],
		wordVectors: options['word-vectors'],
		lexicon: options.lexicon,
	};
}

/** The preset with all options of the command line, checked. Presets that fit their epochs do so once the size is known. */
function configOf(options: RunOptions, trainSentences?: number): ExperimentConfig {
	const { name } = findPreset(options.preset ?? 'sample');
	let config = presetConfig(name, trainSentences);
	if (options.seed !== undefined) config = withSetting(config, 'seed', options.seed);
	if (options['limit-train'] !== undefined) config = withSetting(config, 'data.limitTrain', options['limit-train']);
	if (options.epochs !== undefined) {
		const epochs = integerList(options.epochs, 'epochs', 1);
		if (epochs.length !== config.stages.length) throw stageCountError('epochs', config, epochs.length);
		for (const [index, count] of epochs.entries()) config.stages[index].epochs = count;
	}
	if (options['stop-after'] !== undefined) {
		const counts = integerList(options['stop-after'], 'stop-after', 1);
		if (counts.length !== 1 && counts.length !== config.stages.length) {
			throw stageCountError('stop-after', config, counts.length);
		}
		for (const [index, stage] of config.stages.entries()) stage.stopAfter = counts[index] ?? counts[0];
	}
	for (const assignment of options.set ?? []) {
		const equals = assignment.indexOf('=');
		if (equals < 1) throw new UsageError(`--set must be PATH=VALUE, not '${assignment}'`);
		config = withSetting(config, assignment.slice(0, equals), assignment.slice(equals + 1));
	}
	checkConfig(config);
	return config;
}

function integerList(text: string, option: string, least: number): number[] {
	return text.split(',').map((part) => integerOption(part, option, least));
}

function stageCountError(option: string, config: ExperimentConfig, found: number): UsageError {
	const names = config.stages.map((stage) => stage.name).join(', ');
	return new UsageError(
		`--${option} must have one number for each of the ${config.stages.length} stages of ${config.preset} (${names}), not ${found}`,
	);
}

function hashesOf(prepared: PreparedInputs): Record<string, string> {
	return Object.fromEntries(
		inputRoles.flatMap((role) => (prepared.inputs[role] ? [[role, prepared.inputs[role].sha256]] : [])),
	);
}

async function loggedEvents(out: string): Promise<TrainingEvent[]> {
	const text = new TextDecoder().decode(await readFileBytes(`${out}/metrics.jsonl`));
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line));
}

/** Aborts on the first SIGINT, SIGTERM or SIGHUP; one more, after a second, ends the process at once. */
function stopOnSignal(announce: () => void): { signal: AbortSignal; release(): void } {
	const controller = new AbortController();
	let firstAt = 0;
	const handle = () => {
		if (!controller.signal.aborted) {
			firstAt = secondsNow();
			controller.abort();
			announce();
		} else if (secondsNow() - firstAt > 1) process.exit(exitCodes.stopped);
	};
	process.on('SIGINT', handle);
	process.on('SIGTERM', handle);
	process.on('SIGHUP', handle); // the terminal was closed
	return {
		signal: controller.signal,
		release() {
			process.off('SIGINT', handle);
			process.off('SIGTERM', handle);
			process.off('SIGHUP', handle);
		},
	};
}

function terminalOutput(): ProgressOutput {
	return {
		isTerminal: process.stdout.isTTY === true,
		columns: process.stdout.columns || 80, // 0 where a terminal does not say
		write: (text) => process.stdout.write(text),
	};
}
