// One open corpus over the real commands of the worker, on a workspace of its own.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { type CorpusBrowserStore, createCorpusBrowser } from './corpus-browser';
import { CorpusWriter } from './corpus-writer';
import { createUnsavedWork } from './unsaved-work';

let wire: TinyWire;
let browser: CorpusBrowserStore;
beforeEach(async () => {
	freshIndexedDB();
	wire = connectTiny();
	browser = open();
	const columns = (words: string) =>
		words
			.split(' ')
			.map((word) => `${word[0]} ${word.slice(1) || 'O'}`)
			.join('\n');
	const train = ['李B-PER 来 了', '南B-GPE 京I-GPE 好', '王B-PER 走 了'].map(columns).join('\n\n');
	const files = [
		{ name: 'train.conll', content: new Blob([train]) },
		{ name: 'test.conll', content: new Blob([columns('李B-PER 来 了')]) },
	];
	await wire.client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'a' });
	await browser.getState().open('a');
});
afterEach(() => wire.close());

/** As in a tab of its own. */
const open = () => createCorpusBrowser(wire.client, new CorpusWriter(wire.client, createUnsavedWork()));
const texts = () => [...browser.getState().rows.values()].map(({ characters }) => characters.join(''));

test('opening gives the counts and the first sentences with their numbers', () => {
	const { opened, total, rows } = browser.getState();
	expect(opened?.sentences).toEqual({ train: 3, dev: 0, test: 1 });
	expect(opened?.types).toEqual([
		{ type: 'PER', mentions: 3 },
		{ type: 'GPE', mentions: 1 },
	]);
	expect(total).toBe(4);
	expect([...rows.values()].map(({ number, split }) => [number, split])).toEqual([
		[1, 'train'],
		[2, 'train'],
		[3, 'train'],
		[4, 'test'],
	]);
});

test.each([
	[{ text: '来了' }, ['李来了', '李来了']],
	[{ entityTypes: ['GPE'] }, ['南京好']],
	[{ entityTypes: ['GPE', 'PER'], split: 'train' as const }, ['李来了', '南京好', '王走了']],
	[{ number: 3 }, ['王走了']],
	[{ refs: [{ split: 'test' as const, index: 0 }] }, ['李来了']],
])('the filter %j lets through what it says', async (filter, expected) => {
	browser.getState().setFilter(filter);
	await vi.waitFor(() => expect(texts()).toEqual(expected));
	expect(browser.getState().total).toBe(expected.length);
});

test('a filter that comes while the corpus is read does not keep it from opening', async () => {
	const fresh = open();
	const opening = fresh.getState().open('a');
	fresh.getState().setFilter({ entityTypes: ['GPE'] });
	await opening;
	const shown = () => [...fresh.getState().rows.values()].map(({ characters }) => characters.join(''));
	await vi.waitFor(() => expect(shown()).toEqual(['南京好']));
	expect(fresh.getState().opened?.sentences.train).toBe(3);
});

test('a change is saved, undone and done again, and the sentences follow', async () => {
	const sentences = [{ split: 'train' as const, index: 0 }];
	expect(await browser.getState().change({ kind: 'drop-sentences', sentences, reason: 'in-test' })).toBe(true);
	expect(texts()).toEqual(['南京好', '王走了', '李来了']);
	expect((await wire.client.ask('open-corpus', { id: 'a' })).changes).toHaveLength(1);
	expect(await browser.getState().undo()).toBe(true);
	expect(browser.getState().total).toBe(4);
	expect(await browser.getState().redo()).toBe(true);
	expect(browser.getState().total).toBe(3);
	expect(browser.getState().opened?.effects).toEqual([{ sentences: 1 }]);
});

const ignore = (type: string) => ({ kind: 'ignore-types' as const, types: [type] });
const stored = async () => (await wire.client.ask('open-corpus', { id: 'a' })).changes;

test('what another tab did meanwhile is kept, and undo takes back only what was done here', async () => {
	const other = open();
	await other.getState().open('a');
	const [theirs, mine] = [ignore('GPE'), ignore('PER')];
	const both = [other.getState().change(theirs), browser.getState().change(mine)];
	expect(await Promise.all(both)).toEqual([true, true]);
	expect(await stored()).toHaveLength(2);
	expect(await browser.getState().takeBack(mine)).toBe(true);
	expect(await stored()).toEqual([theirs]);
	expect(await browser.getState().redo()).toBe(true);
	expect(await stored()).toEqual([theirs, mine]);
});

test('several changes at once are stored together, and each call is answered', async () => {
	const changes = ['GPE', 'PER'].map((type) => browser.getState().change(ignore(type)));
	expect(await Promise.all(changes)).toEqual([true, true]);
	expect(await stored()).toHaveLength(2);
});

test('an undo that newer work covers is refused with the reason', async () => {
	const sentence = { split: 'train' as const, index: 0 };
	const first = { kind: 'relabel' as const, sentence, spans: [] };
	await browser.getState().change(first);
	await browser.getState().change({ ...first, spans: [{ start: 0, end: 1, type: 'PER' }] });
	expect(await browser.getState().takeBack(first)).toBe(false);
	expect(browser.getState().problem).toMatchObject({ code: 'change-covered' });
	expect(await stored()).toHaveLength(2);
});

test('the doctor names the test sentence that stands in train, and its action mends it', async () => {
	const means = { lexiconId: null, characterVectorsId: null };
	await browser.getState().examine(means);
	const find = () => browser.getState().report?.findings.find(({ code }) => code === 'duplicates-across');
	expect(find()?.counts.sentences).toBe(1);
	await browser.getState().change(...(find()?.actions[0].changes ?? []));
	await browser.getState().examine(means);
	expect(find()).toBeUndefined();
});

test('a corpus that is not there is a problem that says so', async () => {
	await browser.getState().open('b');
	expect(browser.getState().problem).toMatchObject({ kind: 'user', code: 'storage-missing' });
});
