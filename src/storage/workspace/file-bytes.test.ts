// The origin's private file system as a browser without room, or one whose user clears it, answers; real files are in
// browser.test.ts.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { FileBytes } from './byte-store';

/** How the next file takes its bytes. */
type Fault = 'none' | 'takes-less' | 'loses-bytes' | 'throws';

let fault: Fault;
let folders: Map<string, FolderStub>;
let rootFault: DOMException | null;

const missing = () => new DOMException('not found', 'NotFoundError');

class FileStub {
	bytes = new Uint8Array(0);

	async createSyncAccessHandle() {
		const own = fault;
		if (own === 'throws') throw new DOMException('no room', 'QuotaExceededError');
		return {
			write: (bytes: Uint8Array) => {
				this.bytes = bytes.slice(0, own === 'none' ? undefined : 1);
				this.size = own === 'loses-bytes' ? bytes.length : this.bytes.length;
			},
			flush: () => {},
			getSize: () => this.size,
			close: () => {},
		};
	}

	async getFile(): Promise<Blob> {
		return new Blob([this.bytes]);
	}

	private size = 0;
}

class FolderStub {
	readonly files = new Map<string, FileStub>();
	isCleared = false;
	removeFault: DOMException | null = null;

	async getFileHandle(name: string, { create = false } = {}): Promise<FileStub> {
		const file = this.files.get(name) ?? (create ? new FileStub() : undefined);
		if (this.isCleared || !file) throw missing();
		this.files.set(name, file);
		return file;
	}

	async removeEntry(name: string): Promise<void> {
		if (this.removeFault) throw this.removeFault;
		if (!this.files.delete(name)) throw missing();
	}

	async *keys(): AsyncGenerator<string> {
		yield* this.files.keys();
	}
}

const root = {
	async getDirectoryHandle(name: string, { create = false } = {}): Promise<FolderStub> {
		if (rootFault) throw rootFault;
		const folder = folders.get(name) ?? (create ? new FolderStub() : undefined);
		if (!folder) throw missing();
		folders.set(name, folder);
		return folder;
	},
};

beforeEach(() => {
	fault = 'none';
	rootFault = null;
	folders = new Map();
	vi.stubGlobal('FileSystemFileHandle', FileStub);
	vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
});
afterEach(() => vi.unstubAllGlobals());

async function opened(): Promise<FileBytes> {
	const store = await FileBytes.open('parts');
	if (!store) throw new Error('no private file system');
	return store;
}

const folder = () => folders.get('parts') as FolderStub;
const bytes = Uint8Array.of(1, 2, 3);

/** The user clears the site's data while the page is open. */
function clear(): void {
	folder().isCleared = true;
	folders.clear();
}

describe('large parts in files', () => {
	test('come back, are listed, and go', async () => {
		const store = await opened();
		await store.put('a', bytes);
		expect(await store.get('a')).toEqual(bytes);
		expect(await store.keys()).toEqual(['a']);
		await store.delete(['a', 'never there']);
		expect(await store.get('a')).toBeNull();
		expect(await store.check()).toBe(true);
	});

	test.each(['takes-less', 'loses-bytes', 'throws'] as const)(
		'are an error, and leave nothing, on a full disk that %s',
		async (kind) => {
			const store = await opened();
			fault = kind;
			expect(await errorCodeOfAsync(() => store.put('a', bytes))).toBe('storage-full');
			expect(await store.keys()).toEqual([]);
		},
	);

	test('are taken again after the folder was cleared', async () => {
		const store = await opened();
		await store.put('a', bytes);
		clear();
		expect(await store.get('a')).toBeNull();
		await store.put('b', bytes);
		expect(await store.get('b')).toEqual(bytes);
		clear();
		expect(await store.check()).toBe(false);
		expect(await store.check()).toBe(true);
	});

	test('name what the file system says otherwise', async () => {
		const store = await opened();
		rootFault = new DOMException('denied', 'SecurityError');
		expect(await errorCodeOfAsync(() => store.check())).toBe('storage-unavailable');
		folder().removeFault = new DOMException('in use', 'NoModificationAllowedError');
		expect(await errorCodeOfAsync(() => store.delete(['a']))).toBe('storage-unavailable');
		folder().getFileHandle = async () => {
			throw new DOMException('denied', 'NotAllowedError');
		};
		expect(await errorCodeOfAsync(() => store.get('a'))).toBe('storage-unavailable');
		expect(await errorCodeOfAsync(() => store.put('a', bytes))).toBe('storage-unavailable');
	});

	test('are not offered where a browser has no such file system, or refuses it', async () => {
		rootFault = new DOMException('denied', 'SecurityError');
		expect(await FileBytes.open('parts')).toBeNull();
		vi.stubGlobal('navigator', {});
		expect(await FileBytes.open('parts')).toBeNull();
		vi.stubGlobal('FileSystemFileHandle', class {});
		expect(await FileBytes.open('parts')).toBeNull();
	});
});
