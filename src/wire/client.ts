// The page's end of the wire: asks commands, hears events. Knows nothing of what they mean.

import type { CommandName, Commands, FromWorker, WirePort, WorkerEventName, WorkerEvents } from './messages';
import { transfersOf } from './transfer';
import { fromWireError } from './wire-error';

interface Pending {
	resolve(reply: never): void;
	reject(error: Error): void;
}

type Listeners = { [Name in WorkerEventName]: Set<(data: WorkerEvents[Name]) => void> };

/** A worker as the client needs it; a MessagePort has no `error` events and no `terminate`. */
export interface ClientPort extends WirePort {
	terminate?(): void;
}

export class WorkerClient {
	private readonly pending = new Map<number, Pending>();
	private readonly listeners: Listeners = {
		training: new Set(),
		'run-failed': new Set(),
		'workspace-changed': new Set(),
		'task-progress': new Set(),
		'space-snapshot': new Set(),
		'space-live-map': new Set(),
		'space-problem': new Set(),
		'space-map': new Set(),
		'storage-state': new Set(),
		'storage-cleared': new Set(),
		'run-saving': new Set(),
	};
	private lastId = 0;
	private failure: Error | null = null;

	constructor(private readonly port: ClientPort) {
		port.addEventListener('message', (event) => this.receive(event.data as FromWorker));
		port.addEventListener('messageerror', () => this.missMessage());
	}

	/** Resolves with the reply, or rejects with the worker's error: a UserError where the user can fix it. Arrays of a request
	 *  marked by `transferring` move to the worker. */
	ask<Name extends CommandName>(command: Name, request: Commands[Name]['request']): Promise<Commands[Name]['reply']> {
		if (this.failure) return Promise.reject(this.failure);
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			this.pending.set(id, { resolve, reject });
			try {
				this.port.postMessage({ id, command, request }, transfersOf(request));
			} catch (error) {
				this.pending.delete(id);
				reject(new Error(`the question ${command} could not be sent`, { cause: error }));
			}
		});
	}

	/** Calls the listener for each event of that name; returns a function that ends it. */
	on<Name extends WorkerEventName>(event: Name, listener: (data: WorkerEvents[Name]) => void): () => void {
		this.listeners[event].add(listener);
		return () => this.listeners[event].delete(listener);
	}

	/** To be called when the worker itself died: rejects everything that waits and every later question. */
	fail(error: Error): void {
		this.failure = error;
		for (const { reject } of this.pending.values()) reject(error);
		this.pending.clear();
		this.tellFailure(error);
	}

	/** Something of the worker could not be read. Which question it answers nobody can say, so all that wait hear of it; where
	 *  none waits it was news of the run, and what is shown of it would stay as it is for ever. */
	private missMessage(): void {
		const error = new Error('a message of the worker could not be read; reload the page');
		const waiting = [...this.pending.values()];
		this.pending.clear();
		for (const { reject } of waiting) reject(error);
		if (waiting.length === 0) this.tellFailure(error);
	}

	private tellFailure({ message, stack = '' }: Error): void {
		this.emit('run-failed', { error: { kind: 'bug', message, stack } });
	}

	close(): void {
		this.port.terminate?.();
		this.failure = new Error('the worker was closed');
		for (const { reject } of this.pending.values()) reject(this.failure);
		this.pending.clear();
	}

	private receive(message: FromWorker): void {
		switch (message.kind) {
			case 'reply':
				this.take(message.id)?.resolve(message.reply as never);
				break;
			case 'error':
				this.take(message.id)?.reject(fromWireError(message.error));
				break;
			case 'unread': {
				// Questions arrive in their order: the first one that waits after the last one that was read.
				const lost = [...this.pending.keys()].find((id) => id > message.after);
				if (lost !== undefined) this.take(lost)?.reject(new Error('the worker could not read the question'));
				break;
			}
			case 'event':
				this.emit(message.event, message.data as never);
				break;
			default:
				message satisfies never;
		}
	}

	private emit<Name extends WorkerEventName>(event: Name, data: WorkerEvents[Name]): void {
		for (const listener of this.listeners[event]) listener(data);
	}

	private take(id: number): Pending | undefined {
		const found = this.pending.get(id);
		this.pending.delete(id);
		return found;
	}
}
