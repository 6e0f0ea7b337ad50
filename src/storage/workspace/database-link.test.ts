import { forceCloseDatabase, IDBDatabase } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { addTinyCorpus, countedId, freshIndexedDB } from '../../testing/tiny-workspace';
import { openDatabase } from './database';
import type { StorageState } from './storage-state';
import { Workspace } from './workspace';

beforeEach(() => freshIndexedDB());

async function openWatched(patienceMs?: number) {
	const states: StorageState[] = [];
	const onCleared = vi.fn();
	const onState = (state: StorageState) => void states.push(state);
	const options = { databaseName: 'test', newId: countedId, onState, onCleared, patienceMs };
	const workspace = await Workspace.open(options);
	return { workspace, states, onCleared };
}

/** As a second tab does it. */
function inOtherTab(start: () => IDBOpenDBRequest): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = start();
		request.onsuccess = () => {
			(request.result as IDBDatabase | undefined)?.close();
			resolve();
		};
		request.onerror = () => reject(request.error);
	});
}

const deleteAll = () => inOtherTab(() => indexedDB.deleteDatabase('test'));
const upgrade = () => inOtherTab(() => indexedDB.open('test', 99));

describe('storage that goes away under an open workspace', () => {
	test('a deleted database is noticed at once, opened again, and takes what is saved next', async () => {
		const { workspace, states, onCleared } = await openWatched();
		await addTinyCorpus(workspace, 'lost');
		await deleteAll();
		await vi.waitFor(() => expect(onCleared).toHaveBeenCalledTimes(1));
		expect(states.map(({ kind }) => kind).slice(-2)).toEqual(['closed', 'ready']);
		expect(await workspace.list()).toEqual([]);
		await addTinyCorpus(workspace, 'next');
		expect(await (await openWatched()).workspace.find('corpus', 'next')).not.toBeNull();
	});

	test('a connection that the browser closed is opened again on the next use; nothing was cleared', async () => {
		const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
		const { workspace, states, onCleared } = await openWatched();
		await addTinyCorpus(workspace, 'kept');
		const connection = transaction.mock.contexts.at(-1) as unknown as IDBDatabase;
		transaction.mockRestore();
		connection.close();
		expect((await workspace.list()).length).toBe(1);
		await addTinyCorpus(workspace, 'next');
		expect((await workspace.list()).length).toBe(2);
		expect(onCleared).not.toHaveBeenCalled();
		expect(states.at(-1)).toEqual({ kind: 'ready' });
	});

	test('a connection that is closed with an event is opened again before anything asks', async () => {
		const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
		const { states } = await openWatched();
		const connection = transaction.mock.contexts.at(-1);
		transaction.mockRestore();
		states.length = 0;
		forceCloseDatabase(connection as unknown as Parameters<typeof forceCloseDatabase>[0]);
		await vi.waitFor(() => expect(states.map(({ kind }) => kind)).toEqual(['closed', 'ready']));
	});

	test('the heartbeat finds a database that was emptied without a word', async () => {
		const { workspace, onCleared } = await openWatched();
		const database = await openDatabase('test');
		const transaction = database.transaction('marks', 'readwrite');
		transaction.objectStore('marks').clear();
		await new Promise((resolve) => {
			transaction.oncomplete = resolve;
		});
		database.close();
		await workspace.check();
		await workspace.check();
		expect(onCleared).toHaveBeenCalledTimes(1);
	});

	test('an upgrade by another tab is told as such, and every later use says the same', async () => {
		const { workspace, states } = await openWatched();
		await upgrade();
		await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: 'closed', error: { code: 'storage-newer' } }));
		expect(await errorCodeOfAsync(() => addTinyCorpus(workspace))).toBe('storage-newer');
		await workspace.check();
		expect(states.at(-1)).toMatchObject({ kind: 'closed', error: { code: 'storage-newer' } });
	});

	test('storage that does not answer is told, and works as soon as it answers', async () => {
		const open = indexedDB.open.bind(indexedDB);
		let release = () => {};
		const released = new Promise<void>((resolve) => {
			release = resolve;
		});
		indexedDB.open = (...given) => {
			const request = open(...given);
			Object.defineProperty(request, 'onsuccess', {
				set: (listener: (event: Event) => void) =>
					request.addEventListener('success', (event) => void released.then(() => listener(event))),
			});
			return request;
		};
		const states: StorageState[] = [];
		const onState = (state: StorageState) => void states.push(state);
		const opening = Workspace.open({ databaseName: 'test', newId: countedId, onState, patienceMs: 250 });
		await vi.waitFor(() => expect(states).toEqual([{ kind: 'waiting', reason: 'no-answer' }]));
		release();
		const workspace = await opening;
		expect(workspace.whyNotKept).toBeNull();
		expect(states.at(-1)).toEqual({ kind: 'ready' });
	});

	test('another tab with an older version that does not let go is told as blocking, and is waited for', async () => {
		const request = indexedDB.open('test', 2);
		await new Promise((resolve) => {
			request.onsuccess = resolve;
		});
		const states: StorageState[] = [];
		const onState = (state: StorageState) => void states.push(state);
		const opening = Workspace.open({ databaseName: 'test', newId: countedId, onState });
		await vi.waitFor(() => expect(states).toEqual([{ kind: 'waiting', reason: 'blocked' }]));
		request.result.close();
		expect((await opening).whyNotKept).toBeNull();
	});
});
