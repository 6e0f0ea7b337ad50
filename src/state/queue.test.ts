import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { runFinished, runStarted, stageStarted } from '../testing/run-events';
import { presetRun } from '../testing/run-requests';
import { turns } from '../testing/turns';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import type { NewRunRequest } from '../wire/runs';
import { emitter, type Handlers, serve } from '../worker/serve';
import { createQueueStore, moved, type QueueEntry } from './queue';
import { createRunStore } from './run';

const request = (preset: string, seed: number) => presetRun('c', { preset, seed });
const begun = [runStarted(), stageStarted('full', { epochs: 1, stepsPerEpoch: 1 })];

const ports: MessagePort[] = [];
afterEach(() => {
	for (const port of ports.splice(0)) port.close();
});

function setUp(kept: unknown = null, startRun?: Handlers['start-run'], claimedRuns: string[] = []) {
	const { port1, port2 } = new MessageChannel();
	ports.push(port1, port2);
	port1.start();
	port2.start();
	const started: string[] = [];
	const saved: unknown[] = [];
	const handlers: Partial<Handlers> = {
		'load-setting': async () => ({ value: kept }),
		'list-items': async () => ({ items: [], unreadable: [], claimedRuns }),
		'save-setting': async ({ value }) => {
			saved.push(value);
			return { isSaved: true };
		},
		'start-run':
			startRun ??
			(async (asked) => {
				const { preset, seed } = asked as NewRunRequest;
				started.push(`${preset} ${seed}`);
				return { entityTypes: [], runId: `run-${started.length}` };
			}),
	};
	serve(port2 as WirePort, handlers as Handlers);
	const client = new WorkerClient(port1 as WirePort);
	const run = createRunStore(client);
	const queue = createQueueStore(client, run);
	const emit = emitter(port2 as WirePort);
	const say = async (...events: TrainingEvent[]) => {
		emit('training', { events, memoryBytes: 0 });
		await turns();
	};
	const states = () => queue.getState().entries.map(({ state }) => state);
	return { run, queue, say, started, saved, states };
}

test('runs start one after the other as each completes, and the list is kept', async () => {
	const { queue, say, started, saved, states } = setUp();
	await turns();
	queue.getState().add([request('a', 1), request('a', 2)]);
	await turns();
	expect([started, states()]).toEqual([['a 1'], ['running', 'waiting']]);
	await say(...begun);
	await say(runFinished('completed'));
	expect([started, states()]).toEqual([
		['a 1', 'a 2'],
		['finished', 'running'],
	]);
	expect(queue.getState().entries.map(({ runId }) => runId)).toEqual(['run-1', 'run-2']);
	expect(saved.at(-1)).toEqual(queue.getState().entries);
});

test('after a stop nothing starts until somebody goes on', async () => {
	const { queue, say, started, states } = setUp();
	await turns();
	queue.getState().add([request('a', 1), request('a', 2)]);
	await turns();
	await say(...begun);
	await say(runFinished('stopped'));
	expect([started.length, states(), queue.getState().isHeld]).toEqual([1, ['stopped', 'waiting'], true]);
	queue.getState().goOn();
	await turns();
	expect(started.length).toBe(2);
});

test('a run that never learns does not keep the next one from trying', async () => {
	const { queue, say, started, states } = setUp();
	await turns();
	queue.getState().add([request('a', 1), request('b', 1)]);
	await turns();
	await say(...begun);
	await say(runFinished('not-a-number'));
	expect([started, states()]).toEqual([
		['a 1', 'b 1'],
		['failed', 'running'],
	]);
});

test('what keeps the first run from starting takes all that were added with it off the list', async () => {
	const { run, queue } = setUp(null, () => Promise.reject(new Error('no')));
	await turns();
	queue.getState().add([request('a', 1), request('a', 2)]);
	await turns();
	expect(run.getState().run.kind).toBe('failed');
	expect(queue.getState().entries).toEqual([]);
});

