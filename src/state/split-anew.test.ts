import { afterEach, beforeEach, expect, test } from 'vitest';
import { splitCounts } from '../storage/workspace/corpus-record';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { CorpusWriter } from './corpus-writer';
import { defaultSplit, missingSplit, readRatios, splitSizes, splitStored } from './split-anew';
import { createUnsavedWork } from './unsaved-work';

let wire: TinyWire;
beforeEach(() => {
	freshIndexedDB();
	wire = connectTiny();
});
afterEach(() => wire.close());

test('the usual split leaves train and dev some of every corpus of two sentences and more', () => {
	for (let sentences = 2; sentences < 40; sentences++) {
		const { train, dev } = splitSizes(defaultSplit(sentences), sentences);
		expect([sentences, train > 0 && dev > 0]).toEqual([sentences, true]);
	}
	expect(splitSizes(defaultSplit(1000), 1000)).toEqual({ train: 800, dev: 100, test: 100 });
});

test('a run needs train, and dev unless its preset takes test for dev', () => {
	const plain = { preset: 'sample', changes: {} };
	expect(missingSplit({ train: 3, dev: 0, test: 0 }, plain)).toBe('dev');
	expect(missingSplit({ train: 0, dev: 3, test: 0 }, plain)).toBe('train');
	expect(missingSplit({ train: 3, dev: 1, test: 0 }, plain)).toBeNull();
	expect(missingSplit({ train: 3, dev: 0, test: 2 }, { preset: 'msra', changes: {} })).toBeNull();
	expect(missingSplit({ train: 3, dev: 0, test: 2 }, { preset: 'msra', changes: { 'data.devIsTest': 'false' } })).toBe(
		'dev',
	);
});

test('ratios are read as people write them', () => {
	expect([readRatios('8:1:1'), readRatios('7, 2, 1'), readRatios('8:1'), readRatios('0:1:1')]).toEqual([
		[8, 1, 1],
		[7, 2, 1],
		null,
		null,
	]);
});

test('a stored corpus of train alone is split, lists say so, and undo gives it back', async () => {
	const file = { name: 'a.train', content: new Blob(['李 B-PER\n\n明 O\n\n上 O\n']) };
	const { id } = await wire.client.ask('import-corpus', { task: 'i', files: [file], name: 'a' });
	const countsNow = async () => {
		const { items } = await wire.client.ask('list-items', { kind: 'corpus' });
		const [item] = items;
		return item.kind === 'corpus' ? splitCounts(item.detail) : null;
	};
	expect(await countsNow()).toEqual({ train: 3, dev: 0, test: 0 });
	const writer = new CorpusWriter(wire.client, createUnsavedWork());
	const undo = await splitStored(writer, id, defaultSplit(3));
	expect(await countsNow()).toEqual({ train: 1, dev: 1, test: 1 });
	await undo();
	expect(await countsNow()).toEqual({ train: 3, dev: 0, test: 0 });
});
