import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { scanVectors } from '../vector-file';
import { encodeBinaryVectors, formatVectors } from './vector-text';

async function* chunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const scan = (bytes: Uint8Array, size?: number) =>
	scanVectors(chunks(bytes, size), { file: 'a.bin', wants: () => true, keepsFileWords: true });

const vectors = {
	words: ['的', '天气', '𠮷', 'iPhone'],
	dimension: 3,
	values: Float32Array.of(1.5, -2, 3, 0.1, 0.2, 0.3, 1e-20, 4, 5, 7, 8, 9),
};
const bytes = encodeBinaryVectors(vectors);

test.each([1, 5, 1000])(
	'the binary form of word2vec is recognised and read, packed or not (chunks of %i)',
	async (size) => {
		for (const content of [bytes, gzipSync(bytes)]) {
			const found = await scan(content, size);
			expect(found).toMatchObject({ form: 'word2vec-binary', header: { entryCount: 4, dimension: 3 } });
			expect(found.vectors.words).toEqual(vectors.words);
			expect(found.vectors.values).toEqual(vectors.values);
		}
	},
);

test('entries without line breaks between them are read too', async () => {
	const row = (word: string) => [
		...new TextEncoder().encode(`${word} `),
		...new Uint8Array(Float32Array.of(-1, 0.3).buffer),
	];
	const found = await scan(Uint8Array.from([...new TextEncoder().encode('2 2\n'), ...row('天气'), ...row('好')]));
	expect(found.vectors.words).toEqual(['天气', '好']);
	expect([...found.vectors.values]).toEqual([-1, 0.3, -1, 0.3].map(Math.fround));
});

test('text with a header is not taken for the binary form', async () => {
	const text = [...formatVectors({ ...vectors, words: ['a b', '的', '。', 'x'] })].join('');
	expect(await scan(new TextEncoder().encode(text))).toMatchObject({ form: 'text', spacedWordCount: 1 });
});

test('exact text brings the same numbers back', async () => {
	const values = Float32Array.of(0.1, 1 / 3, -1e-30, 123456.789, 0, 1e20);
	const text = [...formatVectors({ words: ['一', '二'], dimension: 3, values }, 'exact')].join('');
	expect((await scan(new TextEncoder().encode(text))).vectors.values).toEqual(values);
});

test('a file that ends early, or whose numbers are none, is refused', async () => {
	expect(await errorCodeOfAsync(() => scan(bytes.slice(0, -9)))).toBe('vectors-cut-short');
	const broken = encodeBinaryVectors({ ...vectors, values: vectors.values.map((value) => value / 0) });
	expect(await errorCodeOfAsync(() => scan(broken))).toBe('vectors-not-a-number');
});

test('a header that counts too few or too many is noted', async () => {
	const short = new TextEncoder().encode('3 2\n的 1 2\n');
	expect((await scan(short)).vectors.notes.map((note) => note.code)).toEqual(['vectors-count-differs']);
	const more = await scan(Uint8Array.from([...bytes, 65, 66]));
	expect(more.vectors.notes.map((note) => note.code)).toEqual(['vectors-count-differs']);
});

test('models of fastText, text in UTF-16 and absurd widths are refused by name', async () => {
	const codeOf = (content: Uint8Array) => errorCodeOfAsync(() => scan(content));
	expect(await codeOf(Uint8Array.of(0xba, 0x16, 0x4f, 0x2f, 12, 0, 0, 0))).toBe('vectors-unsupported');
	expect(await codeOf(Uint8Array.of(0xff, 0xfe, 0x84, 0x76))).toBe('vectors-wrong-encoding');
	expect(await codeOf(new TextEncoder().encode('5 999999\n的 1 2\n'))).toBe('vectors-too-wide');
});

test('the list of all words keeps the order of the file', async () => {
	const list = new TextDecoder().decode((await scan(bytes)).fileWords ?? undefined);
	expect(list).toBe('的\n天气\n𠮷\niPhone\n');
});
