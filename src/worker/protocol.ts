// The wire between page and worker: one map of commands (question and reply) and one map of events. Both ends read
// through these types, so a new question is one line here and one handler; the compiler names the rest.

import type { DeviceInfo, DeviceName } from '../experiment/device-info';
import type { TrainingEvent } from '../experiment/events';
import type { PauseReason } from '../experiment/run-status';
import type { GpuFate } from '../kernels/select';
import type { AnnotationCommands } from './annotation-commands';
import type { DataCommands, DataEvents } from './data-commands';
import type { RunEstimate } from './forecast-commands';
import type { ResultCommands } from './result-commands';
import type { RunCommands } from './run-commands';
import type { SpaceCommands, SpaceEvents } from './space-commands';
import type { StorageCommands, StorageEvents } from './storage-commands';
import type { TaggingCommands } from './tagging-commands';
import type { WireError } from './wire-error';

export type BackendRequest = 'auto' | DeviceName;

/** A file of the user. A Blob crosses the wire by reference: the worker streams it, nothing is copied. */
export interface SourceFile {
	name: string;
	content: Blob;
}

export interface CorpusFiles {
	train: SourceFile;
	dev: SourceFile;
	/** Absent: dev stands in for test, and a warning says so. */
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

export interface RunRequest {
	/** Null when `stored` says what to train on, or when a saved run knows it. */
	files: CorpusFiles | null;
	stored?: StoredInput;
	/** For people; absent: the preset's name. */
	name?: string;
	/** Name of a preset (experiment/presets.ts). */
	preset: string;
	/** Absent: the preset's own. */
	seed: number | null;
	/** Settings by path, as on the command line: `stages.0.epochs` -> `2`. Checked in the worker. */
	settings: Record<string, string>;
	/** A new run that begins from this stored checkpoint: with its parameters, tags, vocabularies and settings, of which the
	 *  last CRF stage alone is run; `preset` is not read then, `seed` and `settings` change what it says. */
	initialCheckpointId?: string;
	/** Tokens on the run's map, a `MapSize`; absent: as many as usual. A saved run keeps those that it has. */
	mapPoints?: number;
	/** Resume a saved run, by its own settings, on the input that it began with; preset, seed and settings are not read then.
	 *  A run whose page ended before anything was saved begins anew. */
	continuesSaved: boolean;
	/** Which saved run is resumed; absent: the one saved last. */
	runId?: string;
	/** Labels that the run learns from: saved as that setting when the run has begun, so that the page can count new ones. */
	labels?: { setting: string; count: number };
	/** Of a saved run that goes on: all its learning rates times this, from the parameters of its best epoch, momentum
	 *  forgotten. */
	learningRateFactor?: number;
}

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

export interface OpenedDevice {
	info: DeviceInfo;
	gpu: GpuFate;
	/** What probing found, in plain words: why a device was passed over, that an adapter is emulated. */
	findings: string[];
}

/** Questions that the page asks: name -> what goes and what comes back. A failed one rejects with the error's parts. */
export interface Commands
	extends DataCommands,
		TaggingCommands,
		AnnotationCommands,
		ResultCommands,
		RunCommands,
		SpaceCommands,
		StorageCommands {
	/** Chooses, opens and self-tests a device; the earlier one is closed. Refused while a run goes on. */
	/** `threads` are those of wasm, 1 when not given. */
	'open-device': { request: { backend: BackendRequest; threads?: number }; reply: OpenedDevice };
	/** Reads and checks everything, then starts; replies when the first step can begin. Training events follow. */
	'start-run': { request: RunRequest; reply: { entityTypes: string[]; runId: string } };
	/** What a new run would cost on the open device. Refused (`device-busy`) while one goes on; ends (`task-cancelled`) when
	 *  the device is needed. */
	'forecast-run': { request: { task: string; request: RunRequest }; reply: RunEstimate };
}
export type CommandName = keyof Commands;

/** What the worker says unasked: name -> what it carries. */
export interface WorkerEvents extends DataEvents, SpaceEvents, StorageEvents {
	/** Training events in order, several in one message (event-batcher.ts). */
	/** `memoryBytes`: that the device holds, or held at most where it tells that. */
	training: { events: TrainingEvent[]; memoryBytes: number };
	/** The run broke on a bug or on something that the user can mend after it had started. */
	'run-failed': { error: WireError };
}
export type WorkerEventName = keyof WorkerEvents;

export type ToWorker = {
	[Name in CommandName]: { id: number; command: Name; request: Commands[Name]['request'] };
}[CommandName];

export type FromWorker =
	| { kind: 'reply'; id: number; reply: unknown }
	| { kind: 'error'; id: number; error: WireError }
	| { [Name in WorkerEventName]: { kind: 'event'; event: Name; data: WorkerEvents[Name] } }[WorkerEventName];

/** The part of Worker, DedicatedWorkerGlobalScope and MessagePort that the wire needs. */
export interface WirePort {
	postMessage(message: unknown, transfer: Transferable[]): void;
	addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
