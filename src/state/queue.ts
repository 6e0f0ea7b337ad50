// Runs one after another: several seeds, several presets. The list is kept as a setting, so that it survives a reload;
// then it waits until somebody goes on with it. The run under way itself is the run store's.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { hasCounts, isRecord } from '../storage/workbench-file';
import type { WorkerClient } from '../wire/client';
import type { NewRunRequest } from '../wire/runs';
import { currentRequest } from './current-request';
import { bestDevF1, isActive, type RunStore, type RunStoreState } from './run-progress';

export interface QueueEntry {
	/** Unique within the list. */
	id: number;
	/** Entries that were added together have one: what keeps the first from starting keeps all of them. */
	batch: number;
	request: NewRunRequest;
	/** `paused`: it was cut off, or its page was reloaded while it was held. What a started run is now, its record says. */
	state: 'waiting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
	/** Null before it has started. */
	runId: string | null;
	/** Best on dev by the published rule, from 0 to 1. */
	devF1: number | null;
	/** Forecast; null when none was made. */
	seconds: number | null;
}

export interface QueueState {
	entries: readonly QueueEntry[];
	/** Whether nothing starts by itself: after a stop, and after a reload. */
	isHeld: boolean;
	/** Adds runs; the first starts at once when nothing else goes on. */
	add(requests: readonly NewRunRequest[], seconds?: number | null): void;
	remove(id: number): void;
	/** Moves a waiting entry before (−1) or behind (1) its neighbour that waits. */
	move(id: number, by: -1 | 1): void;
	goOn(): void;
	/** Reads what an earlier visit, or a tab that is gone, has left waiting. */
	takeUp(): Promise<void>;
	/** Takes off the list what has ended. */
	clear(): void;
}

export type QueueStore = StoreApi<QueueState>;

const settingName = 'run-queue';

/** A queue that drives the run store. Reads what an earlier visit left at once. */
export function createQueueStore(client: WorkerClient, run: RunStore): QueueStore {
	const store = createStore<QueueState>((set, get) => {
		const change = (entries: readonly QueueEntry[]) => {
			set({ entries });
			// Kept as well as can be: without storage the queue lives as long as its page.
			client.ask('save-setting', { name: settingName, value: entries }).catch(() => undefined);
		};
		const advance = () => {
			const { entries, isHeld } = get();
			const next = entries.find(({ state }) => state === 'waiting');
			if (isHeld || !next || isActive(run.getState().run)) return;
			change(entries.map((entry) => (entry === next ? { ...entry, state: 'running' } : entry)));
			void run.getState().start(next.request);
		};
		const settle = (state: RunStoreState) => {
			const next = settled(get().entries, state);
			if (next.entries === get().entries) return;
			change(next.entries);
			if (next.isHeld !== undefined) set({ isHeld: next.isHeld });
			// The run store is in the middle of telling its change.
			queueMicrotask(advance);
		};
		run.subscribe((state, before) => {
			if (state.run.kind !== before.run.kind || state.runId !== before.runId) settle(state);
		});
		/** A queue whose run another tab trains is that tab's. */
		const isOthers = async () => {
			const { claimedRuns } = await client.ask('list-items', { kind: 'run' });
			return claimedRuns.some((id) => id !== run.getState().runId);
		};
		return {
			entries: [],
			isHeld: false,
			add(requests, seconds = null) {
				const { entries } = get();
				const isOver = entries.every(({ state }) => state !== 'waiting' && state !== 'running');
				const kept = isOver ? [] : entries;
				const first = Math.max(0, ...entries.map(({ id }) => id)) + 1;
				const added = requests.map(
					(request, index): QueueEntry => ({
						id: first + index,
						batch: first,
						request,
						state: 'waiting',
						runId: null,
						devF1: null,
						seconds,
					}),
				);
				change([...kept, ...added]);
				if (!isActive(run.getState().run)) set({ isHeld: false });
				advance();
			},
			remove(id) {
				change(get().entries.filter((entry) => entry.id !== id || entry.state === 'running'));
			},
			move(id, by) {
				change(moved(get().entries, id, by));
			},
			async takeUp() {
				try {
					const { value } = await client.ask('load-setting', { name: settingName });
					const kept = keptEntries(value, run.getState());
					if (kept.length === 0 || (await isOthers())) return;
					if (get().entries.length === 0) set({ entries: kept, isHeld: true });
				} catch {
					// Without storage nothing was left.
				}
			},
			goOn() {
				set({ isHeld: false });
				advance();
			},
			clear() {
				change(get().entries.filter(({ state }) => state === 'waiting' || state === 'running'));
			},
		};
	});
	void store.getState().takeUp();
	return store;
}

