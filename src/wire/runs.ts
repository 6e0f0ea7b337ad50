// The part of the wire about runs: what one begins from, the one under way, saved ones that can be resumed, forecasts.

import type { SentenceRef } from '../data/corpus';
import type { TrainingEvent } from '../experiment/events';
import type { RunForecast } from '../experiment/run-forecast';
import type { PauseReason } from '../experiment/run-status';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { RunLog } from '../storage/workspace/run-log-columns';
import type { SourceFile } from './source-file';
import type { WireError } from './wire-error';

export interface CorpusFiles {
	train: SourceFile;
	dev: SourceFile;
	/** Absent: dev is used as test, and a warning says so. */
	test: SourceFile | null;
	/** One word a line, or a vector file whose words serve as lexicon; absent: the words of `wordVectors`, if any. */
	lexicon: SourceFile | null;
	characterVectors: SourceFile | null;
	bigramVectors: SourceFile | null;
	wordVectors: SourceFile | null;
}

/** What a run is made from, by ids in the workspace. */
export interface StoredInput {
	corpusId: string;
	/** Null: the words of `wordVectorsId`, if any. */
	lexiconId: string | null;
	characterVectorsId: string | null;
	bigramVectorsId: string | null;
	wordVectorsId: string | null;
}

/** What a new run trains on: the user's files, or items of the workspace. */
export type TrainingInput = { kind: 'files'; files: CorpusFiles } | { kind: 'stored'; stored: StoredInput };

interface NewRunParts {
	input: TrainingInput;
	/** For people; absent: the preset's name. */
	name?: string;
	/** Null: the seed of the preset, or of the checkpoint. */
	seed: number | null;
	/** Settings by path, as on the command line: `stages.0.epochs` -> `2`. Checked in the worker. */
	settings: Record<string, string>;
	/** Tokens on the run's map, a `MapSize`; absent: the default number. */
	mapPoints?: number;
}

/** A run from random parameters, with a preset's settings. */
export interface PresetRunRequest extends NewRunParts {
	kind: 'new';
	/** Name of a preset (experiment/presets.ts). */
	preset: string;
}

/** A run that starts from a stored checkpoint: with its parameters, tags, vocabularies and settings, of which the last CRF
 *  stage alone is run. */
export interface CheckpointRunRequest extends NewRunParts {
	kind: 'from-checkpoint';
	checkpointId: string;
	/** The checkpoint's, for lists of runs; its settings are the checkpoint's own. */
	preset: string;
	/** Labels that the run learns from: saved as that setting when the run has begun, so that the page can count new ones. */
	labels?: { setting: string; count: number };
}

/** A saved run, by its own settings, on the input that it began with. A run whose page ended before anything was saved
 *  begins anew. */
export interface ResumedRunRequest {
	kind: 'resumed';
	/** Absent: the one saved last. */
	runId?: string;
	/** Of a run on files, which are not kept with it: the same ones again. Null for a run on stored input. */
	files: CorpusFiles | null;
	/** All its learning rates times this, from the parameters of its best epoch, without momentum. */
	learningRateFactor?: number;
}

export type NewRunRequest = PresetRunRequest | CheckpointRunRequest;
export type RunRequest = NewRunRequest | ResumedRunRequest;

/** The task of reading a run's input, with its progress, until `start-run` replies; it can be cancelled. */
export const preparationTask = 'prepare-run';

/** A run that the browser keeps and that can be resumed, as it was when it was saved last. */
export interface SavedRun {
	runId: string;
	preset: string;
	stage: string;
	/** The epoch that it is resumed in, from 1. */
	epoch: number;
	/** Milliseconds since 1970; null when nothing was saved before its page ended: it begins anew. */
	savedAtMs: number | null;
	/** Null for a run that was stopped or has failed. */
	pauseReason: PauseReason | null;
}

/** How the corpus of a run is now, beside what the run began with. */
export type InputChange =
	| { kind: 'same' }
	/** `sentences`: those that are other, gone or new. `isPinned`: what the run began with can still be read. */
	| { kind: 'changed'; corpus: string; sentences: number; first: SentenceRef[]; isPinned: boolean }
	| { kind: 'deleted'; corpus: string }
	/** It was trained on files. */
	| { kind: 'files' };

export interface RunEstimate {
	/** If no stage ends before its planned epochs. */
	forecast: RunForecast;
	/** Nodes of the longest lattice of any split: characters and words. */
	longestNodes: number;
	/** Sentences of each split. */
	sentences: Record<'train' | 'dev' | 'test', number>;
	parameterCount: number;
	/** What the finished model takes in the browser's storage. */
	checkpointBytes: number;
}

export interface RunCommands {
	/** Reads and checks everything, then starts; replies when the first step can begin. Training events follow. */
	'start-run': { request: RunRequest; reply: { entityTypes: string[]; runId: string } };
	/** What a new run would cost on the open device. Refused (`device-busy`) while one is active; ends (`task-cancelled`) when
	 *  the device is needed. */
	'forecast-run': { request: { task: string; request: NewRunRequest }; reply: RunEstimate };
	/** The run saved last that can be resumed and that no tab trains, or null. */
	'saved-run': { request: Record<string, never>; reply: SavedRun | null };
	/** How the data of a saved run are now, and whether it has a model to keep; null for a run that cannot be resumed. */
	'run-input': { request: { runId: string }; reply: { change: InputChange; hasModel: boolean } | null };
	/** Keeps the best model of a saved run as a checkpoint under the run's id, without resuming it. */
	'keep-run-model': { request: { runId: string }; reply: { checkpointId: string } };
	/** Holds the run after the step, or the batch of evaluation, that is under way, its state saved; replies when it is held. */
	'pause-run': { request: Record<string, never>; reply: { isPaused: true } };
	'resume-run': { request: Record<string, never>; reply: { isPaused: false } };
	/** Ends the run under way cleanly; its model stays for tagging. With a run that nobody trains: marks that as stopped. */
	'stop-run': { request: { runId?: string }; reply: { isStopped: true } };
	/** What a run said, and its record. */
	'load-run': { request: { id: string }; reply: { item: ItemOf<'run'>; log: RunLog } };
}

export interface RunEvents {
	/** Training events in order, several in one message (event-batcher.ts). */
	/** `memoryBytes`: that the device holds, or held at most where it reports that. */
	training: { events: TrainingEvent[]; memoryBytes: number };
	/** The run broke on a bug or on something that the user can mend after it had started. */
	'run-failed': { error: WireError };
}
