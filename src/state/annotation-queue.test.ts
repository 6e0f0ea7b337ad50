import { expect, test } from 'vitest';
import { countQueue, indexOfRef, isUnsure, nextUnsure, readRefs, refAt, typeKeys } from './annotation-queue';

const queue = {
	revision: 1,
	splits: Uint8Array.of(2, 0, 0, 1),
	indices: Int32Array.of(5, 5, 7, 0),
	probabilities: Float32Array.of(0.3, 0.6, 0.95, Number.NaN),
};

test('indices and sentences name each other', () => {
	expect(refAt(queue, 0)).toEqual({ split: 'test', index: 5 });
	expect(indexOfRef(queue, { split: 'train', index: 5 })).toBe(1);
	expect(indexOfRef(queue, { split: 'dev', index: 5 })).toBe(-1);
});

test('the next unsure sentence is behind the open one, round the end, and never one that is done', () => {
	expect(nextUnsure(queue, 0, () => false)).toBe(1);
	expect(nextUnsure(queue, 1, () => false)).toBe(0);
	expect(nextUnsure(queue, 1, ({ split }) => split === 'test')).toBe(1);
	expect(nextUnsure(queue, 0, () => true)).toBe(-1);
});

test('sentences that the model was not asked for are not unsure', () => {
	expect(isUnsure(queue, 3)).toBe(false);
	expect(countQueue(queue)).toEqual({ unsure: 2, unscored: 1 });
});

test('a list of sentences is read part by part', () => {
	expect(readRefs('test:12,train:0,dev:-1,other:3,')).toEqual([
		{ split: 'test', index: 12 },
		{ split: 'train', index: 0 },
	]);
	expect(readRefs('')).toEqual([]);
});

test('types beyond the digits have letters that are no other keys of the page', () => {
	const keys = typeKeys(Array.from({ length: 30 }, (_, number) => `T${number}`)).map(({ key }) => key);
	expect(keys.slice(0, 10).join('')).toBe('123456789q');
	const given = keys.filter((key) => key !== '');
	expect(new Set(given).size).toBe(given.length);
	expect(given.filter((key) => 'jkugm/[]?0l'.includes(key))).toEqual([]);
	expect(keys[29]).toBe('');
});
