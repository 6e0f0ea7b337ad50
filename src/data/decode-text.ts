// Bytes to text. UTF-8 with or without a byte order mark; anything else is named, with the first byte that does not fit.
// Another encoding becomes readable by one more entry in `decoders`.

import { UserError } from '../util/errors';

/** Encodings by the bytes a file opens with. */
const marks: readonly { name: string; bytes: readonly number[] }[] = [
	{ name: 'UTF-8', bytes: [0xef, 0xbb, 0xbf] },
	{ name: 'UTF-32 (little endian)', bytes: [0xff, 0xfe, 0, 0] },
	{ name: 'UTF-16 (little endian)', bytes: [0xff, 0xfe] },
	{ name: 'UTF-16 (big endian)', bytes: [0xfe, 0xff] },
];

/** How to decode what follows the mark, by encoding. */
const decoders: Record<string, (bytes: Uint8Array, file: string) => string> = { 'UTF-8': decodeUtf8 };

/** The text of a file, without its byte order mark. Throws `text-wrong-encoding` with the place of the first bad byte. */
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
		const place = { file, line: lines.length, column: [...lines[lines.length - 1]].length + 1 };
		const hex = bytes[offset].toString(16).toUpperCase().padStart(2, '0');
		throw wrongEncoding(place, `byte 0x${hex} at offset ${offset}${guessEncoding(bytes)}`);
	}
}

function wrongEncoding(place: UserError['place'], found: string): UserError {
	return new UserError({
		code: 'text-wrong-encoding',
		place,
		expected: 'text in UTF-8',
		found,
		remedy: 'Save the file as UTF-8 in an editor, or convert it: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

/** Offset of the first byte that begins no well-formed UTF-8 sequence. There must be one. */
export function firstBadByte(bytes: Uint8Array): number {
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
