// Bytes to text. `decodeText` takes UTF-8 only and names the first byte that does not fit; `decodeAnyText` also finds out
// about the other encodings that Chinese text comes in, or takes the user's word for one.

import { UserError } from '../util/errors';
import { countCodePoints } from './code-points';

/** Encodings by the bytes a file opens with. */
const marks: readonly { name: string; bytes: readonly number[] }[] = [
	{ name: 'UTF-8', bytes: [0xef, 0xbb, 0xbf] },
	{ name: 'UTF-32 (little endian)', bytes: [0xff, 0xfe, 0, 0] },
	{ name: 'UTF-16 (little endian)', bytes: [0xff, 0xfe] },
	{ name: 'UTF-16 (big endian)', bytes: [0xfe, 0xff] },
];

/** How to decode what follows the mark, by encoding. */
const decoders: Record<string, (bytes: Uint8Array, file: string) => string> = { 'UTF-8': decodeUtf8 };

export const textEncodings = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'GB18030', 'Big5'] as const;
export type TextEncoding = (typeof textEncodings)[number];

export interface DecodedText {
	/** Without its byte order mark. */
	text: string;
	encoding: TextEncoding;
}

/**
 * The text of a file in the chosen encoding, else in the one that its bytes show: by a byte order mark; UTF-8 where all, or
 * most, of it is well-formed; UTF-16 where zero bytes stand on one side; else GB18030 or Big5 by where its characters lie.
 * Throws `text-wrong-encoding`: a file that is UTF-8 but for some bytes is broken, and never read as something else.
 */
export function decodeAnyText(bytes: Uint8Array, file: string, choice?: TextEncoding): DecodedText {
	const encoding = choice ?? detectEncoding(bytes);
	if (encoding === 'UTF-8') return { text: decodeUtf8(withoutMark(bytes), file), encoding };
	try {
		const text = new TextDecoder(encoding.toLowerCase(), { fatal: true }).decode(bytes);
		return { text, encoding };
	} catch {
		throw new UserError({
			code: 'text-wrong-encoding',
			location: { file },
			expected: `text in ${encoding}`,
			found: 'invalid bytes, or a text that was cut off',
			remedy: `Choose another encoding: ${textEncodings.join(', ')}.`,
		});
	}
}

/** The encoding of a file by its first bytes, of which the last character may be cut off. */
export function detectHeadEncoding(head: Uint8Array): TextEncoding {
	for (let cut = 0; cut < 4 && cut < head.length; cut++) {
		const whole = head.subarray(0, head.length - cut);
		const encoding = detectEncoding(whole);
		if (canDecode(whole, encoding)) return encoding;
	}
	return detectEncoding(head);
}

