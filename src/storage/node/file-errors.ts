// Faults of the file system as errors that the user can mend.

import { UserError } from '../../util/errors';

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
	EFBIG: 'a limit of the size of files',
	EMFILE: 'too many open files',
	ENFILE: 'too many open files',
	ENAMETOOLONG: 'a name that is too long',
	ELOOP: 'links that lead in a circle',
	EBUSY: 'a file that another program uses',
	EIO: 'a disk that fails',
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
		place: { file: path },
		expected: 'a file that can be read',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Check the path and the permissions.',
	});
}

export function unwritable(path: string, error: unknown): UserError {
	if (error instanceof UserError) return error;
	return new UserError({
		code: 'file-unwritable',
		place: { file: path },
		expected: 'a file or folder that can be written',
		found: reasons[codeOf(error)] ?? String(error),
		remedy: 'Choose another folder, or free some space.',
	});
}
