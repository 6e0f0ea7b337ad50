// What the unpackers share: how they are called, and the error for a packed file that is damaged.

import { UserError } from '../../util/errors';
import type { PeekableBytes } from './peekable-bytes';

export interface Unpacking {
	/** Name of the file, for messages. */
	file: string;
	/** The entry to take from an archive; without it the first that is a file and no note about the archive. */
	entry?: string;
	/** Told the name of the entry that is taken. */
	onEntry(name: string): void;
	/** Told the first wanted file that follows the taken one and is left unread. */
	onFurther(name: string): void;
	/** Told bytes that were made but not yet handed on; throws where limits are passed. */
	onUnpacked(sizeBytes: number): void;
}

/** Plain bytes of one packed layer. Throws UserError: `file-packed-broken`, `file-packed-unsupported`, `file-packed-no-entry`. */
export type Unpack = (packed: PeekableBytes, unpacking: Unpacking) => AsyncGenerator<Uint8Array>;

export function brokenFile(file: string, kind: string, check: string, found = 'one that is cut short or damaged') {
	return new UserError({
		code: 'file-packed-broken',
		location: { file },
		expected: `a complete ${kind} file`,
		found,
		remedy: `Download or copy the file again; \`${check} FILE\` tests it.`,
	});
}

export function unsupportedFile(file: string, expected: string, found: string): UserError {
	return new UserError({
		code: 'file-packed-unsupported',
		location: { file },
		expected,
		found,
		remedy: 'Decompress the file first, or compress it with gzip.',
	});
}

/** Whether an entry is taken: the one that was asked for, else the first that is neither hidden nor a text about the archive. */
export function isWantedEntry(name: string, wanted: string | undefined): boolean {
	if (wanted !== undefined) return name === wanted;
	const base = name.slice(name.lastIndexOf('/') + 1);
	return base !== '' && !base.startsWith('.') && !name.startsWith('__MACOSX/') && !/^(readme|licen[cs]e)\b/i.test(base);
}

export function noEntry(file: string, wanted: string | undefined, seen: readonly string[]): UserError {
	const listed = seen.slice(0, 5).join(', ') + (seen.length > 5 ? ` and ${seen.length - 5} more` : '');
	return new UserError({
		code: 'file-packed-no-entry',
		location: { file },
		expected: wanted === undefined ? 'an archive that contains a file' : `a file named ${wanted} in the archive`,
		found: seen.length === 0 ? 'none' : `only ${listed}`,
		remedy: 'Choose another archive or file, or unpack the archive first.',
	});
}
