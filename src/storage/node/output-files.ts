// Files that a command writes for the user: none is overwritten unasked, and none of its own inputs ever, by whatever
// name or link it is meant. Pipes and devices (/dev/stdout, /dev/null) are written to, not replaced.

import { lstat, realpath, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../util/errors';
import { codeOf, unreadable, unwritable } from './file-errors';
import { writeFileAtomically } from './files';

export interface OutputRequest {
	outputs: readonly string[];
	/** Files that the command reads. */
	inputs: readonly string[];
	/** May overwrite other files. */
	force: boolean;
}

/**
 * Asked before reading begins. Throws a UserError `output-is-input` or, without `force`, `output-exists`.
 */
export async function requireOutputs({ outputs, inputs, force }: OutputRequest): Promise<void> {
	const read = new Map<string, string>();
	for (const input of inputs) {
		const identity = await identityOf(input);
		if (identity !== null) read.set(identity, input);
	}
	const names = new Set<string>();
	for (const output of outputs) {
		const identity = await identityOf(output);
		const input = identity === null ? undefined : read.get(identity);
		if (input !== undefined) throw isInput(output, input);
		if (!force && (await isTaken(output))) throw taken(output);
		const name = identity ?? resolve(output).toLowerCase();
		if (names.has(name)) throw twice(output);
		names.add(name);
	}
}

/** Writes one of the outputs whole. */
export async function writeOutput(path: string, content: Uint8Array | string, force: boolean): Promise<void> {
	const status = await stat(path).catch(() => null);
	if (status?.isDirectory()) throw unwritable(path, { code: 'EISDIR' });
	if (status && !status.isFile()) {
		await writeFile(path, content).catch((error) => {
			throw unwritable(path, error);
		});
		return;
	}
	if (!force) {
		await writeFileAtomically(path, content, 'new').catch(async (error) => {
			throw (await isTaken(path)) ? taken(path) : error;
		});
		return;
	}
	// Of a link its target is replaced.
	await writeFileAtomically(status ? await realpath(path) : path, content);
}

/** Device and inode: the same for links of both kinds, relative paths and names in another case. Null for what is no file. */
async function identityOf(path: string): Promise<string | null> {
	try {
		const status = await stat(path, { bigint: true });
		return status.isFile() ? `${status.dev} ${status.ino}` : null;
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
		throw unreadable(path, error);
	}
}

/** A file, a folder, or a link that leads nowhere; not a pipe or device. */
async function isTaken(path: string): Promise<boolean> {
	const own = await lstat(path).catch(() => null);
	if (!own) return false;
	const target = own.isSymbolicLink() ? await stat(path).catch(() => own) : own;
	return target.isFile() || target.isDirectory() || target.isSymbolicLink();
}

function taken(path: string): UserError {
	return new UserError({
		code: 'output-exists',
		location: { file: path },
		expected: 'an unused name',
		found: 'a file or folder with that name',
		remedy: 'Choose another --out, or overwrite the file with --force.',
	});
}

function isInput(output: string, input: string): UserError {
	return new UserError({
		code: 'output-is-input',
		location: { file: output },
		expected: 'an output that is not also an input',
		found: output === input ? 'one of its inputs' : `the same file as the input ${input}`,
		remedy: 'Choose another --out.',
	});
}

function twice(output: string): UserError {
	return new UserError({
		code: 'output-twice',
		location: { file: output },
		expected: 'a different name for each output file',
		found: 'the same name for two of them',
		remedy: 'Choose an --out that ends differently.',
	});
}
