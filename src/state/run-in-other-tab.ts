// The run that another tab of this browser trains, as this one shows it: tabs tell each other how their runs stand, once a
// second at most, and take each other's runs into their queues. Who holds a run, Web Locks say; a tab that died is found out
// by its lock.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WorkerClient } from '../wire/client';
import type { NewRunRequest } from '../wire/runs';
import { currentRequest } from './current-request';
import type { QueueStore } from './queue';
import {
	bestDevF1,
	freshRun,
	isActive,
	isActiveKind,
	type RunState,
	type RunStore,
	type StageProgress,
} from './run-progress';

/** A run as another tab sees it. */
export interface RunGlance {
	/** Null until its worker has taken it up. */
	runId: string | null;
	kind: RunState['kind'];
	/** The preset's; empty before it starts. */
	name: string;
	stages: readonly StageProgress[];
	/** Best on dev so far, from 0 to 1. */
	devF1: number | null;
	/** Runs that wait behind it. */
	waiting: number;
}

/** `tab` names who speaks. */
export type TabMessage =
	| { kind: 'who'; tab: string }
	| { kind: 'run'; tab: string; glance: RunGlance }
	| { kind: 'gone'; tab: string }
	/** To the tab `to`: runs for its queue. */
	| { kind: 'queue'; tab: string; to: string; requests: NewRunRequest[]; seconds: number | null };

export interface TabChannel {
	listen(hear: (message: TabMessage) => void): void;
	tell(message: TabMessage): void;
}

export interface OtherTabState {
	/** Null when no other tab trains. */
	glance: RunGlance | null;
	/** Hands runs to the tab that trains; false when there is none. */
	queueThere(requests: readonly NewRunRequest[], seconds: number | null): boolean;
	/** To be called when the page goes away. */
	leave(): void;
	/** Lets go of tabs that died without a word: those whose run nobody holds any more. */
	check(): Promise<void>;
}

export type OtherTabStore = StoreApi<OtherTabState>;

export interface OtherTabMeans {
	channel: TabChannel;
	client: WorkerClient;
	run: RunStore;
	queue: QueueStore;
	/** A name that no other tab has. */
	tab: string;
	/** Whether the browser has Web Locks: without them nobody knows who died. */
	hasLocks: boolean;
}

const tellIntervalMs = 1000;
const checkIntervalMs = 10_000;
/** A page that closes lets go of its run a moment after its last word: when to look what it left. */
const settleMs = [1500, 6000, 20_000, 60_000];

export function createOtherTabRun({ channel, client, run, queue, tab, hasLocks }: OtherTabMeans): OtherTabStore {
	const others = new Map<string, RunGlance>();
	let lastToldMs = 0;
	let timer: ReturnType<typeof setInterval> | null = null;
	const tellOwn = () => {
		lastToldMs = Date.now();
		const waiting = queue.getState().entries.filter(({ state }) => state === 'waiting').length;
		channel.tell({ kind: 'run', tab, glance: glanceOf(run, waiting) });
	};
	const show = () => {
		const glance = [...others.values()][0] ?? null;
		const before = store.getState().glance;
		store.setState({ glance });
		if (glance && timer === null) timer = setInterval(() => void store.getState().check(), checkIntervalMs);
		if (glance || timer === null) return;
		clearInterval(timer);
		timer = null;
		if (before) for (const delayMs of settleMs) setTimeout(() => takeUp(run, queue), delayMs);
	};
	const store = createStore<OtherTabState>(() => ({
		glance: null,
		queueThere(requests, seconds) {
			const [to] = others.keys();
			if (to === undefined) return false;
			channel.tell({ kind: 'queue', tab, to, requests: [...requests], seconds });
			return true;
		},
		leave: () => channel.tell({ kind: 'gone', tab }),
		async check() {
			if (!hasLocks || others.size === 0) return;
			const { claimedRuns } = await client.ask('list-items', { kind: 'run' });
			for (const [name, { runId }] of others) if (runId && !claimedRuns.includes(runId)) others.delete(name);
			show();
		},
	}));
	channel.listen((message) => {
		switch (message.kind) {
			case 'who':
				if (isActive(run.getState().run)) tellOwn();
				break;
			case 'run':
				if (isActiveKind(message.glance.kind)) others.set(message.tab, message.glance);
				else others.delete(message.tab);
				letGo(run, message.glance);
				show();
				break;
			case 'gone':
				others.delete(message.tab);
				show();
				break;
			case 'queue':
				if (message.to === tab)
					queue.getState().add(
						message.requests.flatMap((one) => currentRequest(one) ?? []),
						message.seconds,
					);
				break;
			default:
				message satisfies never;
		}
	});
	run.subscribe((state, before) => {
		const isOther = state.run.kind !== before.run.kind || state.runId !== before.runId;
		const isDue = isActive(state.run) && Date.now() - lastToldMs >= tellIntervalMs;
		if (isOther || isDue) tellOwn();
	});
	queue.subscribe(() => {
		if (isActive(run.getState().run)) tellOwn();
	});
	channel.tell({ kind: 'who', tab });
	return store;
}

/** What the other tab left: a run that its closing cut off, a queue that waits. */
function takeUp(run: RunStore, queue: QueueStore): void {
	const { kind } = run.getState().run;
	if (kind === 'cut-off' || isActiveKind(kind)) return;
	void run.getState().findCutOff();
	void queue.getState().takeUp();
}

/** A run that is shown here as paused, and that another tab has resumed, is under way there. */
function letGo(run: RunStore, glance: RunGlance): void {
	const { run: state, runId } = run.getState();
	const isShown = state.kind === 'cut-off' && state.reason !== 'taken-over' && runId !== null && runId === glance.runId;
	if (isShown && isActiveKind(glance.kind)) run.setState({ ...freshRun, run: { kind: 'idle' } });
}

function glanceOf(run: RunStore, waiting: number): RunGlance {
	const { run: state, runId, config, stages, epochs } = run.getState();
	return { runId, kind: state.kind, name: config?.preset ?? '', stages, devF1: bestDevF1(epochs), waiting };
}
