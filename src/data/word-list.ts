// The words of a lexicon file: one a line, `word frequency part-of-speech` lines as jieba has them, or a vector file,
// whose words are taken. Streamed; the numbers are not read.

import { UserError } from '../util/errors';
import { type ByteOptions, type ByteSource, visitLines } from './byte-stream';
import { countFields, decodeWord, fieldEnd, skipSpaces } from './vectors/line-bytes';

/** More words than any dictionary has; their list would fill the memory. */
const maxWords = 5_000_000;

/** In order, repeated ones too. Throws UserError: `lexicon-wrong-encoding`, `lexicon-too-large`, and those of data/byte-stream.ts. */
export async function readWordList(source: ByteSource, options: ByteOptions): Promise<string[]> {
	const words: string[] = [];
	let line = 0;
	let mayBeHeader = false;
	/** Numbers behind each word of a vector file; 0 in other files. */
	let width = 0;
	await visitLines(source, options, (bytes, lineStart, lineEnd) => {
		line++;
		let start = lineStart;
		if (line === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
		const fields = countFields(bytes, start, lineEnd);
		if (fields === 0) return;
		if (line === 2 && mayBeHeader && fields > 3) words.pop(); // the header of a vector file: two whole numbers
		if (width === 0 && fields > 4) width = trailingNumbers(decodeWord(bytes, start, lineEnd) ?? '');
		const isRow = width > 4 && fields > width;
		const word = isRow ? rowWord(bytes, start, lineEnd, fields - width) : wordOf(bytes, start, lineEnd, fields);
		if (word === null) throw wrongEncoding(options.file, line);
		if (line === 1) mayBeHeader = fields === 2 && /^[0-9]+$/.test(word);
		if (words.push(word) > maxWords) throw tooLarge(options.file, line);
	});
	return words;
}

/** Fields between bytes up to the space, as the vector readers see them. */
const separators = /[\0- ]+/;

/** The first fields of a row of numbers, found without reading these. */
function rowWord(bytes: Uint8Array, start: number, end: number, fields: number): string | null {
	const from = skipSpaces(bytes, start, end);
	let wordEnd = fieldEnd(bytes, from, end);
	for (let field = 1; field < fields; field++) wordEnd = fieldEnd(bytes, skipSpaces(bytes, wordEnd, end), end);
	return decodeWord(bytes, from, wordEnd);
}

/** Fields at the end of a line that are numbers; never all of them. */
function trailingNumbers(text: string): number {
	const parts = text.split(separators).filter((part) => part !== '');
	const last = parts.findLastIndex((part) => !/^[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?$/.test(part));
	return Math.max(0, Math.min(parts.length - 1, parts.length - 1 - last));
}

/** The line without what follows the word: numbers of a vector, or a frequency and a part of speech. */
function wordOf(bytes: Uint8Array, start: number, end: number, fields: number): string | null {
	const text = decodeWord(bytes, start, end);
	if (text === null || fields === 1) return text?.trim() ?? null;
	const parts = text.split(separators).filter((part) => part !== '');
	const numbers = trailingNumbers(text);
	const extra = numbers > 0 ? numbers : isPartOfSpeech(parts) ? 2 : 0;
	return parts.slice(0, parts.length - extra).join(' ');
}

function isPartOfSpeech(parts: readonly string[]): boolean {
	const [frequency, kind] = parts.slice(-2);
	return parts.length > 2 && /^[0-9]+$/.test(frequency) && /^[A-Za-z]{1,8}$/.test(kind);
}

function wrongEncoding(file: string, line: number): UserError {
	return new UserError({
		code: 'lexicon-wrong-encoding',
		location: { file, line },
		expected: 'words in UTF-8',
		found: 'invalid UTF-8',
		remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

function tooLarge(file: string, line: number): UserError {
	return new UserError({
		code: 'lexicon-too-large',
		location: { file, line },
		expected: `at most ${maxWords} words`,
		found: 'more',
		remedy: 'Choose a smaller lexicon, or add the file as word vectors: then only words in the corpus are kept.',
	});
}
