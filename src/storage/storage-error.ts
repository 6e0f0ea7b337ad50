// What can go wrong with the browser's storage, in the words of the person before it.

import { UserError } from '../util/errors';

const remedies = {
	full: 'Delete old runs, empty the trash or free some disk space, or export the workspace to a file. Everything stored before is unchanged.',
	unavailable: 'Allow this site to store data (private windows may not allow it), or save your work to files.',
	closed: 'Wait until the page has reopened its storage, then save again.',
	newer: 'Save unsaved work to a file, then reload the page to get the newer version.',
	damaged: 'Export the record as it is and delete it, or open it with the version of the workbench that saved it.',
	missing: 'Reload the list; it may have been deleted in another tab.',
} as const;

export type StorageErrorKind = keyof typeof remedies;

/** A UserError `storage-full`, `storage-unavailable`, `storage-closed`, `storage-newer`, `storage-damaged` or `storage-missing`. */
export function storageError(
	kind: StorageErrorKind,
	found: string,
	expected = 'data stored in the browser',
): UserError {
	return new UserError({ code: `storage-${kind}`, expected, found, remedy: remedies[kind] });
}

/** What a connection throws that is closed, or was closed while it worked. */
const closedNames: ReadonlySet<string> = new Set(['InvalidStateError', 'AbortError']);

/** The UserError for what IndexedDB or the file system threw; a UserError stays as it is. */
export function storageErrorOf(error: unknown): UserError {
	if (error instanceof UserError) return error;
	const { name, message } = error instanceof Error || error instanceof DOMException ? error : { name: '', message: '' };
	if (name === 'QuotaExceededError') return storageError('full', 'no space left', 'space to store data in the browser');
	if (name === 'VersionError') return storageError('newer', message, 'stored data of this version of the page');
	if (closedNames.has(name)) return storageError('closed', `${name}: ${message}`, 'open storage');
	return storageError('unavailable', name ? `${name}: ${message}` : 'an aborted transaction');
}
