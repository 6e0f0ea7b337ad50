// Runs that the browser keeps, in IndexedDB: the saved state of a run and its checkpoints, as the same bytes that the
// files would hold (resume-state.ts, checkpoint.ts). One record a file, keyed by run and name.

import { UserError } from '../util/errors';

export interface StoredFileInfo {
	runId: string;
	/** `resume`, or `checkpoint:` and a name. */
	name: string;
	/** Milliseconds since 1970, as given when it was saved. */
	savedAtMs: number;
	sizeBytes: number;
}

/** A record as it lies in the database; the bytes lie beside it under the same key, so that listing stays cheap.
 *  Version 1 is the first; a later one brings its migration here. */
interface StoredRecord extends StoredFileInfo {
	version: 1;
}

const defaultName = 'nerco-workbench';
const databaseVersion = 1;
const recordStore = 'run-files';
const bytesStore = 'run-bytes';
const resumeName = 'resume';
const checkpointPrefix = 'checkpoint:';

export class RunStore {
	private constructor(private readonly database: IDBDatabase) {
		// Another tab with a newer version of the page wants to upgrade: let it.
		database.onversionchange = () => database.close();
	}

	/** Opens the database, making it the first time. Throws a UserError `storage-…` where the browser keeps nothing. */
	static async open(databaseName = defaultName): Promise<RunStore> {
		if (typeof indexedDB === 'undefined') throw storageError('unavailable', 'a browser without IndexedDB');
		const request = indexedDB.open(databaseName, databaseVersion);
		request.onupgradeneeded = () => {
			request.result.createObjectStore(recordStore, { keyPath: ['runId', 'name'] });
			request.result.createObjectStore(bytesStore);
		};
		return new RunStore(await settled(request));
	}

	/** Replaces the saved state of a run; done when it is on disk. */
	async saveResume(runId: string, bytes: Uint8Array, savedAtMs: number): Promise<void> {
		await this.save({ runId, name: resumeName, savedAtMs, sizeBytes: bytes.byteLength }, bytes);
	}

	/** The saved state of a run, or null. */
	async loadResume(runId: string): Promise<Uint8Array | null> {
		return this.load(runId, resumeName);
	}

	/** Keeps a checkpoint of a run under a name; one of the same name is replaced. */
	async saveCheckpoint(runId: string, name: string, bytes: Uint8Array, savedAtMs: number): Promise<void> {
		const info = { runId, name: checkpointPrefix + name, savedAtMs, sizeBytes: bytes.byteLength };
		await this.save(info, bytes);
	}

	async loadCheckpoint(runId: string, name: string): Promise<Uint8Array | null> {
		return this.load(runId, checkpointPrefix + name);
	}

	/** Everything that is kept, without its bytes, latest first. */
	async list(): Promise<StoredFileInfo[]> {
		const transaction = this.database.transaction(recordStore, 'readonly');
		const records: unknown[] = await settled(transaction.objectStore(recordStore).getAll());
		return records.map(readRecord).sort((left, right) => right.savedAtMs - left.savedAtMs);
	}

	/** The run whose state was saved last, or null. */
	async latestResumable(): Promise<StoredFileInfo | null> {
		return (await this.list()).find(({ name }) => name === resumeName) ?? null;
	}

	async deleteResume(runId: string): Promise<void> {
		await this.change(({ records, bytes }) => {
			records.delete([runId, resumeName]);
			bytes.delete([runId, resumeName]);
		});
	}

	/** Removes everything of a run. */
	async deleteRun(runId: string): Promise<void> {
		// An array sorts behind every text: the range holds all names.
		const all = IDBKeyRange.bound([runId], [runId, []]);
		await this.change(({ records, bytes }) => {
			records.delete(all);
			bytes.delete(all);
		});
	}

	close(): void {
		this.database.close();
	}

	private async save(info: StoredFileInfo, content: Uint8Array): Promise<void> {
		const record: StoredRecord = { version: 1, ...info };
		await this.change(({ records, bytes }) => {
			records.put(record);
			bytes.put(content, [info.runId, info.name]);
		});
	}

	private async load(runId: string, name: string): Promise<Uint8Array | null> {
		const transaction = this.database.transaction([recordStore, bytesStore], 'readonly');
		const record: unknown = await settled(transaction.objectStore(recordStore).get([runId, name]));
		if (record === undefined) return null;
		const { sizeBytes } = readRecord(record);
		const bytes: unknown = await settled(transaction.objectStore(bytesStore).get([runId, name]));
		if (bytes instanceof Uint8Array && bytes.byteLength === sizeBytes) return bytes;
		throw storageError('damaged', 'a stored run without its bytes');
	}

	/** Runs requests in one transaction; done when all of it is on disk, undone when any of it fails. */
	private async change(act: (stores: { records: IDBObjectStore; bytes: IDBObjectStore }) => void): Promise<void> {
		const transaction = this.database.transaction([recordStore, bytesStore], 'readwrite', { durability: 'strict' });
		const done = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(storageErrorOf(transaction.error));
		});
		act({ records: transaction.objectStore(recordStore), bytes: transaction.objectStore(bytesStore) });
		await done;
	}
}

function readRecord(value: unknown): StoredFileInfo {
	const { version, runId, name, savedAtMs, sizeBytes } = (value ?? {}) as Partial<StoredRecord>;
	const isKnown = version === 1 && typeof savedAtMs === 'number' && typeof sizeBytes === 'number';
	if (!isKnown || !runId || !name) throw storageError('damaged', 'a stored run of another version');
	return { runId, name, savedAtMs, sizeBytes };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(storageErrorOf(request.error));
	});
}

function storageErrorOf(error: DOMException | null): UserError {
	if (error?.name === 'QuotaExceededError') return storageError('full', 'no more space');
	return storageError('unavailable', error ? `${error.name}: ${error.message}` : 'a transaction that was undone');
}

const remedies = {
	full: 'Delete older runs, or free some disk space; the run itself goes on.',
	unavailable: 'Allow this site to keep data (a private window may not), or save the run to a file.',
	damaged: 'Delete the stored run, or open it with the version of the workbench that wrote it.',
} as const;

function storageError(kind: keyof typeof remedies, found: string): UserError {
	return new UserError({
		code: `storage-${kind}`,
		expected: 'runs kept in the browser',
		found,
		remedy: remedies[kind],
	});
}
