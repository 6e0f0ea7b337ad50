// Folders and files that a command is going to write: held by a lock from before reading begins, so that two commands
// never write one output. What was made for the lock goes again when nothing was written.

import { createHash } from 'node:crypto';
import { rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { atExit } from './at-exit';
import { makeFolder } from './files';
import { type LockOptions, OutputLock } from './output-lock';

/** Of a folder, within it. */
export const folderLockName = '.nerco.lock';

export interface HeldOutput {
	/** Throws a UserError `output-lock-lost` when another process has taken over. */
	requireHeld(): void;
	release(): void;
}

/** Makes the folder where there is none. Throws a UserError `output-locked` while another process writes it. */
export async function holdFolder(path: string, options: LockOptions): Promise<HeldOutput> {
	const made = await makeFolder(path);
	const removeEmpty = () => made.toReversed().forEach(removeIfEmpty);
	const forget = atExit(removeEmpty);
	const release = (lock?: OutputLock) => {
		lock?.release();
		removeEmpty();
		forget();
	};
	try {
		const lock = await OutputLock.take(join(path, folderLockName), path, options);
		return { requireHeld: () => lock.requireHeld(), release: () => release(lock) };
	} catch (error) {
		release();
		throw error;
	}
}

/** The lock lies beside the file. */
export async function holdFile(path: string, options: LockOptions): Promise<HeldOutput> {
	const name = basename(path);
	const short = name.length <= 60 ? name : createHash('sha256').update(name).digest('hex').slice(0, 16);
	return OutputLock.take(join(dirname(path), `.${short}.nerco.lock`), path, options);
}

function removeIfEmpty(path: string): void {
	try {
		rmdirSync(path);
	} catch {
		// It holds something by now.
	}
}