/** The entries after the run's state has changed, and whether the queue is to wait for the user from now on. Pure. */
export function settled(
	entries: readonly QueueEntry[],
	{ run, runId, epochs, problem }: Pick<RunStoreState, 'run' | 'runId' | 'epochs' | 'problem'>,
): { entries: readonly QueueEntry[]; isHeld?: boolean } {
	const change = (wanted: QueueEntry, part: Partial<QueueEntry>) =>
		entries.map((entry) => (entry === wanted ? { ...entry, ...part } : entry));
	if (isActive(run)) {
		// A run that was stopped or cut off goes on.
		const again = entries.find((entry) => runId !== null && entry.runId === runId && entry.state !== 'running');
		if (again) return { entries: change(again, { state: 'running' }), isHeld: false };
	}
	const current = entries.find(({ state }) => state === 'running');
	if (!current) return { entries };
	if (current.runId === null && runId !== null && isActive(run)) {
		return { entries: change(current, { runId }) };
	}
	const ended = { runId: current.runId ?? runId, devF1: bestDevF1(epochs) };
	switch (run.kind) {
		case 'finished':
			return { entries: change(current, { ...ended, state: 'finished' }) };
		case 'stopped':
			return { entries: change(current, { ...ended, state: 'stopped' }), isHeld: true };
		case 'failed':
			if (runId === null) return { entries: entries.filter(({ batch }) => batch !== current.batch) };
			// The next one may learn where this one could not; a device that is gone is gone for all.
			return {
				entries: change(current, { ...ended, state: 'failed' }),
				isHeld: !(problem?.kind === 'run-ended' && problem.reason === 'not-a-number'),
			};
		case 'idle':
			// Called off before it began.
			return { entries: change(current, { ...ended, state: 'stopped' }), isHeld: true };
		default:
			return { entries };
	}
}

/** A waiting entry changes places with the next one that waits on that side. Pure. */
export function moved(entries: readonly QueueEntry[], id: number, by: -1 | 1): readonly QueueEntry[] {
	const from = entries.findIndex((entry) => entry.id === id);
	const to = from + by;
	if (entries[from]?.state !== 'waiting' || entries[to]?.state !== 'waiting') return entries;
	const next = [...entries];
	[next[from], next[to]] = [next[to], next[from]];
	return next;
}

/** What an earlier visit left: whatever ran then has been cut off, before or after it had a record of its own. */
function keptEntries(value: unknown, { run, runId }: RunStoreState): QueueEntry[] {
	const entries = readEntries(value);
	if (!entries.some(({ state }) => state === 'waiting' || state === 'running')) return [];
	const isGoingOn = (entry: QueueEntry) => isActive(run) && entry.runId === runId;
	return entries.map((entry) => {
		if (entry.state !== 'running' || isGoingOn(entry)) return entry;
		return { ...entry, state: entry.runId === null ? 'stopped' : 'paused' };
	});
}

/** Entries without a request that a run can start from are left out; anything that is no list has none. */
function readEntries(value: unknown): QueueEntry[] {
	if (!Array.isArray(value)) return [];
	return value.flatMap((entry: unknown): QueueEntry[] => {
		if (!isRecord(entry) || !hasCounts(entry, ['id', 'batch'])) return [];
		const request = currentRequest(entry.request);
		return request ? [{ ...(entry as unknown as QueueEntry), request }] : [];
	});
}
