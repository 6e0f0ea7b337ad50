import { createReadStream } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../testing/shared-data';
import { tarOf } from '../testing/tiny-tar';
import { UserError } from '../util/errors';
import { type KeptVectors, mergeVectors, readVectors, type VectorProgress } from './vector-file';

async function* chunks(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
	const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const read = (text: string | Uint8Array, wants: (word: string) => boolean = () => true) =>
	readVectors(chunks(text), { file: 'a.vec', wants });

const rowsOf = ({ words, values, dimension }: KeptVectors) =>
	Object.fromEntries(words.map((word, row) => [word, [...values.subarray(row * dimension, (row + 1) * dimension)]]));

async function errorOf(text: string | Uint8Array): Promise<UserError> {
	try {
		await read(text);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}
	throw new Error('nothing was thrown');
}

test('a file reads the same with and without header, mark, CRLF and odd spacing', async () => {
	const expected = { 甲: [1, -2.5], 乙: [0.25, 3e-3].map(Math.fround) };
	for (const text of [
		'甲 1 -2.5\n乙 0.25 3e-3\n',
		'2 2\n甲 1 -2.5\n乙 0.25 3e-3',
		'\ufeff2 2\r\n甲\t+1.0  -2.50 \r\n\r\n乙 .25 0.003\r\n',
	]) {
		expect(rowsOf(await read(text))).toEqual(expected);
	}
});

test('only wanted rows are kept, and all entries counted', async () => {
	const kept = await read('甲 1 2\n𠮷 3 4\n😀好 5 6\n', (word) => word !== '甲');
	expect(rowsOf(kept)).toEqual({ 𠮷: [3, 4], '😀好': [5, 6] });
	expect(kept.entryCount).toBe(3);
});

test('a repeated word keeps its position and takes its last values', async () => {
	const kept = await read('甲 1 1\n乙 2 2\n甲 3 3\n');
	expect(kept.words).toEqual(['甲', '乙']);
	expect([...kept.values]).toEqual([3, 3, 2, 2]);
});

test('words may hold spaces and be numbers', async () => {
	const kept = await read('2012 0.5 0.5 0.5\niPhone 4 0.1 0.2 0.3\na b c 1 2 3\n　 1 1 1\n');
	expect(kept.dimension).toBe(3);
	expect(kept.words).toEqual(['2012', 'iPhone 4', 'a b c', '　']);
});

test.each<[string, string, object]>([
	['vectors-wrong-width', '甲 1 2\n乙 1\n', { file: 'a.vec', line: 2, column: 4 }],
	['vectors-wrong-width', '甲 1 2\n乙 0.5 1 2\n', { file: 'a.vec', line: 2, column: 10 }],
	['vectors-wrong-width', '3 3\n甲 1 2 3\n乙 1 2\n', { file: 'a.vec', line: 3, column: 6 }],
	['vectors-not-a-number', '甲 1 2\n😀  1 x\n', { file: 'a.vec', line: 2, column: 6 }],
	['vectors-not-a-number', '甲 1 2\n乙 nan 2\n', { file: 'a.vec', line: 2, column: 3 }],
	['vectors-not-a-number', '甲 1 2\n乙 1e39 2\n', { file: 'a.vec', line: 2, column: 3 }],
	['vectors-not-a-number', '甲 1 2\n乙 - 2\n', { file: 'a.vec', line: 2, column: 3 }],
	['vectors-not-a-number', '甲 1 2\n乙 1.2.3 2\n', { file: 'a.vec', line: 2, column: 3 }],
	['vectors-not-a-number', 'only words here\n', { file: 'a.vec', line: 1, column: 16 }],
	['vectors-empty', '\n\n', { file: 'a.vec' }],
	['vectors-empty', '3 50\n', { file: 'a.vec' }],
])('%s in %j', async (code, text, location) => {
	const error = await errorOf(text);
	expect(error.code).toBe(code);
	expect(error.location).toEqual(location);
});

test('a broken word costs its row and a note, a file full of them is an error', async () => {
	const broken = [0xba, 0xa3, 0x20, 0x31, 0x20, 0x32, 0x0a]; // 海 in GB18030
	const good = [...new TextEncoder().encode('甲 1 2\n')];
	const kept = await read(Uint8Array.from([...good, ...broken]));
	expect(kept.words).toEqual(['甲']);
	expect(kept.notes.map((note) => note.code)).toEqual(['vectors-undecodable']);
	const error = await errorOf(Uint8Array.from(new Array(8).fill(broken).flat()));
	expect(error.code).toBe('vectors-wrong-encoding');
	expect(error.location.line).toBe(6);
});

test('every decimal number is rounded as Number and float32 round it', async () => {
	const number = fc.oneof(
		fc.double({ noNaN: true, min: -1e30, max: 1e30 }).map(String),
		fc.tuple(fc.integer(), fc.stringMatching(/^[0-9]{1,18}$/)).map(([whole, decimals]) => `${whole}.${decimals}`),
		fc.integer().map(String),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 12 }), async (numbers) => {
			const { values } = await read(`甲 ${numbers.join(' ')}\n`);
			expect([...values]).toEqual(numbers.map((text) => Math.fround(Number(text))));
		}),
		{ numRuns: 80 },
	);
});

