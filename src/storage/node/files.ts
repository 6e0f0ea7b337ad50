// Files of the headless command: read whole or as a stream that is hashed on the way, and written so that a file is
// either complete or as it was. Errors that the user can mend come as UserError.

import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream, openSync, rmSync } from 'node:fs';
import { access, type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { plainBytes } from '../../util/copy-bytes';
import { UserError } from '../../util/errors';
import { atExit } from './at-exit';
import { codeOf, unreadable, unwritable } from './file-errors';

/** Lower-case hexadecimal SHA-256. */
export function sha256Of(bytes: Uint8Array | string): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Throws a UserError `file-unreadable` when there is no such file or it cannot be read. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
	try {
		if (!(await stat(path)).isFIFO()) return plainBytes(await readFile(path));
		const parts: Uint8Array[] = [];
		for await (const part of openPipe(path)) parts.push(part);
		return plainBytes(Buffer.concat(parts));
	} catch (error) {
		throw unreadable(path, error);
	}
}

/** A pipe is waited for by the event loop: a thread that waits in a system call would keep the process from ending. */
function openPipe(path: string): Socket {
	const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	return new Socket({ fd: descriptor, readable: true, writable: false });
}

export interface HashedStream {
	sizeBytes: number;
	/** The file's bytes in order; can be read once. Throws a UserError where reading fails. */
	chunks: AsyncIterable<Uint8Array>;
	/** SHA-256 of the whole file. Reads on to the end when the chunks were left early, or never begun; call it once done,
	 *  or the file stays open. */
	sha256(): Promise<string>;
}

/** Opens a file for one pass. Throws a UserError `file-unreadable` at once when it cannot be read. */
export async function openHashedStream(path: string): Promise<HashedStream> {
	const { sizeBytes, stream } = await openSource(path);
	const hash = createHash('sha256');
	const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
	let digest = '';
	async function* read(): AsyncGenerator<Uint8Array> {
		try {
			for (let part = await iterator.next(); !part.done; part = await iterator.next()) {
				hash.update(part.value);
				yield plainBytes(part.value);
			}
		} catch (error) {
			throw unreadable(path, error);
		}
	}
	const chunks = read();
	return {
		sizeBytes,
		chunks: {
			[Symbol.asyncIterator]: () => ({ next: () => chunks.next() }),
		},
		async sha256() {
			while (!digest) if ((await chunks.next()).done) digest = hash.digest('hex');
			return digest;
		},
	};
}

/** Whether a file is a temporary one, which a process that was killed leaves; earlier versions named them otherwise. */
export function isPartial(name: string): boolean {
	return /^\.(nerco-\d+-[0-9a-f]{8}|[\w-]+\.(json|jsonl|safetensors)\.\d+)\.partial$/.test(name);
}

/**
 * Writes by way of a temporary file in the same folder, which takes the name only when it is complete and on disk.
 * Parts are written as they come.
 * `new`: refuses a name that is taken, even if only since it was last looked at.
 */
export async function writeFileAtomically(
	path: string,
	content: Uint8Array | string | AsyncIterable<Uint8Array>,
	state: 'new' | 'any' = 'any',
): Promise<void> {
	const temporary = join(dirname(path), `.nerco-${process.pid}-${randomBytes(4).toString('hex')}.partial`);
	const forget = atExit(() => rmSync(temporary, { force: true }));
	let handle: FileHandle | null = null;
	try {
		handle = await open(temporary, 'wx');
		if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
		else for await (const part of content) await handle.writeFile(part); // goes on where the last part ended
		await handle.sync();
		await handle.close();
		if (state === 'new') await renameToFree(temporary, path);
		else await rename(temporary, path);
		await syncFolder(dirname(path));
	} catch (error) {
		await handle?.close().catch(() => {});
		await rm(temporary, { force: true }).catch(() => {});
		throw unwritable(path, error);
	} finally {
		forget();
	}
}

/** A hard link refuses a name that is taken, a rename does not. Some file systems know no links. */
async function renameToFree(temporary: string, path: string): Promise<void> {
	try {
		await link(temporary, path);
	} catch (error) {
		if (codeOf(error) === 'EEXIST') throw error;
		if (await exists(path)) throw unwritable(path, { code: 'EEXIST' });
		await rename(temporary, path);
		return;
	}
	await rm(temporary, { force: true });
}

/** The new name itself is on disk only then; not every system can open a folder. */
async function syncFolder(path: string): Promise<void> {
	const folder = await open(path, 'r').catch(() => null);
	await folder?.sync().catch(() => {});
	await folder?.close();
}

/** Makes a folder and those above it, and gives those that it made, the deepest last. Step by step, because Node's own
 *  recursive form never ends where the system says that there is no such folder although the one above is there (/proc). */
export async function makeFolder(path: string): Promise<string[]> {
	try {
		if (await isFolder(path)) return [];
		const parent = dirname(path);
		const made = parent === path ? [] : await makeFolder(parent);
		await mkdir(path);
		return [...made, path];
	} catch (error) {
		if (error instanceof UserError) throw error;
		if (!(await isFolder(path))) throw unwritable(path, error); // else another process was quicker
		return [];
	}
}

async function isFolder(path: string): Promise<boolean> {
	return stat(path).then(
		(status) => status.isDirectory(),
		() => false,
	);
}

/** Opens a file to write at its end. `new`: makes it, and refuses one that is there. */
export async function openToAppend(path: string, state: 'new' | 'any'): Promise<FileHandle> {
	try {
		return await open(path, state === 'new' ? 'ax' : 'a');
	} catch (error) {
		throw unwritable(path, error);
	}
}

/** Writes at the end of a file that `openToAppend` opened; `path` is for the message. */
export async function append(file: FileHandle, path: string, text: string): Promise<void> {
	try {
		await file.appendFile(text);
	} catch (error) {
		throw unwritable(path, error);
	}
}

/** What was written is on disk, not only with the system. */
export async function flush(file: FileHandle, path: string): Promise<void> {
	try {
		await file.datasync();
	} catch (error) {
		throw unwritable(path, error);
	}
}

async function openSource(path: string): Promise<{ sizeBytes: number; stream: Readable }> {
	try {
		const status = await stat(path);
		if (status.isDirectory()) throw unreadable(path, { code: 'EISDIR' });
		if (status.isFIFO()) return { sizeBytes: 0, stream: openPipe(path) };
		await access(path, constants.R_OK);
		return { sizeBytes: status.size, stream: createReadStream(path, { highWaterMark: 1 << 20 }) };
	} catch (error) {
		throw unreadable(path, error);
	}
}

/** Whether a file or folder of that name exists. */
export async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		(error) => {
			if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
			throw unreadable(path, error);
		},
	);
}
