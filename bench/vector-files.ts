// Vector files for the suite `vectors`, made up: 50 numbers a word, five decimals, every word once, however long the
// file gets. One piece is generated and repeated with other words, so that making the bytes costs next to nothing.

import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { RandomStream } from '../src/util/random';

const dimension = 50;
const pieceRows = 20_000;
/** The number of the repetition, four digits behind the character of each word. */
const digits = 4;

/** A piece of rows and where the digits of each word are. */
function makePiece(): { bytes: Uint8Array; digitsAt: Int32Array } {
	const random = new RandomStream(5);
	const rows = Array.from({ length: pieceRows }, (_, index) => {
		const numbers = Array.from({ length: dimension }, () => (random.uniform() - 0.5).toFixed(5));
		return `${String.fromCodePoint(0x4e00 + index)}${'0'.repeat(digits)} ${numbers.join(' ')}\n`;
	});
	const bytes = new TextEncoder().encode(rows.join(''));
	const digitsAt = new Int32Array(pieceRows);
	for (let row = 0, start = 0; row < pieceRows; row++, start = bytes.indexOf(10, start) + 1) digitsAt[row] = start + 3;
	return { bytes, digitsAt };
}

const piece = makePiece();

/** At least so many bytes, in chunks of 1 MiB as a file gives them; the array is reused after a piece. */
export async function* generatedText(sizeBytes: number): AsyncGenerator<Uint8Array> {
	const chunkBytes = 1 << 20;
	for (let made = 0, round = 0; made < sizeBytes; round++) {
		const text = String(round).padStart(digits, '0');
		for (const at of piece.digitsAt)
			for (let digit = 0; digit < digits; digit++) piece.bytes[at + digit] = text.charCodeAt(digit);
		for (let start = 0; start < piece.bytes.length; start += chunkBytes) {
			const end = Math.min(start + chunkBytes, piece.bytes.length);
			made += end - start;
			yield piece.bytes.subarray(start, end);
		}
	}
}

/** One word in fifty, as of a large file a corpus uses. */
export const isWanted = (word: string) => (word.codePointAt(0) ?? 0) % 50 === 0;

/** A whole file of so many rows, in pieces that may be kept. */
export function generatedFile(rows: number): Uint8Array {
	const parts: Uint8Array[] = [];
	for (let done = 0; done < rows; done += pieceRows) {
		const text = String(done / pieceRows).padStart(digits, '0');
		for (const at of piece.digitsAt)
			for (let digit = 0; digit < digits; digit++) piece.bytes[at + digit] = text.charCodeAt(digit);
		parts.push(piece.bytes.slice());
	}
	return Buffer.concat(parts);
}

/** What a packing program makes of the bytes; null where the machine has none. */
export function packed(bytes: Uint8Array, form: 'gz' | 'bz2' | 'zst'): Uint8Array | null {
	if (form === 'gz') return gzipSync(bytes, { level: 6 });
	const [command, ...args] = form === 'bz2' ? ['bzip2', '-c'] : ['zstd', '-q', '-c'];
	try {
		return execFileSync(command, args, { input: bytes, maxBuffer: 2 ** 31, stdio: ['pipe', 'pipe', 'ignore'] });
	} catch {
		return null;
	}
}

export async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += 65536) yield bytes.subarray(start, start + 65536);
}
