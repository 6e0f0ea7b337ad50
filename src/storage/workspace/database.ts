// The browser's database of a workspace: opening it, and what a new version of it makes of an older one. Version 1 held
// saved states and checkpoints of runs (`run-files`, `run-bytes`); version 2 holds items of all kinds; version 3 adds a
// mark by which a database is known again (database-link.ts).

import { storageError, storageErrorOf } from '../storage-error';

export const recordStoreName = 'items';
export const byteStoreName = 'contents';
export const markStoreName = 'marks';
const databaseVersion = 3;

export interface DatabaseEvents {
	/** Another tab keeps an older version open; the database opens once that tab lets go. */
	onBlocked?(): void;
	/** The connection is closed: by the browser, or for another tab that upgrades or deletes the database. */
	onClosed?(): void;
}

/** Opens the database, making or upgrading it; takes as long as the browser does. Throws a UserError `storage-unavailable`
 *  where the browser keeps nothing, `storage-newer` where a newer version of the page has upgraded it. */
export async function openDatabase(name: string, events: DatabaseEvents = {}): Promise<IDBDatabase> {
	if (typeof indexedDB === 'undefined') throw storageError('unavailable', 'a browser without IndexedDB');
	const database = await settled(() => {
		const request = indexedDB.open(name, databaseVersion);
		request.onupgradeneeded = ({ oldVersion }) => {
			if (request.transaction) upgrade(request.result, request.transaction, oldVersion);
		};
		request.onblocked = () => events.onBlocked?.();
		return request;
	});
	database.onversionchange = () => {
		// Another tab wants to upgrade or delete it: both wait for this connection to close.
		database.close();
		events.onClosed?.();
	};
	database.onclose = () => events.onClosed?.();
	return database;
}

function upgrade(database: IDBDatabase, transaction: IDBTransaction, oldVersion: number): void {
	if (oldVersion < 2) {
		database.createObjectStore(recordStoreName, { keyPath: ['kind', 'id'] });
		database.createObjectStore(byteStoreName);
	}
	if (oldVersion < 3) database.createObjectStore(markStoreName);
	if (oldVersion === 1) moveVersion1(database, transaction);
}

const version1 = { records: 'run-files', bytes: 'run-bytes' } as const;
const checkpointPrefix = 'checkpoint:';

interface Version1Record {
	version: number;
	runId: string;
	name: string;
	savedAtMs: number;
	sizeBytes: number;
}

/** One file after another, so that the bytes of one only are in memory. All within the upgrade: done whole or not. */
function moveVersion1(database: IDBDatabase, transaction: IDBTransaction): void {
	const oldBytes = transaction.objectStore(version1.bytes);
	const request = transaction.objectStore(version1.records).openCursor();
	request.onsuccess = () => {
		const cursor = request.result;
		if (!cursor) {
			database.deleteObjectStore(version1.records);
			database.deleteObjectStore(version1.bytes);
			return;
		}
		const record = cursor.value as Version1Record;
		const content = oldBytes.get([record.runId, record.name]);
		content.onsuccess = () => {
			const key = `version-1/${record.runId}/${record.name}`;
			if (content.result !== undefined) transaction.objectStore(byteStoreName).put(content.result, key);
			transaction.objectStore(recordStoreName).put(itemOfVersion1(record, key));
			cursor.continue();
		};
	};
}

/** The saved state becomes the run; a checkpoint becomes an item of its own. Records that version 1 could not read
 *  keep their version and stay unreadable. */
function itemOfVersion1({ version, runId, name, savedAtMs, sizeBytes }: Version1Record, key: string) {
	const isCheckpoint = name.startsWith(checkpointPrefix);
	const label = isCheckpoint ? name.slice(checkpointPrefix.length) : name;
	return {
		kind: isCheckpoint ? 'checkpoint' : 'run',
		id: isCheckpoint ? `${runId}/${label}` : runId,
		version,
		revision: 1,
		name: isCheckpoint ? label : runId,
		createdAtMs: savedAtMs,
		changedAtMs: savedAtMs,
		trashedAtMs: null,
		parts: [{ name: isCheckpoint ? 'checkpoint' : label, key, sizeBytes }],
		detail: { runId, savedAtMs },
	};
}

/** The result of a request. What goes wrong, also in making it, is a UserError `storage-…`. */
export function settled<T>(start: () => IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		try {
			const request = start();
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(storageErrorOf(request.error));
		} catch (error) {
			reject(storageErrorOf(error));
		}
	});
}

/** Resolves when all of a transaction is done; rejects with a UserError `storage-…` when it was undone. */
export function transactionDone(start: () => IDBTransaction): Promise<void> {
	return new Promise((resolve, reject) => {
		try {
			const transaction = start();
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(storageErrorOf(transaction.error));
		} catch (error) {
			reject(storageErrorOf(error));
		}
	});
}
