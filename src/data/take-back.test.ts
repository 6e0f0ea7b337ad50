import { expect, test } from 'vitest';
import type { SentenceRef } from './corpus';
import type { CorpusChange } from './corpus-changes';
import { keepObjects, takeBack } from './take-back';

const ref = (index: number): SentenceRef => ({ split: 'train', index });
const relabel = (index: number, type = 'PER'): CorpusChange => ({
	kind: 'relabel',
	sentence: ref(index),
	spans: [{ start: 0, end: 1, type }],
});
const relabelAll = (...indices: number[]): CorpusChange => ({
	kind: 'relabel-sentences',
	sentences: indices.map((index) => ({ sentence: ref(index), spans: [{ start: 0, end: 1, type: 'ORG' }] })),
});
const drop = (index: number): CorpusChange => ({ kind: 'drop-sentences', sentences: [ref(index)], reason: 'unwanted' });
const rename = (type: string): CorpusChange => ({ kind: 'rename-types', types: [type], to: `${type}2` });
const split = (byType: boolean): CorpusChange => {
	return { kind: 'split-anew', ratios: [8, 1, 1], seed: 1, byType, keepDuplicatesTogether: true };
};
const clip: CorpusChange = { kind: 'clip', length: 9, splits: ['train'] };

test.each([
	['labels of another sentence', relabel(0), relabel(1), 'taken'],
	['labels of the same sentence', relabel(0), relabel(0), 'covered'],
	['labels of many sentences, this one among them', relabel(2), relabelAll(1, 2), 'covered'],
	['labels of one of many sentences', relabelAll(1, 2), relabel(2), 'covered'],
	['dropping the sentence', relabel(0), drop(0), 'covered'],
	['dropping another one', relabel(0), drop(1), 'taken'],
	['renaming its type', relabel(0), rename('PER'), 'covered'],
	['renaming another type', relabel(0), rename('LOC'), 'taken'],
	['labels of a type that it made', rename('PER'), relabel(0, 'PER2'), 'covered'],
	['a split that deals by type', relabel(0), split(true), 'covered'],
	['a split that does not', relabel(0), split(false), 'taken'],
	['a split of sentences without it', drop(0), split(false), 'covered'],
	['labels after a split', split(true), relabel(0), 'taken'],
	['clipping, which acts last anyway', relabel(0), clip, 'taken'],
])('%s', (_, change, newer, expected) => {
	expect(takeBack([change, newer], change).kind).toBe(expected);
});

test('a change is removed from the middle, and what is not there is gone', () => {
	const [first, second, third] = [relabel(0), relabel(1), relabel(2)];
	expect(takeBack([first, second, third], second)).toEqual({ kind: 'taken', changes: [first, third] });
	expect(takeBack([first, third], second)).toEqual({ kind: 'gone' });
});

test('a list that was read again keeps the objects that were known, equal ones in order', () => {
	const known = [relabel(0), relabel(1), relabel(0)];
	const read = keepObjects(known, [drop(5), ...known.map((change) => structuredClone(change)), relabel(0)]);
	expect(read.slice(1, 4).every((change, at) => change === known[at])).toBe(true);
	expect(known).not.toContain(read[0]);
	expect(known).not.toContain(read[4]);
});
