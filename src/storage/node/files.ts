// Files of the headless command: read whole or as a stream that is hashed on the way, and written so that a file is
// either complete or as it was. Errors that the user can mend come as UserError.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../util/errors';

/** Lower-case hexadecimal SHA-256. */
export function sha256Of(bytes: Uint8Array | string): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Throws a UserError `file-unreadable` when there is no such file or it cannot be read. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
	try {
		return await readFile(path);
	} catch (error) {
		throw unreadable(path, error);
	}
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
	const sizeBytes = await sizeOfFile(path);
	const hash = createHash('sha256');
	const stream = createReadStream(path, { highWaterMark: 1 << 20 });
	const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
	let digest = '';
	async function* read(): AsyncGenerator<Uint8Array> {
		try {
			for (let part = await iterator.next(); !part.done; part = await iterator.next()) {
				hash.update(part.value);
				yield part.value;
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

/** Writes by way of a temporary file in the same folder, which takes the name only when it is complete and on disk. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
	const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
	let handle: FileHandle | null = null;
	try {
		handle = await open(temporary, 'w');
		await handle.writeFile(content);
		await handle.sync();
		await handle.close();
		await rename(temporary, path);
	} catch (error) {
		await handle?.close();
		if (handle) await rm(temporary, { force: true });
		throw unwritable(path, error);
	}
}

/** Makes a folder and those above it; one that is there already is fine. Step by step, because Node's own recursive form
 *  never ends where the system says that there is no such folder although the one above is there (/proc). */
export async function makeFolder(path: string): Promise<void> {
	try {
		if (await isFolder(path)) return;
		const parent = dirname(path);
		if (parent !== path) await makeFolder(parent);
		await mkdir(path);
	} catch (error) {
		if (error instanceof UserError) throw error;
		if (!(await isFolder(path))) throw unwritable(path, error); // else another process was quicker
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

async function sizeOfFile(path: string): Promise<number> {
	const handle = await open(path, 'r').catch((error) => {
		throw unreadable(path, error);
	});
	try {
		const status = await handle.stat();
		if (status.isDirectory()) throw unreadable(path, { code: 'EISDIR' });
		return status.size;
	} finally {
		await handle.close();
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

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file or folder',
	ENOTDIR: 'a file where a folder should be',
	EISDIR: 'a folder',
	EEXIST: 'a file of that name',
	EACCES: 'no permission',
	EPERM: 'no permission',
	EROFS: 'a disk that cannot be written',
	ENOSPC: 'a full disk',
	EDQUOT: 'a full quota',
};

function codeOf(error: unknown): string {
	return (error as { code?: string } | null)?.code ?? '';
}

function unreadable(path: string, error: unknown): UserError {
	return new UserError({
		code: 'file-unreadable',
		place: { file: path },
		expected: 'a file that can be read',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Check the path and its permissions.',
	});
}

function unwritable(path: string, error: unknown): UserError {
	return new UserError({
		code: 'file-unwritable',
		place: { file: path },
		expected: 'a path that can be written to',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Choose another folder, or free some space.',
	});
}
