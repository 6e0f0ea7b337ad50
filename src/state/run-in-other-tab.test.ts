import { afterEach, expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import type { PauseReason } from '../experiment/run-status';
import { runFinished, runStarted, stageStarted } from '../testing/run-events';
import { presetRun } from '../testing/run-requests';
import { turns } from '../testing/turns';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import type { PresetRunRequest } from '../wire/runs';
import { emitter, type Handlers, serve } from '../worker/serve';
import { createQueueStore } from './queue';
import { createRunStore } from './run';
import { createOtherTabRun, type TabMessage } from './run-in-other-tab';

const begun = [runStarted(), stageStarted('full', { epochs: 4, stepsPerEpoch: 10 })];
const completed = runFinished();
const request = presetRun('c');

const ports: MessagePort[] = [];
afterEach(() => {
	for (const port of ports.splice(0)) port.close();
});

/** Pages of one browser: what one tells, all others hear. */
class Hub {
	private readonly hearers = new Map<object, (message: TabMessage) => void>();

	channel() {
		const own = {};
		return {
			listen: (hear: (message: TabMessage) => void) => void this.hearers.set(own, hear),
			tell: (message: TabMessage) => {
				for (const [other, hear] of this.hearers) if (other !== own) hear(message);
			},
		};
	}
}

function openTab(hub: Hub, tab: string, claimedRuns: string[] = []) {
	const { port1, port2 } = new MessageChannel();
	ports.push(port1, port2);
	port1.start();
	port2.start();
	const started: string[] = [];
	serve(
		port2 as WirePort,
		{
			'load-setting': async () => ({ value: null }),
			'save-setting': async () => ({ isSaved: true }),
			'saved-run': async () => null,
			'list-items': async () => ({ items: [], unreadable: [], claimedRuns }),
			'start-run': async (asked) => {
				started.push((asked as PresetRunRequest).preset);
				return { entityTypes: [], runId: `${tab}-${started.length}` };
			},
		} as Partial<Handlers> as Handlers,
	);
	const client = new WorkerClient(port1 as WirePort);
	const run = createRunStore(client);
	const queue = createQueueStore(client, run);
	const otherTab = createOtherTabRun({ channel: hub.channel(), client, run, queue, tab, hasLocks: true });
	const emit = emitter(port2 as WirePort);
	const say = async (...events: TrainingEvent[]) => {
		emit('training', { events, memoryBytes: 0 });
		await turns();
	};
	return { run, queue, otherTab, say, started };
}

test('a tab shows the run of another with its name and stages, also one that was opened later, until it ends', async () => {
	const hub = new Hub();
	const first = openTab(hub, 'a');
	const second = openTab(hub, 'b');
	await first.run.getState().start(request);
	await first.say(...begun);
	expect(second.otherTab.getState().glance).toMatchObject({ runId: 'a-1', name: 'smoke', kind: 'training' });
	const third = openTab(hub, 'c');
	expect(third.otherTab.getState().glance).toMatchObject({ runId: 'a-1', stages: [{ stage: 'full', epochs: 4 }] });
	expect(first.otherTab.getState().glance).toBeNull();
	await first.say(completed);
	expect([second, third].map(({ otherTab }) => otherTab.getState().glance)).toEqual([null, null]);
});

test('runs from another tab wait in the queue of the tab that trains', async () => {
	const hub = new Hub();
	const first = openTab(hub, 'a');
	const second = openTab(hub, 'b');
	await turns();
	expect(second.otherTab.getState().queueThere([request], null)).toBe(false);
	first.queue.getState().add([request]);
	await turns();
	await first.say(...begun);
	expect(second.otherTab.getState().queueThere([{ ...request, preset: 'sample' }], 60)).toBe(true);
	await turns();
	expect(first.queue.getState().entries.map(({ request: { preset }, state }) => `${preset} ${state}`)).toEqual([
		'smoke running',
		'sample waiting',
	]);
	expect(second.otherTab.getState().glance?.waiting).toBe(1);
	expect(second.queue.getState().entries).toEqual([]);
	await first.say(completed);
	expect([first.started, second.started]).toEqual([['smoke', 'sample'], []]);
});

test('a tab that leaves, or dies without a word, is shown no longer', async () => {
	const hub = new Hub();
	const claimed = ['a-1'];
	const first = openTab(hub, 'a');
	const second = openTab(hub, 'b', claimed);
	await first.run.getState().start(request);
	await first.say(...begun);
	await second.otherTab.getState().check();
	expect(second.otherTab.getState().glance).not.toBeNull();
	claimed.pop();
	await second.otherTab.getState().check();
	expect(second.otherTab.getState().glance).toBeNull();
	await first.say(stageStarted('last', { index: 1, epochs: 1, stepsPerEpoch: 1 }));
	first.otherTab.getState().leave();
	expect(second.otherTab.getState().glance).toBeNull();
});

test('a paused run that both tabs show is under way in the one that resumes it, and paused in none', async () => {
	const hub = new Hub();
	const first = openTab(hub, 'a');
	const second = openTab(hub, 'b');
	const third = openTab(hub, 'c');
	await turns();
	const paused = (reason: PauseReason) => ({ runId: 'a-1', run: { kind: 'cut-off', reason, savedAtMs: 7 } }) as const;
	second.run.setState(paused('interrupted'));
	third.run.setState(paused('taken-over'));
	await first.run.getState().start(request);
	await first.say(...begun);
	expect(second.run.getState()).toMatchObject({ runId: null, run: { kind: 'idle' } });
	expect(second.otherTab.getState().glance).toMatchObject({ runId: 'a-1', kind: 'training' });
	// It says itself where the run went.
	expect(third.run.getState().run).toMatchObject({ kind: 'cut-off', reason: 'taken-over' });
});
