// The rows that are kept of a vector file, whatever its form: in the order of the first entry of each word, a repeated
// word with its last values. Rows lie in blocks of about a megabyte, so that nothing is copied while they grow.

import { UserError } from '../../util/errors';
import type { ReadingNote } from '../corpus';
import { GrowingBytes } from './growing-bytes';

export interface CollectorOptions {
	/** Name of the file, for messages. */
	file: string;
	/** Whether a word's row is kept. Asked once for every entry. */
	wants: (word: string) => boolean;
	/** Keep the list of all words of the file. */
	keepsFileWords?: boolean;
}

/** Wider rows are no word vectors. */
const widestVector = 4096;
const blockNumbers = 1 << 18;

export class RowCollector {
	readonly notes: ReadingNote[] = [];
	readonly words: string[] = [];
	entryCount = 0;
	/** Entries whose words hold spaces. */
	spacedWordCount = 0;
	dimension = 0;
	/** Where the numbers of the row that was opened last go. */
	block: Float32Array = new Float32Array(0);
	first = 0;
	readonly file: string;
	readonly wants: (word: string) => boolean;
	private readonly fileWords: GrowingBytes | null;
	private undecodable = 0;
	private rowsOfBlock = 1;
	private readonly blocks: Float32Array[] = [];
	private readonly rowOf = new Map<string, number>();

	constructor({ file, wants, keepsFileWords }: CollectorOptions) {
		this.file = file;
		this.wants = wants;
		this.fileWords = keepsFileWords ? new GrowingBytes() : null;
	}

	/** Before the first row. Throws `vectors-too-wide`. */
	setDimension(dimension: number, line: number): void {
		if (dimension > widestVector) throw tooWide(this.file, line, dimension);
		this.dimension = dimension;
		this.rowsOfBlock = Math.max(1, Math.floor(blockNumbers / dimension));
	}

	/** Counts an entry and notes its word; null stands for one that is no UTF-8. */
	countEntry(word: string | null, bytes: Uint8Array, start: number, end: number, line: number): void {
		this.entryCount++;
		if (word === null) this.noteUndecodable(line);
		else this.fileWords?.appendLine(bytes, start, end);
	}

	/** Makes `block` and `first` point to the row of a word. */
	openRow(word: string): void {
		let row = this.rowOf.get(word);
		if (row === undefined) {
			row = this.words.push(word) - 1;
			this.rowOf.set(word, row);
			if (row === this.blocks.length * this.rowsOfBlock) {
				this.blocks.push(new Float32Array(this.rowsOfBlock * this.dimension));
			}
		}
		this.block = this.blocks[Math.floor(row / this.rowsOfBlock)];
		this.first = (row % this.rowsOfBlock) * this.dimension;
	}

	/** All rows in one array, [words, dimension]; the blocks are given up on the way. Throws `vectors-empty`. */
	finish(): Float32Array {
		if (this.entryCount === 0) throw empty(this.file);
		if (this.undecodable > 0) {
			const message = `Entries skipped because their words are not valid UTF-8: ${this.undecodable}`;
			this.note('vectors-undecodable', message);
		}
		const values = new Float32Array(this.words.length * this.dimension);
		for (let at = 0; at < values.length; at += this.rowsOfBlock * this.dimension) {
			const block = this.blocks.shift() as Float32Array;
			values.set(block.subarray(0, values.length - at), at);
		}
		return values;
	}

	/** All words of the file, UTF-8, each with a line break behind it; null where they were not kept. */
	takeFileWords(): Uint8Array | null {
		return this.fileWords?.take() ?? null;
	}

	note(code: string, message: string): void {
		this.notes.push({ code, file: this.file, line: 0, message });
	}

	/** A stray broken word costs its row only; a file full of them is in another encoding. */
	private noteUndecodable(line: number): void {
		this.undecodable++;
		if (this.undecodable > 5 && this.undecodable * 50 > this.entryCount) {
			throw wrongEncoding(this.file, line, `${this.undecodable} words that are not, among ${this.entryCount}`);
		}
	}
}

export function wrongEncoding(file: string, line: number, found: string): UserError {
	return new UserError({
		code: 'vectors-wrong-encoding',
		location: { file, line },
		expected: 'words in UTF-8',
		found,
		remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

function tooWide(file: string, line: number, found: number): UserError {
	return new UserError({
		code: 'vectors-too-wide',
		location: { file, line },
		expected: `vectors of at most ${widestVector} dimensions`,
		found: `${found}`,
		remedy: 'Choose a vector file.',
	});
}

function empty(file: string): UserError {
	return new UserError({
		code: 'vectors-empty',
		location: { file },
		expected: 'a word and its numbers on each line',
		found: 'no entries',
		remedy: 'Choose another file.',
	});
}
