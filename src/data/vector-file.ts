// Reads word vectors in text form (word2vec, GloVe, fastText, gigaword: a word and its numbers a line, with or without a
// header line) as a stream, and keeps only the rows that are asked for. Words are decoded and numbers parsed from the
// bytes by hand, because splitting strings takes four times as long.

import { UserError } from '../util/errors';
import { type ByteOptions, type ByteSource, visitLines } from './byte-stream';
import type { ReadingNote } from './corpus';

/** The rows kept of one file, in the order of the first line of each word; a repeated word has its last values. */
export interface KeptVectors {
	/** Name of the file, for messages. */
	file: string;
	dimension: number;
	words: string[];
	/** [words.length, dimension] */
	values: Float32Array;
	/** Entries of the whole file, repeated ones too. */
	entryCount: number;
	notes: ReadingNote[];
}

export interface VectorOptions extends ByteOptions {
	/** Whether a word's row is kept. Asked once for every line. */
	wants: (word: string) => boolean;
}

/**
 * Streams a vector file. Words may hold spaces: the numbers are the last `dimension` fields. Numbers of rows that nobody
 * wants are counted but not read. Throws UserError: `vectors-empty`, `vectors-wrong-width`, `vectors-not-a-number`,
 * `vectors-wrong-encoding`, and those of data/byte-stream.ts.
 */
export async function readVectors(source: ByteSource, options: VectorOptions): Promise<KeptVectors> {
	const reader = new VectorReader(options.file, options.wants);
	await visitLines(source, options, (bytes, start, end) => reader.readLine(bytes, start, end));
	return reader.finish();
}

const space = 0x20;
const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;

class VectorReader {
	private line = 0;
	private dimension = 0;
	/** Line that decided the dimension. */
	private widthLine = 0;
	private entryCount = 0;
	private undecodable = 0;
	private readonly rowOf = new Map<string, number>();
	private readonly words: string[] = [];
	private values = new Float32Array(0);
	private readonly notes: ReadingNote[] = [];

	constructor(
		private readonly file: string,
		private readonly wants: (word: string) => boolean,
	) {}