test('whatever a file holds, it is read or refused by name', async () => {
	const piece = fc.constantFrom(
		'海',
		'😀',
		' ',
		'\t',
		'\n',
		'\r\n',
		' 1',
		' 0.5',
		' -1e3',
		' .',
		'2 2\n',
		'甲 1 2\n',
		'\0',
		'\ufeff',
	);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
			try {
				const { words, values, dimension } = await read(pieces.join(''));
				expect(values).toHaveLength(words.length * dimension);
				expect(values.every(Number.isFinite)).toBe(true);
			} catch (error) {
				expect(error).toBeInstanceOf(UserError);
			}
		}),
		{ numRuns: 200 },
	);
});

test('progress tells bytes, entries and kept rows, each never falling', async () => {
	const seen: VectorProgress[] = [];
	const onEntries = (progress: VectorProgress) => void seen.push(progress);
	const text = '甲 1 2\n乙 3 4\n'.repeat(30);
	await readVectors(chunks(text), { file: 'a.vec', wants: (word) => word === '甲', onEntries });
	expect(seen.at(-1)).toEqual({ bytes: new TextEncoder().encode(text).length, entries: 60, kept: 1 });
	for (const key of ['bytes', 'entries', 'kept'] as const) {
		const values = seen.map((progress) => progress[key]);
		expect(values).toEqual(values.toSorted((left, right) => left - right));
	}
});

test('a reading that is stopped throws the reason and lets go of the file', async () => {
	const abort = new AbortController();
	const onEntries = ({ entries }: VectorProgress) => entries >= 10 && abort.abort(new Error('enough'));
	let taken = 0;
	async function* endless() {
		try {
			while (true) yield new TextEncoder().encode('甲 1 2\n');
		} finally {
			taken = -1;
		}
	}
	const options = { file: 'a.vec', wants: () => true, onEntries, signal: abort.signal };
	await expect(readVectors(endless(), options)).rejects.toThrow('enough');
	expect(taken).toBe(-1);
});

test('files merge as if they stood one after another', async () => {
	const merged = mergeVectors([await read('天气 1 1\n好 2 2\n'), await read('甲 3 3\n天气 4 4\n')]);
	expect(merged.words).toEqual(['天气', '好', '甲']);
	expect([...merged.values]).toEqual([4, 4, 2, 2, 3, 3]);
});

test('files of two widths do not merge', async () => {
	const parts = [await read('甲 1 1\n'), await read('乙 1 1 1\n')];
	expect(() => mergeVectors(parts)).toThrow('expected 2 dimensions');
});

const vectors = sharedPath('embeddings');

describe.skipIf(vectors === null)(`packed files of real size${vectors ? '' : ' (skipped: no shared data)'}`, () => {
	test.each([
		['uni', 4039],
		['word', 24092],
	])('%s.50d.vec.gz', async (name, entries) => {
		const file = `${vectors}/${name}.50d.vec.gz`;
		const kept = await readVectors(createReadStream(file), { file, wants: (word) => word === '中国' || word === '的' });
		expect(kept.entryCount).toBe(entries);
		expect(kept.dimension).toBe(50);
		expect(kept.words).toContain('的');
	});
});

test('a further file of an archive is noted', async () => {
	const { words, notes } = await read(tarOf({ 'a.vec': '甲 1 2\n', 'b.vec': '乙 1 2\n' }));
	expect(words).toEqual(['甲']);
	expect(notes.map(({ code, message }) => [code, message.includes('b.vec')])).toEqual([['vectors-further-file', true]]);
});
