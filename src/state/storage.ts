// Whether the browser's storage answers, and what is done when it went away: lists are read anew, unsaved work is saved,
// samples come back. Asks the browser to keep what is stored, the first time that something of the user's own is.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WorkerClient } from '../wire/client';
import type { HeldRef, WireStorageState } from '../wire/storage';
import { fromWireError } from '../wire/wire-error';
import { type Problem, toProblem } from './problem';
import type { UnsavedWorkStore } from './unsaved-work';
import { isSample } from './workspace-samples';

export type StorageState =
	| Exclude<WireStorageState, { kind: 'closed' }>
	/** `problem` is null while it is being opened again. */
	| { kind: 'closed'; problem: Problem | null };

export interface StorageStoreState {
	state: StorageState;
	/** What memory brought back after everything stored was cleared; null while nothing was. */
	cleared: { restored: readonly HeldRef[] } | null;
	/** Looks at once whether storage answers. */
	checkNow(): Promise<void>;
	dismissCleared(): void;
	/** What memory holds, stored or not, as files for the user to keep. */
	heldFiles(): Promise<{ name: string; file: Blob }[]>;
}

export type StorageStore = StoreApi<StorageStoreState>;

export interface StorageStoreOptions {
	unsaved: UnsavedWorkStore;
	/** `requestPersistence` of the page. */
	persist(): Promise<boolean | null>;
	/** Puts the samples into an emptied workspace. */
	installSamples(): Promise<unknown>;
}

export function createStorageStore(
	client: WorkerClient,
	{ unsaved, persist, installSamples }: StorageStoreOptions,
): StorageStore {
	const store = createStore<StorageStoreState>((set) => ({
		state: { kind: 'opening' },
		cleared: null,
		checkNow: async () => void (await client.ask('check-storage', {}).catch(() => undefined)),
		dismissCleared: () => set({ cleared: null }),
		async heldFiles() {
			const { file } = await client.ask('export-held', {});
			const held = file ? [{ name: 'unsaved-work.nerco.zip', file }] : [];
			const unsavedFiles = unsaved
				.getState()
				.works.flatMap((work) => (work.kind !== 'run' && work.toFiles ? [work] : []));
			for (const work of unsavedFiles) held.push(...((await work.toFiles?.()) ?? []));
			return held;
		},
	}));
	client.on('storage-state', ({ state }) => {
		const before = store.getState().state.kind;
		store.setState({ state: ofWire(state) });
		if (state.kind === 'ready' && before !== 'opening') void unsaved.getState().saveAll();
	});
	client.on('storage-cleared', ({ restored }) => {
		store.setState(({ cleared }) => ({ cleared: { restored: [...(cleared?.restored ?? []), ...restored] } }));
		void unsaved.getState().saveAll();
		// Without a network, or with storage still away, the next visit brings them.
		void installSamples().catch(() => undefined);
	});
	client.on('run-saving', ({ run, problem }) => {
		const key = `run ${run.id}`;
		if (!problem) return unsaved.getState().settle(key);
		unsaved.getState().register({
			key,
			kind: 'run',
			name: run.name,
			problem: toProblem(fromWireError(problem)),
			save: () =>
				client.ask('save-run', { id: run.id }).then(
					({ isSaved }) => isSaved,
					() => false,
				),
			toFiles: () => store.getState().heldFiles(),
		});
	});
	persistOnce(client, persist);
	return store;
}

function ofWire(state: WireStorageState): StorageState {
	if (state.kind !== 'closed') return state;
	return { kind: 'closed', problem: state.error && toProblem(fromWireError(state.error)) };
}

/** Browsers clear by themselves what they were not asked to keep. Samples can be fetched again. */
function persistOnce(client: WorkerClient, persist: StorageStoreOptions['persist']): void {
	const stop = client.on('workspace-changed', ({ change: { kind, id, revision }, isHere }) => {
		const isLabelled = kind === 'corpus' && revision > 1;
		if (!isHere || revision === 0 || kind === 'setting' || (isSample(kind, id) && !isLabelled)) return;
		stop();
		void persist();
	});
}

/** Whether a run is not saved now. */
export function isRunUnsaved(unsaved: UnsavedWorkStore, runId: string): boolean {
	return unsaved.getState().works.some(({ key }) => key === `run ${runId}`);
}
