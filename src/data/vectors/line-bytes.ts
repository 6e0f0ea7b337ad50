// Words and numbers in the bytes of a line, read by hand: splitting strings takes four times as long. Bytes up to the
// space are separators.

export const space = 0x20;
export const zero = 0x30;

/** Runs of bytes above space; all that is not is a separator here. */
export function countFields(bytes: Uint8Array, start: number, end: number): number {
	let fields = 0;
	let previous = space;
	for (let position = start; position < end; position++) {
		const byte = bytes[position];
		if (byte > space && previous <= space) fields++;
		previous = byte;
	}
	return fields;
}

export function fieldEnd(bytes: Uint8Array, start: number, end: number): number {
	let position = start;
	while (position < end && bytes[position] > space) position++;
	return position;
}

export function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
	let position = start;
	while (position < end && bytes[position] <= space) position++;
	return position;
}

export function isDigit(byte: number): boolean {
	return byte >= zero && byte <= 0x39;
}

/** Column (from 1, in code points) of a byte in its line. */
export function columnAt(bytes: Uint8Array, lineStart: number, position: number): number {
	let column = 1;
	for (let index = lineStart; index < position; index++) if ((bytes[index] & 0xc0) !== 0x80) column++;
	return column;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Short words of the Basic Multilingual Plane by hand, all else by TextDecoder; null when the bytes are no UTF-8. */
export function decodeWord(bytes: Uint8Array, start: number, end: number): string | null {
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

export function isDecimal(text: string): boolean {
	return decimalPattern.test(text);
}

export const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The number in bytes [start, end) in any decimal form, or NaN. */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
	const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 400)));
	return isDecimal(text) ? Number(text) : Number.NaN;
}
