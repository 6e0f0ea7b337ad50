// Rows of a vector file in text form (word2vec, GloVe, fastText, gigaword): a word and its numbers a line, with or
// without a header line; words may hold spaces. Words are decoded and numbers parsed from the bytes by hand.

import { UserError } from '../../util/errors';
import {
	columnAt,
	countFields,
	decodeWord,
	fieldEnd,
	isDecimal,
	isDigit,
	parseDecimal,
	powersOfTen,
	skipSpaces,
	space,
	zero,
} from './line-bytes';
import type { RowCollector } from './row-collector';

const minus = 0x2d;
const point = 0x2e;

/** The first line, where it says how many entries of how many numbers follow. */
export interface VectorHeader {
	entryCount: number;
	dimension: number;
}

export class TextRows {
	header: VectorHeader | null = null;
	private line = 0;
	/** Line that decided the dimension. */
	private widthLine = 0;

	constructor(private readonly rows: RowCollector) {}

	/**
	 * Takes one line. Numbers of rows that nobody wants are counted but not read. Throws UserError: `vectors-wrong-width`,
	 * `vectors-not-a-number`, `vectors-wrong-encoding`, `vectors-too-wide`.
	 */
	readLine(bytes: Uint8Array, lineStart: number, lineEnd: number): void {
		this.line++;
		const { rows } = this;
		let start = lineStart;
		let end = lineEnd;
		if (this.line === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
		while (end > start && bytes[end - 1] <= space) end--;
		if (end === start) return;
		const fields = countFields(bytes, start, end);
		if (rows.dimension === 0 && this.readWidth(bytes, start, end, fields)) return;
		if (fields <= rows.dimension) throw this.wrongWidth(fields - 1, columnAt(bytes, lineStart, end));
		const isSpaced = fields > rows.dimension + 1;
		const wordEnd = isSpaced ? this.longWordEnd(bytes, start, end, fields) : fieldEnd(bytes, start, end);
		if (isSpaced) rows.spacedWordCount++;
		const word = decodeWord(bytes, start, wordEnd);
		rows.countEntry(word, bytes, start, wordEnd, this.line);
		if (word !== null && rows.wants(word)) this.keepRow(word, bytes, lineStart, wordEnd, end);
	}

	/** After the last line: whether there are as many entries as the header says. */
	finish(): void {
		const { header, rows } = this;
		if (header === null || header.entryCount === rows.entryCount) return;
		const message = `The header says ${header.entryCount} entries, the file has ${rows.entryCount}: it may be incomplete`;
		rows.note('vectors-count-differs', message);
	}

	/** Takes the dimension from a header line (then true), or from the numbers at the end of the first entry. */
	private readWidth(bytes: Uint8Array, start: number, end: number, fields: number): boolean {
		const texts = new TextDecoder().decode(bytes.subarray(start, end)).split(/[\0- ]+/);
		this.widthLine = this.line;
		const isHeader = this.line === 1 && fields === 2 && texts.every((text) => /^[0-9]+$/.test(text)) && +texts[1] > 0;
		if (isHeader) {
			this.header = { entryCount: Number(texts[0]), dimension: Number(texts[1]) };
			this.rows.setDimension(this.header.dimension, this.line);
			return true;
		}
		const firstNumber = texts.findLastIndex((text) => !isDecimal(text)) + 1;
		const dimension = Math.min(texts.length - firstNumber, fields - 1);
		if (dimension === 0) throw this.notANumber(texts[texts.length - 1], columnAt(bytes, start, end));
		this.rows.setDimension(dimension, this.line);
		return false;
	}

	/** End of a word that holds spaces; refuses a line that has rather one number too many. */
	private longWordEnd(bytes: Uint8Array, start: number, end: number, fields: number): number {
		let wordEnd = fieldEnd(bytes, start, end);
		let lastStart = start;
		for (let field = 1; field < fields - this.rows.dimension; field++) {
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
		this.rows.openRow(word);
		const { block, first, dimension } = this.rows;
		let position = wordEnd;
		for (let column = 0; column < dimension; column++) {
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
				block[first + column] = isNegative ? -value : value;
			} else {
				position = fieldEnd(bytes, from, end);
				block[first + column] = this.readNumber(bytes, lineStart, from, position);
			}
		}
	}

	private readNumber(bytes: Uint8Array, lineStart: number, start: number, end: number): number {
		const value = parseDecimal(bytes, start, end);
		if (Number.isFinite(Math.fround(value))) return value;
		const text = new TextDecoder().decode(bytes.subarray(start, end));
		throw this.notANumber(text, columnAt(bytes, lineStart, start));
	}

	private wrongWidth(found: number, column: number): UserError {
		return new UserError({
			code: 'vectors-wrong-width',
			location: { file: this.rows.file, line: this.line, column },
			expected: `${this.rows.dimension} numbers after the word, as in line ${this.widthLine}`,
			found: `${found}`,
			remedy: 'Fix or delete this line; if it is the last one, the file is incomplete: copy it again.',
		});
	}

	private notANumber(text: string, column: number): UserError {
		return new UserError({
			code: 'vectors-not-a-number',
			location: { file: this.rows.file, line: this.line, column },
			expected: 'a word and its numbers, separated by spaces',
			found: `"${[...text].slice(0, 40).join('')}"`,
			remedy:
				'Choose a vector file in text format (a word and its numbers on each line) or word2vec binary format, or fix this line.',
		});
	}
}
