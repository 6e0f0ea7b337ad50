// An earlier run as the page shows it: the state that its log leads to, in a store of its own with the live one's shape,
// so that the same views show both. Going on with it is the live store's.

import { createStore } from 'zustand/vanilla';
import type { TrainingEvent } from '../experiment/events';
import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import { eventsOf, type RunLog } from '../storage/workspace/run-log-columns';
import { statusOfRun } from '../storage/workspace/run-state';
import type { WorkerClient } from '../wire/client';
import { problemOfEnd, stateOfEvents } from './run-events';
import { type LastGood, type RunState, type RunStore, type RunStoreState, stepsOf } from './run-progress';

type RunItem = ItemOf<'run'>;

/** The state of a stored run. `isClaimed`: some tab trains or holds it now. */
export function storedRunState({ detail }: RunItem, isClaimed: boolean): RunState {
	const { seconds, resumable } = detail;
	const { status, reason } = statusOfRun(detail, isClaimed);
	switch (status) {
		case 'training':
			return { kind: 'training' };
		case 'paused':
			if (isClaimed) return { kind: 'paused' };
			return { kind: 'cut-off', reason, savedAtMs: resumable?.savedAtMs ?? null };
		case 'stopped':
		case 'finished':
			return { kind: status, seconds };
		case 'failed':
			return { kind: 'failed' };
		default:
			return status satisfies never;
	}
}

/** Everything that the log of a run says, as the page would have heard it. */
export function stateOfStored(item: RunItem, log: RunLog, isClaimed: boolean): Partial<RunStoreState> {
	const events = eventsOf(log);
	const state = stateOfEvents(item, events);
	const finished = events.findLast((event) => event.kind === 'finished');
	const started = events.findLast((event) => event.kind === 'run-started');
	const run = storedRunState(item, isClaimed);
	const problem = run.kind === 'failed' && finished ? problemOfEnd(finished) : null;
	const device = started ? { info: started.device, gpu: 'not-asked' as const, findings: [] } : null;
	return { ...state, run, problem, device, lastGood: run.kind === 'failed' ? lastGoodOf(item, events) : null };
}

/** The state that a stored run can go on from, of all its events; null when nothing was saved. */
export function lastGoodOf(item: RunItem, events: readonly TrainingEvent[]): LastGood | null {
	const { resumable } = item.detail;
	if (!resumable) return null;
	const { stages = [] } = stateOfEvents(item, events.slice(0, resumable.logEvents));
	return { stage: resumable.stage, step: stepsOf(stages) };
}

/** Entity types of a stored run in the order of their palette slots: as its model has them, else its corpus. */
export function entityTypesOf(items: readonly AnyItem[], { id, detail }: RunItem): string[] {
	for (const item of items) if (item.kind === 'checkpoint' && item.id === id) return item.detail.entityTypes;
	for (const item of items) {
		if (item.kind === 'corpus' && item.id === detail.input.corpusId) return item.detail.entityTypes;
	}
	return [];
}

/** Reads a stored run into a store. Rejects with what reading it throws (`storage-…`). */
export async function openStoredRun(client: WorkerClient, live: RunStore, id: string): Promise<RunStore> {
	const { item, log } = await client.ask('load-run', { id });
	const { items, claimedRuns } = await client.ask('list-items', {});
	return createStore<RunStoreState>(() => ({
		...live.getState(),
		...stateOfStored(item, log, claimedRuns.includes(id)),
		entityTypes: entityTypesOf(items, item),
		pause: async () => undefined,
		stop: async () => undefined,
		resume: () => live.getState().continueRun(id),
	}));
}
