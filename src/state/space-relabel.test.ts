import { afterEach, beforeEach, expect, test } from 'vitest';
import { samplePoints } from '../testing/space-samples';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { type CorpusBrowserStore, createCorpusBrowser } from './corpus-browser';
import { relabelMentions, undoRelabel } from './space-relabel';

const points = samplePoints([['王芳在武大', 'B-PER I-PER O B-ORG I-ORG']]);
let wire: TinyWire;
let browser: CorpusBrowserStore;
beforeEach(async () => {
	freshIndexedDB();
	wire = connectTiny();
	browser = createCorpusBrowser(wire.client);
	const content = new Blob(['王 B-PER\n芳 I-PER\n在 O\n武 B-ORG\n大 I-ORG\n']);
	const files = [{ name: 'dev.conll', content }];
	await wire.client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'corpus' });
});
afterEach(() => wire.close());

const types = async () => {
	const { rows } = await wire.client.ask('sentences', { id: 'corpus', filter: {}, offset: 0, limit: 10 });
	return rows[0].spans.map(({ type }) => type);
};

test('mentions of chosen tokens get another type in the corpus, and undo gives the old one back', async () => {
	const stores = { client: wire.client, browser };
	expect(await relabelMentions(stores, points, [0, 2], 'ORG')).toEqual({
		kind: 'done',
		mentions: 1,
		leftOut: 1,
		changes: 1,
	});
	expect(await types()).toEqual(['ORG', 'ORG']);
	await undoRelabel(browser, 'corpus', 1);
	expect(await types()).toEqual(['PER', 'ORG']);
});

test('labels can be taken away, and what changes nothing is no change', async () => {
	const stores = { client: wire.client, browser };
	expect(await relabelMentions(stores, points, [3, 4], 'ORG')).toEqual({ kind: 'nothing' });
	expect(await relabelMentions(stores, points, [4], null)).toMatchObject({ kind: 'done', mentions: 1 });
	expect(await types()).toEqual(['PER']);
});

test('a run on files has no corpus to relabel, and a corpus that is gone says so', async () => {
	const stores = { client: wire.client, browser };
	expect(await relabelMentions(stores, { ...points, corpusId: null }, [0], 'ORG')).toEqual({ kind: 'nothing' });
	expect(await relabelMentions(stores, { ...points, corpusId: 'gone' }, [0], 'ORG')).toMatchObject({ kind: 'failed' });
});