const entry = (id: number, state: QueueEntry['state'], runId: string | null = null): QueueEntry => ({
	id,
	batch: 1,
	request: request('a', id),
	state,
	runId,
	devF1: null,
	seconds: null,
});

test('after a reload the list is there and waits; what ran then is paused', async () => {
	const { queue, started, states } = setUp([entry(1, 'running', 'x'), entry(2, 'waiting')]);
	await turns();
	expect([states(), queue.getState().isHeld, started]).toEqual([['paused', 'waiting'], true, []]);
	queue.getState().goOn();
	await turns();
	expect(started).toEqual(['a 2']);
});

test('a list whose run another tab trains is left to that tab, until it is gone', async () => {
	const claimed = ['x'];
	const { queue, states, saved } = setUp([entry(1, 'running', 'x'), entry(2, 'waiting')], undefined, claimed);
	await turns();
	expect([states(), saved]).toEqual([[], []]);
	claimed.pop();
	await queue.getState().takeUp();
	expect([states(), queue.getState().isHeld]).toEqual([['paused', 'waiting'], true]);
});

test.each([[null], [3], ['text'], [[entry(1, 'finished')]], [[{ id: 'x' }]]])(
	'a kept list %j that holds nothing to do is none',
	async (kept) => {
		const { queue } = setUp(kept);
		await turns();
		expect(queue.getState().entries).toEqual([]);
	},
);

describe('the order', () => {
	const entries = [entry(1, 'running'), entry(2, 'waiting'), entry(3, 'waiting')];

	test('changes among those that wait', () => {
		expect(moved(entries, 3, -1).map(({ id }) => id)).toEqual([1, 3, 2]);
	});

	test('does not change at the ends', () => {
		expect(moved(entries, 2, -1)).toBe(entries);
		expect(moved(entries, 3, 1)).toBe(entries);
	});

	test('loses what is taken off, but never what runs', async () => {
		const { queue, states } = setUp();
		await turns();
		queue.getState().add([request('a', 1), request('a', 2), request('a', 3)]);
		const [first, second] = queue.getState().entries;
		queue.getState().remove(first.id);
		queue.getState().remove(second.id);
		expect(states()).toEqual(['running', 'waiting']);
	});
});

describe('a list that an earlier version stored', () => {
	const stored = () => JSON.parse(readFileSync('fixtures/run-queue/one-form.json', 'utf8'));

	test('has all its runs, in the form of today', async () => {
		const { queue, states } = setUp(stored());
		await turns();
		expect(states()).toEqual(['paused', 'waiting', 'waiting', 'waiting']);
		const requests = queue.getState().entries.map((entry) => entry.request);
		const sample = { corpusId: 'sample', lexiconId: 'sample', wordVectorsId: 'sample-words' };
		expect(requests).toMatchObject([
			{ kind: 'new', name: 'heads', seed: 1, mapPoints: 20_000, settings: { 'model.heads': '4' } },
			{ kind: 'new', name: 'heads', seed: 2, input: { kind: 'stored', stored: sample } },
			{ kind: 'from-checkpoint', checkpointId: 'run-0', seed: 3, labels: { setting: 'annotate-labels', count: 8 } },
			{ kind: 'from-checkpoint', checkpointId: 'run-0', name: 'run-0 + mine', seed: null, preset: 'sample' },
		]);
		expect(requests.filter((one) => 'stored' in one || 'continuesSaved' in one)).toEqual([]);
	});

	test('starts with its first run that waits', async () => {
		const { queue, started } = setUp(stored());
		await turns();
		queue.getState().goOn();
		await turns();
		expect(started).toEqual(['sample 2']);
	});

	test('loses what no run can start from', async () => {
		const nothing = { ...entry(2, 'waiting'), request: { preset: 'smoke', files: null } };
		const { queue } = setUp([entry(1, 'waiting'), nothing, { ...entry(3, 'waiting'), request: null }]);
		await turns();
		expect(queue.getState().entries.map(({ id }) => id)).toEqual([1]);
	});
});
