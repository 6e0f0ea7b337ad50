// A stopped run as a file: parameters now and at the best epoch, the optimiser's memory, and the position
// in the recipe. A run resumed from it gives the same losses as one that never stopped.

import { type EvaluatedSplit, evaluatedSplits } from '../data/predicted-sentence';
import type { ExperimentConfig } from '../experiment/config';
import type {
	EvaluationProgress,
	LiveState,
	NumberRange,
	RunPosition,
	RunState,
	SplitProgress,
} from '../experiment/run-state';
import { invariant, UserError } from '../util/errors';
import { ownValue } from '../util/own-value';
import { configOf } from './checkpoint';
import { requireTensor } from './flat-parameters';
import type { StreamedTensor } from './safetensors';
import { readIntegers, type StoredTensor, storeNumbers, viewFloats } from './stored-tensor';
import {
	decodeWorkbenchFile,
	encodeWorkbenchFile,
	type FileKind,
	hasCounts,
	isRecord,
	isTextRecord,
	type WorkbenchFile,
	workbenchFileParts,
} from './workbench-file';

export interface ResumeFile {
	config: ExperimentConfig;
	/** SHA-256 of the run's input files by role: a run is resumed only with the same ones (`requireSameInput`). */
	dataHashes: Record<string, string>;
	/** What else the writer wants back: paths, device name, and the like. */
	notes: Record<string, string>;
	state: RunState;
}

/** The same of a state that is still where it is trained. */
export type LiveResumeFile = Omit<ResumeFile, 'state'> & { state: LiveState };

const resumeKind: FileKind = { name: 'resume', migrations: [], words: 'the saved state of a run' };

export function encodeResumeState({ state, ...about }: ResumeFile): Uint8Array<ArrayBuffer> {
	const { parameters, bestParameters, optimizer } = state;
	for (const values of [optimizer.first, optimizer.second])
		invariant(values === null || values.length === parameters.length, `the optimiser holds ${values?.length} numbers`);
	const tensors = new Map<string, StoredTensor>();
	const add = (name: string, values: Float32Array | null) => {
		if (values) tensors.set(name, storeNumbers(values, [values.length]));
	};
	add('parameters', parameters);
	add('best_parameters', bestParameters);
	add('optimizer.first', optimizer.first);
	add('optimizer.second', optimizer.second);
	const further = contentBeside({ ...about, state }, parameters.length);
	return encodeWorkbenchFile(resumeKind, further.records, [...tensors, ...further.tensors]);
}

/** The same file in parts, from a state that is read while it is written: no copy of it is ever in memory. */
export function resumeStateParts({ state, ...about }: LiveResumeFile): AsyncGenerator<Uint8Array, void> {
	const { size, hasSecond, bestParameters: best, readParameters, readOptimizer } = state;
	const tensors = new Map<string, StoredTensor | StreamedTensor>();
	const add = (name: string, read: (range: NumberRange) => Promise<Float32Array | null>) =>
		tensors.set(name, { type: 'F32', shape: [size], parts: () => bytesInRuns(size, read) });
	add('parameters', readParameters);
	if (best) tensors.set('best_parameters', storeNumbers(best, [best.length]));
	add('optimizer.first', async (range) => (await readOptimizer(range)).first);
	if (hasSecond) add('optimizer.second', async (range) => (await readOptimizer(range)).second);
	const further = contentBeside({ ...about, state }, size);
	return workbenchFileParts(resumeKind, further.records, [...tensors, ...further.tensors]);
}

/** Numbers that are read at once: 4 MiB. */
const runLength = 2 ** 20;

async function* bytesInRuns(
	size: number,
	read: (range: NumberRange) => Promise<Float32Array | null>,
): AsyncGenerator<Uint8Array, void> {
	for (let start = 0; start < size; start += runLength) {
		const values = await read({ start, end: Math.min(size, start + runLength) });
		if (values) yield storeNumbers(values, [values.length]).bytes;
	}
}

/** All but the large arrays; `size` is the length of the parameters. */
function contentBeside(
	{ config, dataHashes, notes, state }: Omit<ResumeFile, 'state'> & { state: RunState | LiveState },
	size: number,
): { records: Record<string, unknown>; tensors: [string, StoredTensor][] } {
	const { bestParameters, position, evaluation } = state;
	// The best epoch may have been before BERT was trained; its parameters are fewer then.
	const isBestShort = bestParameters === null || bestParameters.length <= size;
	invariant(isBestShort, `best_parameters has ${bestParameters?.length} numbers`);
	const { lossSum, bestValue } = position.progress;
	invariant(Number.isFinite(lossSum) && Number.isFinite(bestValue), 'a run that went wrong is not saved');
	const records = { config, data_hashes: dataHashes, notes, position };
	// A loss that is no number ends the run: it does so again when the evaluation is repeated.
	if (!evaluation || !evaluatedSplits.every((split) => Number.isFinite(evaluation[split].lossSum))) {
		return { records, tensors: [] };
	}
	const tensors = evaluatedSplits.flatMap((split) => tagTensors(split, evaluation[split].tags));
	const counts = ({ batches, lossSum, seconds }: SplitProgress) => ({ batches, lossSum, seconds });
	const progress = { dev: counts(evaluation.dev), test: counts(evaluation.test) };
	return { records: { ...records, evaluation: progress }, tensors };
}

