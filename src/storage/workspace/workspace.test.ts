import { beforeEach, describe, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { addTinyCorpus, countedId, freshIndexedDB, openTiny, tinyCorpus } from '../../testing/tiny-workspace';
import { storageError } from '../storage-error';
import { type ByteStore, MemoryBytes, SplitBytes } from './byte-store';
import { decodeCorpus, encodeCorpus } from './corpus-record';
import { recordStoreName } from './database';
import { MemoryRecords } from './record-store';
import { type ItemChange, idOf, Workspace } from './workspace';

beforeEach(() => freshIndexedDB());

/** Writes a record past all checks. */
async function putRaw(record: unknown): Promise<void> {
	const database = await new Promise<IDBDatabase>((resolve) => {
		const request = indexedDB.open('test');
		request.onsuccess = () => resolve(request.result);
	});
	const transaction = database.transaction(recordStoreName, 'readwrite');
	transaction.objectStore(recordStoreName).put(record);
	await new Promise((resolve) => {
		transaction.oncomplete = resolve;
	});
	database.close();
}

describe('a workspace', () => {
	test('gives back what it was given after it was closed, bytes included', async () => {
		const first = await openTiny();
		await addTinyCorpus(first);
		first.close();
		const second = await openTiny();
		const item = await second.get('corpus', 'a');
		expect(item).toMatchObject({ name: 'corpus a', revision: 1, createdAtMs: 10, trashedAtMs: null });
		expect(item.detail.sentences).toEqual({ train: 2, dev: 1, test: 1 });
		expect(item.detail.entityTypes).toEqual(['PER', 'LOC']);
		expect(decodeCorpus(await second.readPart('corpus', 'a', 'corpus'))).toEqual(tinyCorpus);
		expect(second.whyNotKept).toBeNull();
	});

	test('lists the latest change first', async () => {
		const workspace = await openTiny();
		await addTinyCorpus(workspace, 'old', 10);
		await addTinyCorpus(workspace, 'new', 20);
		await workspace.update('corpus', 'old', { revision: 1, nowMs: 30, name: 'renamed' });
		expect((await workspace.list('corpus')).map(idOf)).toEqual(['old', 'new']);
	});

	test('refuses a change of an item that was changed since it was read, and keeps the other change', async () => {
		const [left, right] = [await openTiny(), await openTiny()];
		await addTinyCorpus(left);
		await left.update('corpus', 'a', { revision: 1, nowMs: 20, name: 'left' });
		const code = await errorCodeOfAsync(() =>
			right.update('corpus', 'a', { revision: 1, nowMs: 30, parts: { corpus: Uint8Array.of(1) } }),
		);
		expect(code).toBe('workspace-conflict');
		expect((await left.get('corpus', 'a')).name).toBe('left');
		expect(await left.sweep()).toBe(0);
		expect(decodeCorpus(await right.readPart('corpus', 'a', 'corpus'))).toEqual(tinyCorpus);
	});

	test('takes an id once', async () => {
		const workspace = await openTiny();
		await addTinyCorpus(workspace);
		expect(await errorCodeOfAsync(() => addTinyCorpus(workspace))).toBe('workspace-conflict');
	});

	test('keeps the trash until it is emptied', async () => {
		const workspace = await openTiny();
		await addTinyCorpus(workspace, 'a');
		await addTinyCorpus(workspace, 'b');
		await workspace.setTrashed('corpus', 'a', 40);
		await workspace.setTrashed('corpus', 'b', 40);
		await workspace.setTrashed('corpus', 'b', null);
		expect((await workspace.get('corpus', 'a')).trashedAtMs).toBe(40);
		expect(await workspace.emptyTrash()).toBe(1);
		expect((await workspace.list()).map(idOf)).toEqual(['b']);
		expect(await workspace.sweep()).toBe(0);
	});

	test('replaces and removes parts, and leaves no bytes behind', async () => {
		const workspace = await openTiny();
		await addTinyCorpus(workspace);
		await workspace.update('corpus', 'a', { revision: 1, nowMs: 1, parts: { changes: Uint8Array.of(1) } });
		await workspace.update('corpus', 'a', {
			revision: 2,
			nowMs: 1,
			parts: { changes: Uint8Array.of(2, 3), corpus: null },
		});
		expect([...(await workspace.readPart('corpus', 'a', 'changes'))]).toEqual([2, 3]);
		expect(await errorCodeOfAsync(() => workspace.readPart('corpus', 'a', 'corpus'))).toBe('storage-missing');
		expect(await workspace.sweep()).toBe(0);
	});

	test('tells every change with its revision', async () => {
		const heard: ItemChange[] = [];
		const workspace = await openTiny((change) => heard.push(change));
		await addTinyCorpus(workspace);
		await workspace.setTrashed('corpus', 'a', 5);
		await workspace.delete('corpus', 'a');
		expect(heard.map(({ revision }) => revision)).toEqual([1, 2, 0]);
	});

	test.each([
		['of a later version', { version: 99, detail: {} }],
		['with a broken detail', { version: 1, detail: { unit: 'verse' } }],
		['with a broken envelope', { version: 1, revision: 'x' }],
	])('lists a record %s as unreadable, gives it out raw and deletes it', async (_, odd) => {
		const workspace = await openTiny();
		const base = {
			kind: 'corpus',
			id: 'odd',
			revision: 1,
			name: 'odd',
			createdAtMs: 1,
			changedAtMs: 1,
			trashedAtMs: null,
		};
		const record = { ...base, parts: [], ...odd };
		await putRaw(record);
		const [listed] = await workspace.list();
		expect(listed).toMatchObject({ isReadable: false, kind: 'corpus', id: 'odd' });
		expect(await errorCodeOfAsync(() => workspace.get('corpus', 'odd'))).toBe('storage-damaged');
		expect(listed).toMatchObject({ raw: record });
		await workspace.delete('corpus', 'odd');
		expect(await workspace.list()).toEqual([]);
	});

	test('names bytes that are gone', async () => {
		const workspace = await openTiny();
		const item = await addTinyCorpus(workspace);
		await putRaw({ ...item, parts: [{ name: 'corpus', key: 'nowhere', sizeBytes: 3 }] });
		expect(await errorCodeOfAsync(() => workspace.readPart('corpus', 'a', 'corpus'))).toBe('storage-damaged');
	});

	test('works in memory where the browser keeps nothing, and says so', async () => {
		freshIndexedDB(false);
		const workspace = await openTiny();
		await addTinyCorpus(workspace);
		expect(workspace.whyNotKept?.code).toBe('storage-unavailable');
		expect(decodeCorpus(await workspace.readPart('corpus', 'a', 'corpus'))).toEqual(tinyCorpus);
		expect((await workspace.list()).length).toBe(1);
	});
});

describe('on a full disk', () => {
	/** Takes so many bytes in all. */
	function limitedBytes(limit: number): ByteStore {
		const inner = new MemoryBytes();
		let left = limit;
		return {
			get: (key) => inner.get(key),
			delete: (keys) => inner.delete(keys),
			keys: () => inner.keys(),
			async put(key, bytes) {
				left -= bytes.length;
				if (left < 0) throw storageError('full', 'no space left');
				await inner.put(key, bytes);
			},
		};
	}

	test('a change fails by name, and the item stays as it was', async () => {
		const bytes = new SplitBytes(limitedBytes(800), null);
		const workspace = new Workspace({ records: new MemoryRecords(), bytes, whyNotKept: null }, { newId: countedId });
		await addTinyCorpus(workspace);
		const parts = { changes: Uint8Array.of(1), corpus: new Uint8Array(900) };
		const code = await errorCodeOfAsync(() => workspace.update('corpus', 'a', { revision: 1, nowMs: 20, parts }));
		expect(code).toBe('storage-full');
		expect((await workspace.get('corpus', 'a')).revision).toBe(1);
		expect(decodeCorpus(await workspace.readPart('corpus', 'a', 'corpus'))).toEqual(tinyCorpus);
		expect(await bytes.keys()).toHaveLength(1);
	});

	test('what is new is kept in memory: it is read, changed and deleted there, and the workspace says so', async () => {
		const size = encodeCorpus(tinyCorpus).length;
		const [records, bytes] = [new MemoryRecords(), limitedBytes(size * 1.5)];
		const open = () =>
			new Workspace({ records, bytes: new SplitBytes(bytes, null), whyNotKept: null }, { newId: countedId });
		const workspace = open();
		await addTinyCorpus(workspace, 'kept');
		expect(workspace.whyNotKept).toBeNull();
		await addTinyCorpus(workspace, 'late');
		expect(workspace.whyNotKept?.code).toBe('storage-full');
		expect(decodeCorpus(await workspace.readPart('corpus', 'late', 'corpus'))).toEqual(tinyCorpus);
		const parts = { changes: new Uint8Array(900) };
		expect((await workspace.update('corpus', 'late', { revision: 1, nowMs: 20, parts })).revision).toBe(2);
		expect((await workspace.readPart('corpus', 'late', 'changes')).length).toBe(900);
		expect(await errorCodeOfAsync(() => addTinyCorpus(workspace, 'late'))).toBe('workspace-conflict');
		expect((await workspace.list()).map(idOf).toSorted()).toEqual(['kept', 'late']);
		expect((await open().list()).map(idOf)).toEqual(['kept']);
		await workspace.delete('corpus', 'late');
		expect(workspace.whyNotKept).toBeNull();
		expect((await workspace.list()).map(idOf)).toEqual(['kept']);
	});
});

test('large bytes go to the store for large ones, and each is found by its key', async () => {
	const [small, large] = [new MemoryBytes(), new MemoryBytes()];
	const split = new SplitBytes(small, large, 4);
	const keys = [split.keyFor('a', 3), split.keyFor('b', 4)];
	await split.put(keys[0], new Uint8Array(3));
	await split.put(keys[1], new Uint8Array(4));
	expect([(await small.keys()).length, (await large.keys()).length]).toEqual([1, 1]);
	expect((await split.get(keys[1]))?.length).toBe(4);
	await split.delete(keys);
	expect(await split.keys()).toEqual([]);
});
