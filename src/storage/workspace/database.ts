// The browser's database of a workspace: opening it, and what a new version of it makes of an older one. Version 1 held
// saved states and checkpoints of runs (`run-files`, `run-bytes`); version 2 holds items of all kinds.

import { storageError, storageErrorOf } from '../storage-error';

export const recordStoreName = 'items';
export const byteStoreName = 'contents';
const databaseVersion = 2;

/** Opens the database, making or upgrading it. Throws a UserError `storage-unavailable` where the browser keeps nothing. */
export async function openDatabase(name: string): Promise<IDBDatabase> {
	if (typeof indexedDB === 'undefined') throw storageError('unavailable', 'a browser without IndexedDB');
	const database = await settled(() => {
		const request = indexedDB.open(name, databaseVersion);
		request.onupgradeneeded = ({ oldVersion }) => {
			if (request.transaction) upgrade(request.result, request.transaction, oldVersion);
		};
		return request;
	});
	// Another tab with a newer version of the page wants to upgrade: let it.
	database.onversionchange = () => database.close();
	return database;
}

function upgrade(database: IDBDatabase, transaction: IDBTransaction, oldVersion: number): void {
	database.createObjectStore(recordStoreName, { keyPath: ['kind', 'id'] });
	database.createObjectStore(byteStoreName);
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
			if ('onblocked' in request) {
				request.onblocked = () =>
					reject(storageError('unavailable', 'an older version of this page open in another tab; close that tab'));
			}
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
