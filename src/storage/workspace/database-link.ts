// The connection to the browser's database, opened again whenever it is closed under the page: by the browser, by another
// tab's upgrade, or because the site's data was cleared. A random mark in the database tells whether what is open is still
// the one that was filled, or an empty one in its place.

import { UserError } from '../../util/errors';
import { storageErrorOf } from '../storage-error';
import { markStoreName, openDatabase, settled, transactionDone } from './database';
import { isConnectionError, type StorageState, watched } from './storage-state';

export interface DatabaseLinkOptions {
	name: string;
	/** A new unused text each time. */
	newId(): string;
	/** Told of every change of the state. */
	onState?(state: StorageState): void;
	/** What was stored is gone, and another database is open in its place. It is told as ready when this is done. */
	onCleared?(): void | Promise<void>;
	/** Milliseconds after which an unanswered question is told; 5 s when not given. */
	patienceMs?: number;
}

const markKey = 'database';

export class DatabaseLink {
	private connecting: Promise<IDBDatabase> | null = null;
	/** Null before it was opened, and where a full disk took none. */
	private mark: string | null = null;
	private hasOpened = false;
	private state: StorageState = { kind: 'opening' };
	private isEnded = false;

	constructor(private readonly options: DatabaseLinkOptions) {}

	/** Opens the database. Throws what opening it throws. */
	async open(): Promise<void> {
		await this.connect();
	}

	/** Runs work on the open database; a connection that was closed is opened again and the work done anew, which must
	 *  have changed nothing when it failed. Throws a UserError `storage-…`. */
	async use<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
		const connection = this.connect();
		const database = await connection;
		try {
			return await work(database);
		} catch (error) {
			if (this.isEnded || !isConnectionError(error)) throw error;
			this.forget(connection);
			database.close();
			return work(await this.connect());
		}
	}

	/** Asks the database for its mark: finds out that it is closed, silent or another one. Never rejects. */
	async check(): Promise<void> {
		if (this.isEnded) return;
		try {
			const found = await this.watch(this.use(readMark));
			if (this.mark === null || found === this.mark) this.say({ kind: 'ready' });
			else this.notice(await this.use((database) => takeMark(database, this.options.newId())));
		} catch (error) {
			this.say({ kind: 'closed', error: storageErrorOf(error) });
		}
	}

	close(): void {
		this.isEnded = true;
		void this.connecting?.then((database) => database.close(), noAnswer);
	}

	private connect(): Promise<IDBDatabase> {
		if (!this.connecting) {
			const connection = this.openAnew(() => this.lose(connection));
			this.connecting = connection;
			connection.catch((error: UserError) => {
				this.forget(connection);
				// The first opening has its own answer: a workspace in memory.
				if (this.hasOpened) this.say({ kind: 'closed', error });
			});
		}
		return this.connecting;
	}

	private async openAnew(onClosed: () => void): Promise<IDBDatabase> {
		const { name, newId } = this.options;
		const onBlocked = () => this.say({ kind: 'waiting', reason: 'blocked' });
		const database = await this.watch(openDatabase(name, { onClosed, onBlocked }));
		const mark = await this.watch(takeMark(database, newId()));
		this.notice(mark);
		return database;
	}

	/** The mark of the open database. */
	private notice(mark: string | null): void {
		const isOther = this.mark !== null && this.mark !== mark;
		this.mark = mark;
		this.hasOpened = true;
		const ready = () => this.say({ kind: 'ready' });
		if (isOther && this.options.onCleared) {
			this.say({ kind: 'closed', error: null });
			void Promise.resolve(this.options.onCleared()).finally(ready);
		} else ready();
	}

	/** The connection was closed; it is opened again at once, so that what happened is known. */
	private lose(connection: Promise<IDBDatabase>): void {
		if (this.isEnded || this.connecting !== connection) return;
		this.forget(connection);
		this.say({ kind: 'closed', error: null });
		this.connect().catch(noAnswer);
	}

	private forget(connection: Promise<IDBDatabase>): void {
		if (this.connecting === connection) this.connecting = null;
	}

	private watch<T>(work: Promise<T>): Promise<T> {
		const onSlow = () => {
			if (this.state.kind !== 'waiting') this.say({ kind: 'waiting', reason: 'no-answer' });
		};
		return watched(work, onSlow, this.options.patienceMs);
	}

	private say(state: StorageState): void {
		if (this.isEnded || (state.kind === 'ready' && this.state.kind === 'ready')) return;
		this.state = state;
		this.options.onState?.(state);
	}
}

function readMark(database: IDBDatabase): Promise<unknown> {
	return settled(() => database.transaction(markStoreName, 'readonly').objectStore(markStoreName).get(markKey));
}

/** The database's mark; a database without one gets the new one. Null where a full disk does not take it. */
async function takeMark(database: IDBDatabase, newMark: string): Promise<string | null> {
	let mark = newMark;
	const start = () => {
		const transaction = database.transaction(markStoreName, 'readwrite');
		const store = transaction.objectStore(markStoreName);
		const request = store.get(markKey);
		request.onsuccess = () => {
			if (typeof request.result === 'string') mark = request.result;
			else store.put(newMark, markKey);
		};
		return transaction;
	};
	try {
		await transactionDone(start);
		return mark;
	} catch (error) {
		if (error instanceof UserError && error.code === 'storage-full') return null;
		throw error;
	}
}

function noAnswer(): void {}
