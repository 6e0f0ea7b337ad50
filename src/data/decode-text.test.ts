import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { UserError } from '../util/errors';
import { decodeAnyText, decodeText, type TextEncoding } from './decode-text';

const bytes = (...parts: (string | number[])[]) =>
	Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

function errorOf(input: Uint8Array): UserError {
	try {
		decodeText(input, 'a.txt');
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}
	throw new Error('nothing was thrown');
}

test('text in UTF-8 comes back as it was, its byte order mark taken off', () => {
	const texts = fc.string({ unit: fc.constantFrom('字', '😀', '𠮷', 'é', '\u0301', '　', 'a', '\n'), maxLength: 30 });
	fc.assert(
		fc.property(texts, fc.boolean(), (text, hasMark) => {
			expect(decodeText(bytes(hasMark ? [0xef, 0xbb, 0xbf] : [], text), 'a.txt')).toBe(text);
		}),
		{ numRuns: 50 },
	);
	expect(decodeText(bytes('𠮷　é😀'), 'a.txt')).toBe('𠮷　é😀');
});

test('the first byte that is no UTF-8 is named with its line and column', () => {
	const error = errorOf(bytes('好 O\r\n😀海', [0xff], ' O\n'));
	expect(error.code).toBe('text-wrong-encoding');
	expect(error.location).toEqual({ file: 'a.txt', line: 2, column: 3 });
	expect(error.found).toContain('byte 0xFF at offset 14');
});

test('a sequence that is cut off at the end is found', () => {
	expect(errorOf(bytes('好', [0xe5, 0xa5])).found).toContain('byte 0xE5 at offset 3');
});

test('overlong forms and surrogates are refused', () => {
	expect(errorOf(bytes('a', [0xc0, 0x80])).location.column).toBe(2);
	expect(errorOf(bytes('a', [0xed, 0xa0, 0x80])).location.column).toBe(2);
});

test('common encodings of Chinese are named', () => {
	expect(errorOf(Uint8Array.from([0xba, 0xa3, 0x20, 0x4f, 0x0a])).found).toContain('GB18030'); // 海 O
	expect(errorOf(Uint8Array.from([0xff, 0xfe, 0x77, 0x6d])).found).toContain('UTF-16 (little endian)');
	expect(errorOf(Uint8Array.from([0x6d, 0x77, 0x00, 0x20, 0x00, 0x4f, 0x00, 0x0a, 0xd8, 0x00])).found).toContain(
		'UTF-16',
	);
});

/** The bytes of a text in an encoding that TextEncoder does not know: all its two-byte characters, by decoding them. */
function encodeAs(label: string, text: string): Uint8Array {
	const table = new Map<string, number[]>();
	for (let lead = 0x81; lead <= 0xfe; lead++)
		for (let trail = 0x40; trail <= 0xfe; trail++) {
			const character = new TextDecoder(label).decode(Uint8Array.from([lead, trail]));
			if ([...character].length === 1 && character !== '\ufffd') table.set(character, [lead, trail]);
		}
	return Uint8Array.from([...text].flatMap((one) => table.get(one) ?? [one.charCodeAt(0)]));
}

const simplified =
	'王\tB-PER\n明\tI-PER\n在\tO\n北\tB-LOC\n京\tI-LOC\n说\tO\n：\tO\n这\tO\n里\tO\n很\tO\n好\tO\n。\tO\n';
const traditional =
	'王\tB-PER\n明\tI-PER\n在\tO\n臺\tB-LOC\n灣\tI-LOC\n說\tO\n：\tO\n這\tO\n裡\tO\n們\tO\n學\tO\n。\tO\n';

test('other encodings of Chinese are found from the bytes', () => {
	const utf16 = (text: string, isBig: boolean) =>
		Uint8Array.from(
			[...text]
				.flatMap((one) => [one.charCodeAt(0) & 255, one.charCodeAt(0) >> 8])
				.flatMap((byte, index, all) => (isBig ? all[index ^ 1] : byte)),
		);
	const cases: [TextEncoding, Uint8Array, string][] = [
		['UTF-8', bytes(simplified), simplified],
		['UTF-8', bytes([0xef, 0xbb, 0xbf], simplified), simplified],
		['GB18030', encodeAs('gb18030', simplified), simplified],
		['GB18030', encodeAs('gb18030', traditional), traditional],
		['Big5', encodeAs('big5', traditional), traditional],
		['UTF-16LE', utf16(simplified, false), simplified],
		['UTF-16BE', utf16(simplified, true), simplified],
		['UTF-16LE', Uint8Array.from([0xff, 0xfe, ...utf16('好', false)]), '好'],
		['UTF-16BE', Uint8Array.from([0xfe, 0xff, ...utf16('好', true)]), '好'],
	];
	for (const [encoding, input, text] of cases) expect(decodeAnyText(input, 'a')).toEqual({ text, encoding });
});

test('UTF-8 with a broken byte is refused with its location, never read as another encoding', () => {
	const input = bytes(simplified);
	for (let index = 0; index < input.length; index++) {
		const broken = input.slice();
		if (broken[index] < 0x80) continue;
		broken[index] = 0xff;
		expect(errorCodeOf(() => decodeAnyText(broken, 'a'))).toBe('text-wrong-encoding');
	}
});

test('a chosen encoding is taken as it is, and refused where the bytes are none', () => {
	const input = encodeAs('gb18030', '联通'); // these bytes are UTF-8 as well
	expect(decodeAnyText(input, 'a', 'GB18030').text).toBe('联通');
	expect(errorCodeOf(() => decodeAnyText(input.subarray(0, 3), 'a', 'UTF-16LE'))).toBe('text-wrong-encoding');
});
