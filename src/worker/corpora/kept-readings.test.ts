import { expect, test } from 'vitest';
import type { CorpusSource } from '../../wire/imports';
import { KeptReadings, type ReadFiles } from './kept-readings';

const source = (readingId: string | undefined, choices = {}): CorpusSource[] => [
	{ readingId, name: 'a.txt', content: new Blob([]), choices },
];
const read = (megabytes: number): ReadFiles => ({
	opened: [{ file: 'a.txt', bytes: { length: megabytes * 2 ** 20 } as Uint8Array, choices: {}, packed: [] }],
	readings: [],
});

test('a reading is found by its file and choices until it is forgotten', () => {
	const kept = new KeptReadings();
	const one = read(1);
	kept.keep(source('1', { split: 'dev' }), one);
	expect(kept.find(source('1', { split: 'dev' }))).toBe(one);
	expect(kept.find(source('1'))).toBeUndefined();
	kept.forget(['1']);
	expect(kept.find(source('1', { split: 'dev' }))).toBeUndefined();
});

test('files without an id are not kept', () => {
	const kept = new KeptReadings();
	kept.keep(source(undefined), read(1));
	expect(kept.find(source(undefined))).toBeUndefined();
});

test('beyond the limit the oldest readings go, and one that is too large by itself', () => {
	const kept = new KeptReadings();
	for (const id of ['1', '2', '3']) kept.keep(source(id), read(15));
	expect(['1', '2', '3'].map((id) => kept.find(source(id)) !== undefined)).toEqual([false, true, true]);
	kept.keep(source('4'), read(40));
	expect(['2', '3', '4'].map((id) => kept.find(source(id)) !== undefined)).toEqual([false, false, false]);
});
