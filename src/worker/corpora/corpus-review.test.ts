// What people decided about a corpus beside its labels: stored with it, carried by the workspace file, and no part of a run's input.

import { expect, test } from 'vitest';
import { connectPerTest } from '../../testing/tiny-wire';
import { freshIndexedDB } from '../../testing/tiny-workspace';
import { storedSource } from '../runs/run-source';

const connect = connectPerTest();
const sentence = { split: 'train' as const, index: 0 };
const review = { rejected: [{ sentence, start: 0, end: 1, type: 'LOC' }], confirmed: [sentence] };
const input = {
	corpusId: 'a',
	lexiconId: null,
	characterVectorsId: null,
	bigramVectorsId: null,
	wordVectorsId: null,
};

test('rejections and confirmations change neither the sentences of a run nor their hash, and a workspace file carries them', async () => {
	const { client, context } = connect();
	const files = [{ name: 'train.conll', content: new Blob(['王 B-PER\n来 O\n']) }];
	await client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'a' });
	const hashes = async () => (await storedSource(await context.workspace(), input)).hashes();
	const untouched = await hashes();
	await client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [], review });
	expect(await hashes()).toEqual(untouched);
	const changes = [{ kind: 'relabel' as const, sentence, spans: [] }];
	const { revision } = await client.ask('save-corpus-changes', { id: 'a', revision: 2, changes });
	const before = await hashes();
	await client.ask('save-corpus-changes', { id: 'a', revision, changes, review });
	expect(await hashes()).toEqual(before);

	const { file } = await client.ask('export-workspace', { task: 'e' });
	freshIndexedDB();
	const other = connect();
	await other.client.ask('import-workspace', { task: 'i', file: { name: 'workspace.zip', content: file } });
	expect((await other.client.ask('open-corpus', { id: 'a' })).review).toEqual(review);
});

test('saving changes alone keeps the review', async () => {
	const { client } = connect();
	const files = [{ name: 'train.conll', content: new Blob(['王 B-PER\n来 O\n']) }];
	await client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'a' });
	await client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [], review });
	await client.ask('save-corpus-changes', {
		id: 'a',
		revision: 2,
		changes: [{ kind: 'ignore-types', types: ['PER'] }],
	});
	expect((await client.ask('open-corpus', { id: 'a' })).review).toEqual(review);
});
