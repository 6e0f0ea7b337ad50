// Where reading a corpus stops: sizes beyond which a file is refused with a message instead of filling the memory.

import { UserError } from '../../util/errors';

export const limits = {
	/** Bytes of one corpus file. MSRA's train part has 15 MB. */
	fileBytes: 128 * 1024 * 1024,
	/** Code points of one sentence or of one record's text. */
	sentenceCharacters: 1_000_000,
	/** Arrays and objects of JSON inside one another. */
	jsonDepth: 64,
	/** Rows, and bytes once unpacked, of a Parquet file. */
	parquetRows: 5_000_000,
	parquetBytes: 512 * 1024 * 1024,
} as const;

/** Throws `corpus-too-large`. */
export function checkFileSize(sizeBytes: number, file: string): void {
	if (sizeBytes <= limits.fileBytes) return;
	throw new UserError({
		code: 'corpus-too-large',
		location: { file },
		expected: `a corpus file of at most ${limits.fileBytes / 1024 / 1024} MB`,
		found: `${Math.ceil(sizeBytes / 1024 / 1024)} MB`,
		remedy: 'Split the file into parts and import them separately.',
	});
}

/** Throws `corpus-sentence-too-long`; `length` in UTF-16 units or more, so that it can be checked before anything is cut. */
export function checkSentenceLength(length: number, file: string, line: number): void {
	if (length <= limits.sentenceCharacters) return;
	throw new UserError({
		code: 'corpus-sentence-too-long',
		location: { file, line },
		expected: `sentences of at most ${limits.sentenceCharacters} characters`,
		found: `${length}`,
		remedy: 'Split the line into sentences, or check that this is the right file.',
	});
}
