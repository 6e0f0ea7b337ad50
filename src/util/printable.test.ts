import { expect, test } from 'vitest';
import { printable, printableJson } from './printable';

test.each([
	['plain 北京 𠮷 é 👨‍👩‍👧', 'plain 北京 𠮷 é 👨‍👩‍👧'],
	['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
	['\u009b31m\u009d0;title\u0007', '\\u009b31m\\u009d0;title\\u0007'],
	['a\nb\r\tc\u0000\u007f', 'a\\nb\\r\\tc\\u0000\\u007f'],
	['user\u202e gnp.exe\u2066x\u2069\u200f', 'user\\u202e gnp.exe\\u2066x\\u2069\\u200f'],
	['\u2028\u2029\u0085', '\\u2028\\u2029\\u0085'],
	['\ud800 \udc00', '\\ud800 \\udc00'],
])('%j is shown as %s', (text, shown) => {
	expect(printable(text)).toBe(shown);
});

test('JSON keeps its value', () => {
	const value = { 'a\u202e': '\u009b\u2028\u007f\ud800 北京\n\u001b' };
	const json = printableJson(JSON.stringify(value, null, 1));
	expect(JSON.parse(json)).toEqual(value);
	expect(json).not.toMatch(/[\u007f-\u009f\u202e\u2028]/);
});
