// Rows of a word2vec file in binary form: a line `entries dimension`, then for each entry the word, a space, its numbers
// as float32 in little-endian order, and with some writers a line break.

import { UserError } from '../../util/errors';
import { joinBytes } from '../../util/join-bytes';
import type { PeekableBytes } from '../containers/peekable-bytes';
import { decodeWord } from './line-bytes';
import type { RowCollector } from './row-collector';
import type { VectorHeader } from './text-rows';

const headerPattern = /^([0-9]{1,12}) ([0-9]{1,6})\r?\n/;
/** Bytes in which the first entry must show what it is. */
const sampleBytes = 4096;
const longestWordBytes = 1 << 14;

/**
 * The header of a binary file; null where the bytes after the first line read as text. Binary numbers are recognised by
 * control characters or bytes that are no UTF-8.
 */
export async function binaryHeader(bytes: PeekableBytes): Promise<(VectorHeader & { sizeBytes: number }) | null> {
	const start = await bytes.peek(64);
	const match = headerPattern.exec(String.fromCharCode(...start));
	if (!match) return null;
	const header = { entryCount: Number(match[1]), dimension: Number(match[2]), sizeBytes: match[0].length };
	const sample = (await bytes.peek(match[0].length + sampleBytes)).subarray(match[0].length);
	const first = sample.indexOf(0x20) + 1;
	const numbers = sample.subarray(first, first + 4 * header.dimension);
	return header.dimension > 0 && header.entryCount > 0 && first > 0 && isBinary(numbers) ? header : null;
}

function isBinary(bytes: Uint8Array): boolean {
	if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127)) return true;
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }); // the last character may be cut
		return false;
	} catch {
		return true;
	}
}

/**
 * Reads to the end. Throws UserError: `vectors-cut-short`, `vectors-not-a-number`, `vectors-damaged`, and what the
 * collector throws.
 */
export async function readBinaryRows(
	bytes: PeekableBytes,
	header: VectorHeader & { sizeBytes: number },
	rows: RowCollector,
) {
	await bytes.take(header.sizeBytes);
	rows.setDimension(header.dimension, 1);
	const reader = new BinaryRows(rows, header);
	let carried: Uint8Array = new Uint8Array(0);
	for await (const chunk of bytes) {
		const piece = carried.length === 0 ? chunk : joinBytes([carried, chunk]);
		carried = piece.subarray(reader.readEntries(piece));
	}
	if (rows.entryCount < header.entryCount) throw reader.cutShort();
	if (carried.some((byte) => byte !== 10 && byte !== 13)) {
		rows.note(
			'vectors-count-differs',
			`The file contains more than the ${header.entryCount} entries named in its header`,
		);
	}
}

class BinaryRows {
	constructor(
		private readonly rows: RowCollector,
		private readonly header: VectorHeader,
	) {}

	/** Takes all entries that are whole; returns where the rest begins. */
	readEntries(bytes: Uint8Array): number {
		const { rows, header } = this;
		const numbersBytes = 4 * header.dimension;
		let at = 0;
		while (rows.entryCount < header.entryCount) {
			let start = at;
			while (start < bytes.length && (bytes[start] === 10 || bytes[start] === 13)) start++;
			const wordEnd = bytes.indexOf(0x20, start);
			if (wordEnd < 0 ? bytes.length - start > longestWordBytes : wordEnd - start > longestWordBytes)
				throw this.damaged();
			if (wordEnd < 0 || wordEnd + 1 + numbersBytes > bytes.length) return at;
			const word = decodeWord(bytes, start, wordEnd);
			if (word?.includes('\n')) throw this.damaged();
			rows.countEntry(word, bytes, start, wordEnd, 0);
			if (word !== null && rows.wants(word)) this.keepRow(word, bytes, wordEnd + 1);
			at = wordEnd + 1 + numbersBytes;
		}
		return at;
	}

	cutShort(): UserError {
		return this.error(
			'vectors-cut-short',
			`${this.header.entryCount} entries, as the first line says`,
			`${this.rows.entryCount}`,
		);
	}

	private keepRow(word: string, bytes: Uint8Array, start: number): void {
		this.rows.openRow(word);
		const { block, first, dimension } = this.rows;
		const view = new DataView(bytes.buffer, bytes.byteOffset + start, 4 * dimension);
		for (let column = 0; column < dimension; column++) {
			const value = view.getFloat32(4 * column, true);
			if (!Number.isFinite(value)) {
				throw this.error(
					'vectors-not-a-number',
					'finite numbers',
					`${value} in entry ${this.rows.entryCount} ("${word}")`,
				);
			}
			block[first + column] = value;
		}
	}

	private damaged(): UserError {
		const words = `words of at most ${longestWordBytes} bytes, each followed by a space`;
		return this.error('vectors-damaged', words, `something else at entry ${this.rows.entryCount + 1}`);
	}

	private error(code: string, expected: string, found: string): UserError {
		const remedy = 'Download or copy the file again.';
		return new UserError({ code, location: { file: this.rows.file }, expected, found, remedy });
	}
}
