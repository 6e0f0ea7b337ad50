// Where the bytes of a workspace lie, under keys that are used once: in the browser's database, in its private file
// system (large ones, in a worker), or in memory. Bytes are never changed in place: new bytes take a new key, the record
// is swapped to it, and only then the old ones go. So a full disk or a closed tab leaves the old state whole.

import { storageErrorOf } from '../storage-error';
import { byteStoreName, settled, transactionDone } from './database';
import type { DatabaseLink } from './database-link';

export interface ByteStore {
	/** Throws a UserError `storage-full` or `storage-unavailable`; nothing is left behind then. */
	put(key: string, bytes: Uint8Array): Promise<void>;
	get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
	delete(keys: readonly string[]): Promise<void>;
	keys(): Promise<string[]>;
}

export class DatabaseBytes implements ByteStore {
	constructor(private readonly link: DatabaseLink) {}

	// The record that names these bytes is written strictly after them, in the same log: this write need not wait.
	async put(key: string, bytes: Uint8Array): Promise<void> {
		await this.write((store) => store.put(bytes, key));
	}

	async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
		const bytes: unknown = await this.read((store) => store.get(key));
		return isBytes(bytes) ? bytes : null;
	}

	async delete(keys: readonly string[]): Promise<void> {
		if (keys.length === 0) return;
		await this.write((store) => {
			for (const key of keys) store.delete(key);
		});
	}

	async keys(): Promise<string[]> {
		return (await this.read((store) => store.getAllKeys())).map(String);
	}

	private read<T>(ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
		return this.link.use((database) =>
			settled(() => ask(database.transaction(byteStoreName, 'readonly').objectStore(byteStoreName))),
		);
	}

	private write(act: (store: IDBObjectStore) => void): Promise<void> {
		const start = (database: IDBDatabase) => {
			const transaction = database.transaction(byteStoreName, 'readwrite', { durability: 'relaxed' });
			act(transaction.objectStore(byteStoreName));
			return transaction;
		};
		return this.link.use((database) => transactionDone(() => start(database)));
	}
}

/** By its name: bytes may come from another realm (a database of a frame, a test's). */
function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
	return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

export class MemoryBytes implements ByteStore {
	private readonly contents = new Map<string, Uint8Array<ArrayBuffer>>();

	async put(key: string, bytes: Uint8Array): Promise<void> {
		this.contents.set(key, Uint8Array.from(bytes));
	}

	async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
		return this.contents.get(key)?.slice() ?? null;
	}

	async delete(keys: readonly string[]): Promise<void> {
		for (const key of keys) this.contents.delete(key);
	}

	async keys(): Promise<string[]> {
		return [...this.contents.keys()];
	}
}

/** Files of the origin's private file system, one a key. Only workers may write them this way. The folder is made again
 *  when it was cleared. */
export class FileBytes implements ByteStore {
	private constructor(
		private readonly folderName: string,
		private folder: FileSystemDirectoryHandle,
	) {}

	/** Null where there is no such file system, or none that may be written. */
	static async open(folderName: string): Promise<FileBytes | null> {
		const hasHandles =
			typeof FileSystemFileHandle !== 'undefined' && 'createSyncAccessHandle' in FileSystemFileHandle.prototype;
		if (!hasHandles || typeof navigator === 'undefined' || !navigator.storage?.getDirectory) return null;
		try {
			return new FileBytes(folderName, await openFolder(folderName));
		} catch {
			return null; // a private window of some browsers: the database takes the large bytes too
		}
	}

	/** False when the folder was cleared; it is made again then. */
	async check(): Promise<boolean> {
		try {
			const root = await navigator.storage.getDirectory();
			await root.getDirectoryHandle(this.folderName);
			return true;
		} catch (error) {
			if (!isMissing(error)) throw storageErrorOf(error);
			this.folder = await openFolder(this.folderName);
			return false;
		}
	}

	async put(key: string, bytes: Uint8Array): Promise<void> {
		try {
			await writeAll(await this.createFile(key), bytes);
		} catch (error) {
			await this.delete([key]);
			throw storageErrorOf(error);
		}
	}

	async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
		try {
			const file = await (await this.folder.getFileHandle(key)).getFile();
			return new Uint8Array(await file.arrayBuffer());
		} catch (error) {
			if (isMissing(error)) return null;
			throw storageErrorOf(error);
		}
	}

	async delete(keys: readonly string[]): Promise<void> {
		for (const key of keys) {
			try {
				await this.folder.removeEntry(key);
			} catch (error) {
				if (!isMissing(error)) throw storageErrorOf(error);
			}
		}
	}

	async keys(): Promise<string[]> {
		await this.check();
		const keys: string[] = [];
		for await (const key of this.folder.keys()) keys.push(key);
		return keys;
	}

	private async createFile(key: string): Promise<FileSystemFileHandle> {
		try {
			return await this.folder.getFileHandle(key, { create: true });
		} catch (error) {
			if (!isMissing(error)) throw error;
			this.folder = await openFolder(this.folderName);
			return this.folder.getFileHandle(key, { create: true });
		}
	}
}

async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
	const root = await navigator.storage.getDirectory();
	return root.getDirectoryHandle(name, { create: true });
}

/** On a full disk browsers throw, write less, or (Chromium) say that all was written when it was not: so the file is measured. */
async function writeAll(file: FileSystemFileHandle, bytes: Uint8Array): Promise<void> {
	const access = await file.createSyncAccessHandle();
	try {
		access.write(bytes as Uint8Array<ArrayBuffer>, { at: 0 });
		access.flush();
		if (access.getSize() !== bytes.length) throw fullDisk();
	} finally {
		access.close();
	}
	if ((await file.getFile()).size !== bytes.length) throw fullDisk();
}

function fullDisk(): DOMException {
	return new DOMException('the file took not all bytes', 'QuotaExceededError');
}

function isMissing(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'NotFoundError';
}

const filePrefix = 'file-';
const memoryPrefix = 'memory-';
/** Bytes from this size on go into files: the database copies what it takes several times. */
const fileBytes = 2 ** 20;

/** Small bytes in one store, large ones in another, those that found no room in memory; a key tells where. */
export class SplitBytes implements ByteStore {
	private readonly memory = new MemoryBytes();

	constructor(
		private readonly small: ByteStore,
		private readonly large: ByteStore | null,
		private readonly minLargeBytes = fileBytes,
	) {}

	/** The key for bytes of a size: `id` must be unused. */
	keyFor(id: string, sizeBytes: number): string {
		return this.large && sizeBytes >= this.minLargeBytes ? filePrefix + id : id;
	}

	/** The key for bytes that last as long as the page. */
	keyInMemory(id: string): string {
		return memoryPrefix + id;
	}

	async put(key: string, bytes: Uint8Array): Promise<void> {
		await this.storeOf(key).put(key, bytes);
	}

	async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
		return this.storeOf(key).get(key);
	}

	async delete(keys: readonly string[]): Promise<void> {
		for (const store of this.stores()) await store.delete(keys.filter((key) => this.storeOf(key) === store));
	}

	async keys(): Promise<string[]> {
		return (await Promise.all(this.stores().map((store) => store.keys()))).flat();
	}

	private stores(): ByteStore[] {
		return [this.small, ...(this.large ? [this.large] : []), this.memory];
	}

	private storeOf(key: string): ByteStore {
		if (key.startsWith(memoryPrefix)) return this.memory;
		return this.large && key.startsWith(filePrefix) ? this.large : this.small;
	}
}
