import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../util/errors';
import { decodeText } from './decode-text';

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
	expect(error.place).toEqual({ file: 'a.txt', line: 2, column: 3 });
	expect(error.found).toContain('byte 0xFF at offset 14');
});

test('a sequence that is cut off at the end is found', () => {
	expect(errorOf(bytes('好', [0xe5, 0xa5])).found).toContain('byte 0xE5 at offset 3');
});

test('overlong forms and surrogates are refused', () => {
	expect(errorOf(bytes('a', [0xc0, 0x80])).place.column).toBe(2);
	expect(errorOf(bytes('a', [0xed, 0xa0, 0x80])).place.column).toBe(2);
});

test('common encodings of Chinese are named', () => {
	expect(errorOf(Uint8Array.from([0xba, 0xa3, 0x20, 0x4f, 0x0a])).found).toContain('GB18030'); // 海 O
	expect(errorOf(Uint8Array.from([0xff, 0xfe, 0x77, 0x6d])).found).toContain('UTF-16 (little endian)');
	expect(errorOf(Uint8Array.from([0x6d, 0x77, 0x00, 0x20, 0x00, 0x4f, 0x00, 0x0a, 0xd8, 0x00])).found).toContain(
		'UTF-16',
	);
});
