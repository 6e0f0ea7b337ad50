import { beforeEach, expect, test } from 'vitest';
import { freshIndexedDB, openTiny } from '../../testing/tiny-workspace';
import { idOf } from './workspace';

beforeEach(() => freshIndexedDB());

/** The database as the first version of the workbench made and filled it. */
async function makeVersion1(records: readonly Record<string, unknown>[]): Promise<void> {
	const request = indexedDB.open('test', 1);
	request.onupgradeneeded = () => {
		request.result.createObjectStore('run-files', { keyPath: ['runId', 'name'] });
		request.result.createObjectStore('run-bytes');
	};
	await new Promise((resolve) => {
		request.onsuccess = resolve;
	});
	const transaction = request.result.transaction(['run-files', 'run-bytes'], 'readwrite');
	for (const record of records) {
		const { runId, name, sizeBytes } = record as { runId: string; name: string; sizeBytes: number };
		transaction.objectStore('run-files').put(record);
		transaction.objectStore('run-bytes').put(new Uint8Array(sizeBytes).fill(sizeBytes), [runId, name]);
	}
	await new Promise((resolve) => {
		transaction.oncomplete = resolve;
	});
	request.result.close();
}

test('a database of version 1 loses nothing: runs, their states and their checkpoints are items now', async () => {
	await makeVersion1([
		{ version: 1, runId: 'latest', name: 'resume', savedAtMs: 30, sizeBytes: 5 },
		{ version: 1, runId: 'latest', name: 'checkpoint:full', savedAtMs: 20, sizeBytes: 3 },
		{ version: 1, runId: 'other', name: 'resume', savedAtMs: 10, sizeBytes: 2 },
	]);
	const workspace = await openTiny();
	expect((await workspace.list()).map((listed) => [listed.isReadable, idOf(listed)])).toEqual([
		[true, 'latest'],
		[true, 'latest/full'],
		[true, 'other'],
	]);
	expect([...(await workspace.readPart('run', 'latest', 'resume'))]).toEqual([5, 5, 5, 5, 5]);
	expect([...(await workspace.readPart('checkpoint', 'latest/full', 'checkpoint'))]).toEqual([3, 3, 3]);
	expect([...(await workspace.readPart('run', 'other', 'resume'))]).toEqual([2, 2]);
	expect(await workspace.sweep()).toBe(0);
});

test('a record that version 1 could not read comes along with its bytes and stays unreadable', async () => {
	await makeVersion1([{ version: 99, runId: 'odd', name: 'resume', savedAtMs: 30, sizeBytes: 4 }]);
	const workspace = await openTiny();
	const [listed] = await workspace.list();
	expect(listed).toMatchObject({ isReadable: false, id: 'odd' });
	const parts: unknown[] = [];
	for await (const part of workspace.readParts(listed.isReadable ? null : listed.raw)) parts.push(part);
	expect(parts).toEqual([['resume', Uint8Array.of(4, 4, 4, 4)]]);
});
