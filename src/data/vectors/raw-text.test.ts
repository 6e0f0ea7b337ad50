import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { visitRawText } from './raw-text';

async function linesOf(bytes: Uint8Array, chunkBytes = 7): Promise<string[]> {
	async function* chunks() {
		for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.slice(start, start + chunkBytes);
	}
	const lines: string[] = [];
	await visitRawText(chunks(), { file: 'a.txt' }, (line) => lines.push(line));
	return lines;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function utf16(text: string): Uint8Array {
	const bytes = new Uint8Array(2 + text.length * 2);
	bytes.set([0xff, 0xfe]);
	for (let at = 0; at < text.length; at++) bytes.set([text.charCodeAt(at) & 255, text.charCodeAt(at) >> 8], 2 + at * 2);
	return bytes;
}

test('lines come without breaks of any kind and without the byte order mark, wherever chunks end', async () => {
	const text = '\ufeff今天天气好。\r\n明天𠮷不好。\r南京\n\n完';
	for (const chunkBytes of [1, 2, 3, 100]) {
		expect(await linesOf(utf8(text), chunkBytes)).toEqual(['今天天气好。', '明天𠮷不好。', '南京', '', '完']);
	}
});

test('UTF-16 and packed text read the same', async () => {
	expect(await linesOf(utf16('今天𠮷\n好\n'), 3)).toEqual(['今天𠮷', '好']);
	expect(await linesOf(gzipSync(utf8('今天\n好\n')))).toEqual(['今天', '好']);
});

test('GB18030 is told by the head, even where the head ends within a character', async () => {
	const today = [0xbd, 0xf1, 0xcc, 0xec]; // 今天
	const bytes = Uint8Array.from([0x61, ...Array.from({ length: 2 ** 15 }, () => today).flat()]);
	expect((await linesOf(bytes, 5000)).join('')).toBe(`a${'今天'.repeat(2 ** 15)}`);
});

test('a line of great length comes in pieces that hold all of it and cut no character', async () => {
	const text = `a${'𠮷'.repeat(50_000)}`;
	for (const chunkBytes of [1000, 1 << 20]) {
		const pieces = await linesOf(utf8(text), chunkBytes);
		expect(pieces.length).toBeGreaterThan(1);
		expect(pieces.join('')).toBe(text);
		expect(pieces.some((piece) => /[\ud800-\udbff]$/.test(piece))).toBe(false);
	}
});

test.each([
	['columns', '李 B-PER\n明 I-PER\n来 O\n\n', 'text-with-labels'],
	['JSON', '{"text": "王芳"}\n{"text": "北京"}\n', 'text-with-labels'],
	['bytes that are no text', 'a\0b\0\0\0c\u0001\u0002\u0003', 'corpus-not-text'],
])('%s are refused', async (_, text, code) => {
	expect(await errorCodeOfAsync(() => linesOf(utf8(text)))).toBe(code);
});

test('bytes of another encoding behind the head are named with their line', async () => {
	const bytes = Uint8Array.from([...utf8('好天气\n'.repeat(10_000)), 0xff, 0xff, 10]);
	await expect(linesOf(bytes, 1000)).rejects.toMatchObject({ code: 'text-wrong-encoding', location: { line: 10_001 } });
});
