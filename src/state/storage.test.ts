import { expect, test, vi } from 'vitest';
import { storageError } from '../storage/storage-error';
import type { WorkerClient } from '../wire/client';
import { toWireError } from '../wire/wire-error';
import { createStorageStore, isRunUnsaved } from './storage';
import { createUnsavedWork } from './unsaved-work';

/** A client whose events the test sends, and whose questions it answers. */
function connected(answers: Record<string, unknown> = {}) {
	const listeners = new Map<string, Set<(data: unknown) => void>>();
	const client = {
		on(event: string, listener: (data: unknown) => void) {
			const all = listeners.get(event) ?? new Set();
			listeners.set(event, all.add(listener));
			return () => all.delete(listener);
		},
		ask: vi.fn(async (command: string) => answers[command]),
	};
	const unsaved = createUnsavedWork();
	const persist = vi.fn(async () => true);
	const installSamples = vi.fn(async () => true);
	const store = createStorageStore(client as unknown as WorkerClient, { unsaved, persist, installSamples });
	const send = (event: string, data: unknown) => {
		for (const listener of listeners.get(event) ?? []) listener(data);
	};
	return { store, unsaved, persist, installSamples, send, ask: client.ask };
}

const run = { kind: 'run' as const, id: 'r', name: 'smoke' };
const problem = toWireError(storageError('closed', 'no answer'));

test('a run that cannot be saved is unsaved work with a file, and is settled when it is saved', async () => {
	const { store, unsaved, send } = connected({ 'export-held': { file: new Blob(['zip']), items: [] } });
	send('run-saving', { run, problem });
	expect(unsaved.getState().works.map(({ kind, name }) => [kind, name])).toEqual([['run', 'smoke']]);
	expect(isRunUnsaved(unsaved, 'r')).toBe(true);
	expect((await unsaved.getState().works[0].toFiles?.())?.map(({ name }) => name)).toEqual(['unsaved-work.nerco.zip']);
	send('run-saving', { run, problem: null });
	expect(isRunUnsaved(unsaved, 'r')).toBe(false);
	expect(store.getState().state).toEqual({ kind: 'opening' });
});

test('storage that is back saves what could not be saved', async () => {
	const { store, unsaved, send, ask } = connected({ 'save-run': { isSaved: true } });
	send('storage-state', { state: { kind: 'ready' } });
	send('run-saving', { run, problem });
	send('storage-state', { state: { kind: 'closed', error: problem } });
	expect(store.getState().state).toMatchObject({ kind: 'closed', problem: { code: 'storage-closed' } });
	send('storage-state', { state: { kind: 'ready' } });
	await vi.waitFor(() => expect(unsaved.getState().works).toEqual([]));
	expect(ask).toHaveBeenCalledWith('save-run', { id: 'r' });
});

test('cleared storage is told until it is dismissed, and gets the samples again', () => {
	const { store, send, installSamples } = connected();
	send('storage-cleared', { restored: [run] });
	expect(store.getState().cleared?.restored).toEqual([run]);
	expect(installSamples).toHaveBeenCalledTimes(1);
	store.getState().dismissCleared();
	expect(store.getState().cleared).toBeNull();
});

test('the browser is asked to keep what is stored once, for the first thing of the user, not for samples', () => {
	const { send, persist } = connected();
	const stored = (kind: string, id: string, revision: number, isHere = true) =>
		send('workspace-changed', { change: { kind, id, revision }, isHere });
	stored('corpus', 'sample', 1);
	stored('vectors', 'sample-words', 2);
	stored('setting', 'samples', 1);
	stored('corpus', 'mine', 1, false);
	stored('corpus', 'gone', 0);
	expect(persist).not.toHaveBeenCalled();
	stored('corpus', 'sample', 2);
	stored('corpus', 'mine', 1);
	expect(persist).toHaveBeenCalledTimes(1);
});