/** Tags of all sentences in one row, and the length of each. */
function tagTensors(split: EvaluatedSplit, tags: readonly Int32Array[]): [string, StoredTensor][] {
	const lengths = Int32Array.from(tags, ({ length }) => length);
	const joined = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
	let at = 0;
	for (const row of tags) {
		joined.set(row, at);
		at += row.length;
	}
	return [
		[`evaluation.${split}.tags`, storeNumbers(joined, [joined.length])],
		[`evaluation.${split}.lengths`, storeNumbers(lengths, [lengths.length])],
	];
}

/** Throws a UserError when the file is cut off, of another kind or version, or its parts do not fit each other. The state's
 *  numbers may be views into `bytes`. */
export function decodeResumeState(bytes: Uint8Array, file?: string): ResumeFile {
	const stored = decodeWorkbenchFile(bytes, resumeKind, file);
	const config = configOf(stored, file);
	const position = stored.record('position', isPosition, 'the position of a run');
	if (position.stageIndex > config.stages.length) {
		throw stored.damage(`a stage index up to ${config.stages.length}`, `${position.stageIndex}`);
	}
	const length = stored.tensors.get('parameters')?.shape[0] ?? 0;
	const read = (name: string) => viewFloats(requireTensor(stored.tensors, name, [length], file));
	const readIfThere = (name: string) => (stored.tensors.has(name) ? read(name) : null);
	const readBest = () => {
		const stated = stored.tensors.get('best_parameters')?.shape[0];
		if (stated === undefined) return null;
		if (stated > length) throw stored.damage(`at most ${length} best parameters`, `${stated}`);
		return viewFloats(requireTensor(stored.tensors, 'best_parameters', [stated], file));
	};
	return {
		config,
		dataHashes: stored.record('data_hashes', isTextRecord, 'hashes of the data'),
		notes: stored.record('notes', isTextRecord, 'notes'),
		state: {
			position,
			parameters: read('parameters'),
			bestParameters: readBest(),
			optimizer: { first: read('optimizer.first'), second: readIfThere('optimizer.second') },
			...(stored.has('evaluation') ? { evaluation: readEvaluation(stored, file) } : {}),
		},
	};
}

function readEvaluation(stored: WorkbenchFile, file: string | undefined): EvaluationProgress {
	const counts = stored.record('evaluation', isEvaluation, 'how far the evaluation is');
	const integers = (name: string) => {
		const length = stored.tensors.get(name)?.shape[0] ?? 0;
		return readIntegers(requireTensor(stored.tensors, name, [length], file), name);
	};
	const read = (split: EvaluatedSplit): SplitProgress => {
		const joined = integers(`evaluation.${split}.tags`);
		let at = 0;
		const tags = Array.from(integers(`evaluation.${split}.lengths`), (length) => joined.slice(at, (at += length)));
		if (at !== joined.length) throw stored.damage(`${at} tags of ${split}`, `${joined.length}`);
		return { ...counts[split], tags };
	};
	return { dev: read('dev'), test: read('test') };
}

function isEvaluation(value: unknown): value is Record<EvaluatedSplit, Omit<SplitProgress, 'tags'>> {
	return (
		isRecord(value) &&
		evaluatedSplits.every((split) => {
			const counts = value[split];
			return (
				isRecord(counts) &&
				hasCounts(counts, ['batches']) &&
				Number.isFinite(counts.lossSum) &&
				Number.isFinite(counts.seconds)
			);
		})
	);
}

/** Throws a UserError when a run would be resumed with other files than those it began with. */
export function requireSameInput(saved: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): void {
	const roles = new Set([...Object.keys(saved), ...Object.keys(now)]);
	for (const role of roles) {
		const [before, after] = [ownValue(saved, role), ownValue(now, role)];
		if (before === after) continue;
		throw new UserError({
			code: 'resume-other-input',
			expected: `the file for ${role} that the run began with (SHA-256 ${shorten(before)})`,
			found: shorten(after),
			remedy: 'Provide the same files, or start a new run in another folder.',
		});
	}
}

function shorten(hash: string | undefined): string {
	return hash === undefined ? 'none' : hash.slice(0, 12);
}

const progressCounts = ['epoch', 'stepInEpoch', 'step', 'updates', 'bestEpoch', 'epochsSinceBest'] as const;

function isPosition(value: unknown): value is RunPosition {
	if (!isRecord(value) || !hasCounts(value, ['stageIndex', 'eventCount']) || !isRecord(value.progress)) return false;
	const { progress } = value;
	const numbers = [value.seconds, progress.lossSum, progress.trainSeconds, progress.bestValue];
	return (
		hasCounts(progress, progressCounts) &&
		numbers.every((number) => typeof number === 'number') &&
		typeof progress.wasSkipped === 'boolean' &&
		Array.isArray(value.stages) &&
		value.stages.every((stage) => isRecord(stage) && typeof stage.stage === 'string')
	);
}
