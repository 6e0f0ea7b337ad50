import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { UserError } from '../util/errors';
import { type ByteSource, openBytes, visitLines } from './byte-stream';

const encode = (text: string) => new TextEncoder().encode(text);

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function linesOf(source: ByteSource): Promise<string[]> {
	const lines: string[] = [];
	const decoder = new TextDecoder();
	await visitLines(source, { file: 'a.vec' }, (bytes, start, end) =>
		lines.push(decoder.decode(bytes.subarray(start, end))),
	);
	return lines;
}

async function codeOf(source: ByteSource): Promise<string> {
	try {
		for await (const _ of openBytes(source, { file: 'a.vec' }));
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return (error as UserError).code;
	}
	return 'none';
}

test.each([1, 2, 3, 5, 1000])('lines are whole whatever the chunks (%i bytes)', async (size) => {
	const text = encode('好 1\r\n\n𠮷 2\nlast');
	expect(await linesOf(chunks(text, size))).toEqual(['好 1', '', '𠮷 2', 'last']);
	expect(await linesOf(chunks(gzipSync(text), size))).toEqual(['好 1', '', '𠮷 2', 'last']);
});

test('a stream of the browser reads like any other source, and is released', async () => {
	const stream = new Blob([gzipSync(encode('a\nb\n'))]).stream();
	expect(await linesOf(stream)).toEqual(['a', 'b']);
	expect(stream.locked).toBe(false);
});

test('an empty source has no lines', async () => {
	expect(await linesOf(chunks(encode(''), 4))).toEqual([]);
});

test('a gzip file that is cut short or damaged is a named error', async () => {
	const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251);
	const packed = new Uint8Array(gzipSync(noise));
	expect(await codeOf(chunks(packed, 100))).toBe('none');
	expect(await codeOf(chunks(packed.subarray(0, packed.length - 9), 100))).toBe('file-packed-broken');
	expect(await codeOf(chunks(packed.subarray(0, 12), 100))).toBe('file-packed-broken');
	const damaged = packed.slice();
	damaged.fill(0xff, 20, 60);
	expect(await codeOf(chunks(damaged, 100))).toBe('file-packed-broken');
});

test('packed files of other kinds are recognised and named', async () => {
	expect(await codeOf(chunks(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 3))).toBe('file-packed-unknown');
	expect(await codeOf(chunks(encode('Rar!\x1a\x07'), 3))).toBe('file-packed-unknown');
});

test('an error of the source itself comes through as it is', async () => {
	async function* failing() {
		yield new Uint8Array(gzipSync(encode('abc'))).subarray(0, 15);
		throw new Error('the disk is gone');
	}
	await expect(linesOf(failing())).rejects.toThrow('the disk is gone');
});

test('progress counts the bytes of the source', async () => {
	const packed = gzipSync(encode('好 1 2\n'.repeat(200)));
	const seen: number[] = [];
	const options = { file: 'a.vec', onProgress: (bytes: number) => seen.push(bytes) };
	await visitLines(chunks(packed, 16), options, () => undefined);
	expect(seen.at(-1)).toBe(packed.length);
	expect(seen).toEqual([...seen].sort((left, right) => left - right));
});

test('a line without end is refused before it fills the memory', async () => {
	let taken = 0;
	async function* endless() {
		while (true) {
			taken += 65536;
			yield new Uint8Array(65536).fill(65);
		}
	}
	await expect(linesOf(endless())).rejects.toThrow('a longer line');
	expect(taken).toBeLessThan(3_000_000);
});
