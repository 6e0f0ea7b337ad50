// The data commands over a real wire, on a fresh workspace each.

import { describe, expect, test } from 'vitest';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { connectPerTest } from '../../testing/tiny-wire';
import { addTinyCorpus } from '../../testing/tiny-workspace';

const connect = connectPerTest();

async function withCorpus() {
	const { client, context } = connect();
	await addTinyCorpus(await context.workspace());
	return { client, context };
}

describe('sentences', () => {
	test('come in pages, in corpus order, with their places and spans', async () => {
		const { client } = await withCorpus();
		const page = await client.ask('sentences', { id: 'a', filter: {}, offset: 1, limit: 2 });
		expect(page.total).toBe(4);
		expect(page.rows.map(({ ref }) => ref)).toEqual([
			{ split: 'train', index: 1 },
			{ split: 'dev', index: 0 },
		]);
		expect(page.rows[1].spans).toEqual([{ start: 2, end: 3, type: 'LOC' }]);
	});

	test.each([
		[{ text: '田来' }, ['train 0']],
		[{ entityType: 'LOC' }, ['dev 0']],
		[{ split: 'train' as const }, ['train 0', 'train 1']],
		[{ split: 'dev' as const, text: '田' }, []],
	])('are filtered by %j', async (filter, expected) => {
		const { client } = await withCorpus();
		const { rows, total } = await client.ask('sentences', { id: 'a', filter, offset: 0, limit: 10 });
		expect(rows.map(({ ref }) => `${ref.split} ${ref.index}`)).toEqual(expected);
		expect(total).toBe(expected.length);
	});
});

const ignorePeople = { kind: 'ignore-types' as const, types: ['PER'] };

test('changes of a corpus are refused when another tab has changed it since', async () => {
	const { client } = await withCorpus();
	const first = await client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [ignorePeople] });
	expect(first.revision).toBe(2);
	const late = client.ask('save-corpus-changes', { id: 'a', revision: 1, changes: [] });
	expect(await errorCodeOfAsync(() => late)).toBe('workspace-conflict');
	const { changes, item } = await client.ask('open-corpus', { id: 'a' });
	expect(changes).toEqual([ignorePeople]);
	expect(item.detail.changeCount).toBe(1);
});

test('an item is renamed, put into the trash, taken out, and gone when the trash is emptied', async () => {
	const { client } = await withCorpus();
	const ref = { kind: 'corpus', id: 'a' } as const;
	await client.ask('rename-item', { ...ref, name: 'new name' });
	await client.ask('trash-item', ref);
	await client.ask('restore-item', ref);
	expect(await client.ask('empty-trash', {})).toEqual({ deleted: 0 });
	const { items } = await client.ask('list-items', {});
	expect(items.map(({ name, trashedAtMs }) => [name, trashedAtMs])).toEqual([['new name', null]]);
	await client.ask('trash-item', ref);
	expect(await client.ask('empty-trash', {})).toEqual({ deleted: 1 });
	expect((await client.ask('list-items', {})).items).toEqual([]);
});

test('a run that a tab trains is not put into the trash', async () => {
	const { client, context } = connect();
	const workspace = await context.workspace();
	await workspace.create({ kind: 'run', id: 'r', name: 'r', detail: freshRunDetail(noStoredInput), nowMs: 1 });
	context.tabs.claimedRuns = async () => ['r'];
	expect(await errorCodeOfAsync(() => client.ask('trash-item', { kind: 'run', id: 'r' }))).toBe('run-open-elsewhere');
	expect((await client.ask('list-items', { kind: 'run' })).claimedRuns).toEqual(['r']);
});

test('the workspace goes through a file and back, with progress', async () => {
	const { client } = await withCorpus();
	const heard: number[] = [];
	client.on('task-progress', ({ progress }) => heard.push(progress.done));
	const { file } = await client.ask('export-workspace', { task: 't' });
	const dropped = { name: 'anything.zip', content: file };
	expect(await client.ask('recognise-file', { file: dropped })).toEqual({ kind: 'workspace' });
	await client.ask('delete-item', { kind: 'corpus', id: 'a' });
	const report = await client.ask('import-workspace', { task: 't', file: { name: 'w.zip', content: file } });
	expect(report.added).toEqual([{ kind: 'corpus', id: 'a', name: 'corpus a' }]);
	expect((await client.ask('sentences', { id: 'a', filter: {}, offset: 0, limit: 9 })).total).toBe(4);
	expect(heard.at(-1)).toBe(1);
});

test('every change is told', async () => {
	const { client } = await withCorpus();
	await client.ask('list-items', {}); // the message about the new corpus has passed
	const heard: unknown[] = [];
	client.on('workspace-changed', (event) => heard.push(event));
	await client.ask('rename-item', { kind: 'corpus', id: 'a', name: 'b' });
	expect(heard).toEqual([{ change: { kind: 'corpus', id: 'a', revision: 2 }, isHere: true }]);
});

test('a lexicon is imported once for each word, and remembers its file', async () => {
	const { client, context } = connect();
	const content = new Blob(['南京 3 ns\n长江\n南京 1 ns\n']);
	const item = await client.ask('import-lexicon', { task: 't', name: 'mine', file: { name: 'l.txt', content } });
	expect(item.detail).toMatchObject({ wordCount: 2, sources: [{ name: 'l.txt', sizeBytes: content.size }] });
	const words = await (await context.workspace()).readPart('lexicon', item.id, 'words');
	expect(new TextDecoder().decode(words)).toBe('南京\n长江');
});

test('a cancelled task ends by name and leaves nothing', async () => {
	const { client } = connect();
	const line = '词语\n'.repeat(100_000);
	const content = new Blob(Array.from({ length: 20 }, () => line));
	const imported = client.ask('import-lexicon', { task: 't', name: 'mine', file: { name: 'l.txt', content } });
	const code = errorCodeOfAsync(() => imported);
	expect(await client.ask('cancel-task', { task: 't' })).toEqual({ isCancelled: true });
	expect(await code).toBe('task-cancelled');
	expect((await client.ask('list-items', {})).items).toEqual([]);
});

test('a setting is null until it is saved', async () => {
	const { client } = connect();
	expect(await client.ask('load-setting', { name: 'theme' })).toEqual({ value: null });
	await client.ask('save-setting', { name: 'theme', value: ['dark'] });
	await client.ask('save-setting', { name: 'theme', value: ['light'] });
	expect(await client.ask('load-setting', { name: 'theme' })).toEqual({ value: ['light'] });
});