	readLine(bytes: Uint8Array, lineStart: number, lineEnd: number): void {
		this.line++;
		let start = lineStart;
		let end = lineEnd;
		if (this.line === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
		while (end > start && bytes[end - 1] <= space) end--;
		if (end === start) return;
		const fields = countFields(bytes, start, end);
		if (this.dimension === 0 && this.readWidth(bytes, start, end, fields)) return;
		if (fields <= this.dimension) throw this.wrongWidth(fields - 1, columnAt(bytes, lineStart, end));
		this.entryCount++;
		const wordEnd =
			fields === this.dimension + 1 ? fieldEnd(bytes, start, end) : this.longWordEnd(bytes, start, end, fields);
		const word = decodeWord(bytes, start, wordEnd);
		if (word === null) this.noteUndecodable(columnAt(bytes, lineStart, start));
		else if (this.wants(word)) this.keepRow(word, bytes, lineStart, wordEnd, end);
	}

	finish(): KeptVectors {
		if (this.entryCount === 0) throw this.empty();
		const { file, dimension, words, entryCount, notes } = this;
		if (this.undecodable > 0) {
			const message = `Entries passed over because their words are no UTF-8: ${this.undecodable}`;
			notes.push({ code: 'vectors-undecodable', file, line: 0, message });
		}
		return { file, dimension, words, values: this.values.slice(0, words.length * dimension), entryCount, notes };
	}

	/** Takes the dimension from a header line (then true), or from the numbers at the end of the first entry. */
	private readWidth(bytes: Uint8Array, start: number, end: number, fields: number): boolean {
		const texts = new TextDecoder().decode(bytes.subarray(start, end)).split(/[\0- ]+/);
		this.widthLine = this.line;
		const isHeader = this.line === 1 && fields === 2 && texts.every((text) => /^[0-9]+$/.test(text)) && +texts[1] > 0;
		if (isHeader) {
			this.dimension = Number(texts[1]);
			return true;
		}
		const firstNumber = texts.findLastIndex((text) => !isDecimal(text)) + 1;
		this.dimension = Math.min(texts.length - firstNumber, fields - 1);
		if (this.dimension === 0) throw this.notANumber(texts[texts.length - 1], columnAt(bytes, start, end));
		return false;
	}

	/** End of a word that holds spaces; refuses a line that has rather one number too many. */
	private longWordEnd(bytes: Uint8Array, start: number, end: number, fields: number): number {
		let wordEnd = fieldEnd(bytes, start, end);
		let lastStart = start;
		for (let field = 1; field < fields - this.dimension; field++) {
			lastStart = skipSpaces(bytes, wordEnd, end);
			wordEnd = fieldEnd(bytes, lastStart, end);
		}
		const last = decodeWord(bytes, lastStart, wordEnd) ?? '';
		if (/[.eE]/.test(last) && isDecimal(last)) throw this.wrongWidth(fields - 1, columnAt(bytes, start, end));
		return wordEnd;
	}

	/**
	 * Numbers of the usual form are read in place: a mantissa of at most 15 digits and a power of ten up to 22 are exact,
	 * so one division rounds correctly (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
	 */
	private keepRow(word: string, bytes: Uint8Array, lineStart: number, wordEnd: number, end: number): void {
		const first = this.rowFor(word) * this.dimension;
		let position = wordEnd;
		for (let column = 0; column < this.dimension; column++) {
			const from = skipSpaces(bytes, position, end);
			const isNegative = bytes[from] === minus;
			position = isNegative ? from + 1 : from;
			let mantissa = 0;
			let decimals = 0;
			while (position < end && isDigit(bytes[position])) mantissa = mantissa * 10 + bytes[position++] - zero;
			if (position < end && bytes[position] === point) {
				const pointAt = position++;
				while (position < end && isDigit(bytes[position])) mantissa = mantissa * 10 + bytes[position++] - zero;
				decimals = position - pointAt - 1;
			}
			const isUsual = position - from > 2 && position - from <= 16 && (position === end || bytes[position] <= space);
			if (isUsual) {
				const value = mantissa / powersOfTen[decimals];
				this.values[first + column] = isNegative ? -value : value;
			} else {
				position = fieldEnd(bytes, from, end);
				this.values[first + column] = this.readNumber(bytes, lineStart, from, position);
			}
		}
	}

	private readNumber(bytes: Uint8Array, lineStart: number, start: number, end: number): number {
		const value = parseDecimal(bytes, start, end);
		if (Number.isFinite(Math.fround(value))) return value;
		const text = new TextDecoder().decode(bytes.subarray(start, end));
		throw this.notANumber(text, columnAt(bytes, lineStart, start));
	}

	private rowFor(word: string): number {
		const known = this.rowOf.get(word);
		if (known !== undefined) return known;
		const row = this.words.push(word) - 1;
		this.rowOf.set(word, row);
		if (this.values.length < this.words.length * this.dimension) {
			const larger = new Float32Array(Math.max(256, 2 * row) * this.dimension);
			larger.set(this.values);
			this.values = larger;
		}
		return row;
	}

	/** A stray broken word costs its row only; a file full of them is in another encoding. */
	private noteUndecodable(column: number): void {
		this.undecodable++;
		if (this.undecodable <= 5 || this.undecodable * 50 <= this.entryCount) return;
		throw new UserError({
			code: 'vectors-wrong-encoding',
			place: { file: this.file, line: this.line, column },
			expected: 'words in UTF-8',
			found: `${this.undecodable} words that are not, among ${this.entryCount}`,
			remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
		});
	}

	private wrongWidth(found: number, column: number): UserError {
		return new UserError({
			code: 'vectors-wrong-width',
			place: { file: this.file, line: this.line, column },
			expected: `${this.dimension} numbers after the word, as line ${this.widthLine} has or says`,
			found: `${found}`,
			remedy: 'Mend or remove this line; if it is the last one, the file was cut short: copy it again.',
		});
	}

	private notANumber(text: string, column: number): UserError {
		return new UserError({
			code: 'vectors-not-a-number',
			place: { file: this.file, line: this.line, column },
			expected: 'a word and its numbers, with spaces between',
			found: `"${[...text].slice(0, 40).join('')}"`,
			remedy: 'Choose a vector file in text form (a word and its numbers a line), or mend this line.',
		});
	}

	private empty(): UserError {
		return new UserError({
			code: 'vectors-empty',
			place: { file: this.file },
			expected: 'a word and its numbers a line',
			found: 'no entry',
			remedy: 'Choose another file.',
		});
	}
}

/**
 * The first column of every line: the words of a plain list, of `word frequency part-of-speech` lines, or of a vector
 * file (whose header line, two whole numbers before a longer line, is passed over). In order, repeated ones too.
 */
export async function readWordList(source: ByteSource, options: ByteOptions): Promise<string[]> {
	const words: string[] = [];
	let line = 0;
	let mayBeHeader = false;
	await visitLines(source, options, (bytes, lineStart, lineEnd) => {
		line++;
		let start = lineStart;
		if (line === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
		start = skipSpaces(bytes, start, lineEnd);
		if (start === lineEnd) return;
		const fields = countFields(bytes, start, lineEnd);
		if (line === 2 && mayBeHeader && fields > 3) words.pop();
		const word = decodeWord(bytes, start, fieldEnd(bytes, start, lineEnd));
		if (word === null) throw undecodableWord(options.file, line);
		if (line === 1) mayBeHeader = fields === 2 && /^[0-9]+$/.test(word);
		words.push(word);
	});
	return words;
}

function undecodableWord(file: string, line: number): UserError {
	return new UserError({
		code: 'lexicon-wrong-encoding',
		place: { file, line },
		expected: 'words in UTF-8',
		found: 'bytes that are not',
		remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

/**
 * Several files as one, as if their lines stood one after another: a repeated word keeps the place of its first entry
 * and takes the values of its last. Throws `vectors-widths-differ`.
 */
export function mergeVectors(parts: readonly KeptVectors[]): KeptVectors {
	const [first, ...others] = parts;
	for (const other of others) {
		if (other.dimension === first.dimension) continue;
		throw new UserError({
			code: 'vectors-widths-differ',
			place: { file: other.file },
			expected: `${first.dimension} numbers a word, as ${first.file} has, because both fill one table`,
			found: `${other.dimension}`,
			remedy: 'Choose character and word vectors of one width.',
		});
	}
	const { dimension } = first;
	const rowOf = new Map<string, number>();
	for (const word of parts.flatMap((part) => part.words)) if (!rowOf.has(word)) rowOf.set(word, rowOf.size);
	const values = new Float32Array(rowOf.size * dimension);
	for (const part of parts) {
		part.words.forEach((word, row) => {
			const target = rowOf.get(word) ?? 0;
			values.set(part.values.subarray(row * dimension, (row + 1) * dimension), target * dimension);
		});
	}
	return {
		file: parts.map((part) => part.file).join(' + '),
		dimension,
		words: [...rowOf.keys()],
		values,
		entryCount: parts.reduce((sum, part) => sum + part.entryCount, 0),
		notes: parts.flatMap((part) => part.notes),
	};
}

/** Runs of bytes above space; all that is not is a separator here. */
function countFields(bytes: Uint8Array, start: number, end: number): number {
	let fields = 0;
	let previous = space;
	for (let position = start; position < end; position++) {
		const byte = bytes[position];
		if (byte > space && previous <= space) fields++;
		previous = byte;
	}
	return fields;
}

function fieldEnd(bytes: Uint8Array, start: number, end: number): number {
	let position = start;
	while (position < end && bytes[position] > space) position++;
	return position;
}

function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
	let position = start;
	while (position < end && bytes[position] <= space) position++;
	return position;
}

function isDigit(byte: number): boolean {
	return byte >= zero && byte <= 0x39;
}

/** Column (from 1, in code points) of a byte in its line. */
function columnAt(bytes: Uint8Array, lineStart: number, position: number): number {
	let column = 1;
	for (let index = lineStart; index < position; index++) if ((bytes[index] & 0xc0) !== 0x80) column++;
	return column;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Short words of the Basic Multilingual Plane by hand, all else by TextDecoder; null when the bytes are no UTF-8. */
function decodeWord(bytes: Uint8Array, start: number, end: number): string | null {
	let word = '';
	let position = start;
	while (position < end) {
		const first = bytes[position];
		if (first < 0x80) {
			word += String.fromCharCode(first);
			position++;
		} else if (
			first >= 0xe1 &&
			first <= 0xec &&
			position + 2 < end &&
			isTail(bytes[position + 1]) &&
			isTail(bytes[position + 2])
		) {
			word += String.fromCharCode(
				((first & 15) << 12) | ((bytes[position + 1] & 63) << 6) | (bytes[position + 2] & 63),
			);
			position += 3;
		} else {
			try {
				return word + strictUtf8.decode(bytes.subarray(position, end));
			} catch {
				return null;
			}
		}
	}
	return word;
}

function isTail(byte: number): boolean {
	return (byte & 0xc0) === 0x80;
}

const decimalPattern = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

function isDecimal(text: string): boolean {
	return decimalPattern.test(text);
}

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The number in bytes [start, end) in any decimal form, or NaN. */
function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
	const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 400)));
	return isDecimal(text) ? Number(text) : Number.NaN;
}
