// A BERT model in a folder of this machine, for the headless command: its files as Blobs that read the disk when asked.

import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenedBert, openBert } from '../bert/open-bert';
import { unreadable } from './file-errors';

/** Throws a UserError `file-unreadable`, or those of `openBert`. */
export async function openBertFolder(path: string): Promise<OpenedBert> {
	return openBert(await filesOf(path), path);
}

/** Links count as what they lead to: download caches are made of them. */
async function filesOf(path: string): Promise<[string, Blob][]> {
	const names = await readdir(path).catch((error) => {
		throw unreadable(path, error);
	});
	const files: [string, Blob][] = [];
	for (const name of names.sort()) {
		const file = join(path, name);
		try {
			if ((await stat(file)).isFile()) files.push([name, await openAsBlob(file)]);
		} catch (error) {
			throw unreadable(file, error);
		}
	}
	return files;
}
