import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { readWordList } from './word-list';

async function* chunks(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
	const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

test.each([
	['one word a line', '天气\n\n海淀区\r\n', ['天气', '海淀区']],
	['word, frequency and part of speech', '2008 10 m\n天气 5 n\n', ['2008', '天气']],
	['word and frequency', '2008 10\n天气 5\n', ['2008', '天气']],
	['a vector file without header', '天气 1 2 3\n好 1 2 3\n', ['天气', '好']],
	['a vector file with header', '2 3\n天气 1 2 3\n好 1 2 3\n', ['天气', '好']],
	['words with spaces', 'New York\nNew York 12\nNew York 12 ns\n', ['New York', 'New York', 'New York']],
	['words with spaces in a vector file', 'a b 1 -2.5 3e-1 .5 0\niPhone 4 1 2 3 4 5.5\n', ['a b', 'iPhone 4']],
])('words are taken from %s', async (_, text, words) => {
	expect(await readWordList(chunks(text), { file: 'words.txt' })).toEqual(words);
});

test('a lexicon in another encoding is refused', async () => {
	const read = () => readWordList(chunks(Uint8Array.of(0xba, 0xa3, 10)), { file: 'words.txt' });
	expect(await errorCodeOfAsync(read)).toBe('lexicon-wrong-encoding');
});
