// Faults of the file system as errors that the user can mend.

import { UserError } from '../../util/errors';

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file or folder',
	ENOTDIR: 'a file where a folder should be',
	EISDIR: 'a folder',
	EEXIST: 'a file with that name',
	EACCES: 'no permission',
	EPERM: 'no permission',
	EROFS: 'a read-only disk',
	ENOSPC: 'a full disk',
	EDQUOT: 'a full quota',
	EFBIG: 'a file size limit',
	EMFILE: 'too many open files',
	ENFILE: 'too many open files',
	ENAMETOOLONG: 'a name that is too long',
	ELOOP: 'a circular link',
	EBUSY: 'a file that is in use by another program',
	EIO: 'a disk error',
	EXDEV: 'another disk',
};

/** `ENOENT` and the like; empty for other errors. */
export function codeOf(error: unknown): string {
	return (error as { code?: string } | null)?.code ?? '';
}

export function unreadable(path: string, error: unknown): UserError {
	if (error instanceof UserError) return error;
	return new UserError({
		code: 'file-unreadable',
		location: { file: path },
		expected: 'a file that can be read',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Check the path and its permissions.',
	});
}

export function unwritable(path: string, error: unknown): UserError {
	if (error instanceof UserError) return error;
	return new UserError({
		code: 'file-unwritable',
		location: { file: path },
		expected: 'a file or folder that can be written to',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Choose another folder, or free some space.',
	});
}
