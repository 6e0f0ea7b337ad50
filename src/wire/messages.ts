// The wire between page and worker: one map of commands (question and reply) and one map of events, by subject. Both ends read
// through these types, so a new question is one line in its subject and one handler; the compiler names the rest.

import type { AnnotationCommands } from './annotation';
import type { CorpusCommands } from './corpora';
import type { DeviceCommands } from './devices';
import type { ImportCommands } from './imports';
import type { ItemCommands, ItemEvents } from './items';
import type { ModelCommands } from './models';
import type { ResultCommands } from './results';
import type { RunCommands, RunEvents } from './runs';
import type { SpaceCommands, SpaceEvents } from './space';
import type { StorageCommands, StorageEvents } from './storage';
import type { TaggingCommands } from './tagging';
import type { TaskCommands, TaskEvents } from './tasks';
import type { VectorsCommands } from './vectors';
import type { WireError } from './wire-error';

/** Questions that the page asks: name -> what goes and what comes back. A failed one rejects with the error's parts. */
export interface Commands
	extends AnnotationCommands,
		CorpusCommands,
		DeviceCommands,
		ImportCommands,
		ItemCommands,
		ModelCommands,
		ResultCommands,
		RunCommands,
		SpaceCommands,
		StorageCommands,
		TaggingCommands,
		TaskCommands,
		VectorsCommands {}
export type CommandName = keyof Commands;

/** What the worker says unasked: name -> what it carries. */
export interface WorkerEvents extends ItemEvents, RunEvents, SpaceEvents, StorageEvents, TaskEvents {}
export type WorkerEventName = keyof WorkerEvents;

export type ToWorker = {
	[Name in CommandName]: { id: number; command: Name; request: Commands[Name]['request'] };
}[CommandName];

export type FromWorker =
	| { kind: 'reply'; id: number; reply: unknown }
	| { kind: 'error'; id: number; error: WireError }
	/** A question that could not be read: the one asked next after `after`, the last that could; 0 before the first. */
	| { kind: 'unread'; after: number }
	| { [Name in WorkerEventName]: { kind: 'event'; event: Name; data: WorkerEvents[Name] } }[WorkerEventName];

/** The part of Worker, DedicatedWorkerGlobalScope and MessagePort that the wire needs. */
export interface WirePort {
	postMessage(message: unknown, transfer: Transferable[]): void;
	/** `messageerror` comes in place of a message that cannot be read: no memory for it, say. */
	addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
}