function withoutMark(bytes: Uint8Array): Uint8Array {
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function detectEncoding(bytes: Uint8Array): TextEncoding {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16LE';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16BE';
	const isWhole = isWellFormed(bytes);
	const byZeros = utf16ByZeros(bytes, isWhole);
	if (byZeros) return byZeros;
	if (isWhole || isMostlyUtf8(bytes)) return 'UTF-8';
	const share = { GB18030: commonShare(bytes, gbCommon), Big5: commonShare(bytes, big5Common) };
	const likely: TextEncoding[] = share.Big5 > share.GB18030 ? ['Big5', 'GB18030'] : ['GB18030', 'Big5'];
	return likely.find((encoding) => canDecode(bytes, encoding)) ?? 'UTF-8';
}

function isWellFormed(bytes: Uint8Array): boolean {
	return canDecode(bytes, 'UTF-8');
}

function canDecode(bytes: Uint8Array, encoding: TextEncoding): boolean {
	try {
		new TextDecoder(encoding.toLowerCase(), { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

/** UTF-16 without a mark: its ASCII characters leave zero bytes on one side. Text that is also UTF-8 needs very many. */
function utf16ByZeros(bytes: Uint8Array, isUtf8: boolean): TextEncoding | null {
	const sample = bytes.subarray(0, 65536);
	const zeros = [0, 0];
	for (let offset = 0; offset < sample.length; offset++) if (sample[offset] === 0) zeros[offset & 1]++;
	const [most, fewest] = [Math.max(...zeros), Math.min(...zeros)];
	if (most === 0 || most < sample.length * (isUtf8 ? 0.25 : 0.01) || fewest > most / 8) return null;
	const encoding: TextEncoding = zeros[1] > zeros[0] ? 'UTF-16LE' : 'UTF-16BE';
	return canDecode(bytes, encoding) ? encoding : null;
}

/** Whether most bytes above ASCII belong to well-formed sequences of UTF-8: then it is that, and broken. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
	let high = 0;
	let wellFormed = 0;
	for (let offset = 0; offset < bytes.length; ) {
		const length = sequenceLength(bytes, offset);
		if (length > 1) wellFormed += length;
		if (bytes[offset] >= 0x80) high += Math.max(1, length);
		offset += Math.max(1, length);
	}
	return wellFormed * 2 > high;
}

/** Share of the two-byte characters that lie where an encoding has its common ones. */
function commonShare(bytes: Uint8Array, isCommon: (lead: number, trail: number) => boolean): number {
	let pairs = 0;
	let common = 0;
	for (let offset = 0; offset + 1 < bytes.length; offset++) {
		if (bytes[offset] < 0x81) continue;
		pairs++;
		if (isCommon(bytes[offset], bytes[offset + 1])) common++;
		offset++;
	}
	return pairs === 0 ? 0 : common / pairs;
}

/** Level 1 of GB 2312 (rows 16 to 55) and its punctuation. */
const gbCommon = (lead: number, trail: number) => trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || lead <= 0xa3);

/** The 5401 frequent characters of Big5 and its punctuation. */
const big5Common = (lead: number, trail: number) =>
	((trail >= 0x40 && trail <= 0x7e) || trail >= 0xa1) && lead >= 0xa1 && lead <= 0xc6;

/** The text of a UTF-8 file, without its byte order mark. Throws `text-wrong-encoding` with the location of the first bad byte. */
export function decodeText(bytes: Uint8Array, file: string): string {
	const mark = marks.find((candidate) => candidate.bytes.every((byte, index) => bytes[index] === byte));
	const decode = decoders[mark?.name ?? 'UTF-8'];
	if (!decode) throw wrongEncoding({ file, line: 1, column: 1 }, `the byte order mark of ${mark?.name}`);
	return decode(bytes.subarray(mark?.bytes.length ?? 0), file);
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		const offset = firstBadByte(bytes);
		const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, offset));
		const lines = before.split(/\r\n|\r|\n/);
		const location = { file, line: lines.length, column: countCodePoints(lines[lines.length - 1]) + 1 };
		const hex = bytes[offset].toString(16).toUpperCase().padStart(2, '0');
		throw wrongEncoding(location, `byte 0x${hex} at offset ${offset}${guessEncoding(bytes)}`);
	}
}

function wrongEncoding(location: UserError['location'], found: string): UserError {
	return new UserError({
		code: 'text-wrong-encoding',
		location,
		expected: 'text in UTF-8',
		found,
		remedy: 'Save the file as UTF-8 in an editor, or convert it: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

/** Offset of the first byte that begins no well-formed UTF-8 sequence. There must be one. */
function firstBadByte(bytes: Uint8Array): number {
	let offset = 0;
	while (offset < bytes.length) {
		const length = sequenceLength(bytes, offset);
		if (length === 0) return offset;
		offset += length;
	}
	return bytes.length - 1;
}

/** Bytes of the sequence that begins here, or 0 when it is not well-formed (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, offset: number): number {
	const first = bytes[offset];
	if (first < 0x80) return 1;
	const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4) return 0;
	for (let index = 1; index < length; index++) if ((bytes[offset + index] & 0xc0) !== 0x80) return 0;
	const second = bytes[offset + 1];
	const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
	const isBeyond = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
	return isOverlong || isBeyond ? 0 : length;
}

/** What the bytes would be in a common encoding of Chinese text, as words for the message. */
function guessEncoding(bytes: Uint8Array): string {
	const zeros = bytes.subarray(0, 4096).reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
	if (zeros > Math.min(bytes.length, 4096) / 8) return ' (the zero bytes around it look like UTF-16)';
	for (const [label, name] of [
		['gb18030', 'GB18030 or GBK'],
		['big5', 'Big5'],
	]) {
		try {
			new TextDecoder(label, { fatal: true }).decode(bytes);
			return ` (the file reads as ${name})`;
		} catch {
			// Not this one.
		}
	}
	return '';
}
