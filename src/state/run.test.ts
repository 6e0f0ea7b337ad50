import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { decodeLog, encodeLog } from '../storage/workspace/run-log';
import { freshRunDetail, noStoredInput, type RunDetail } from '../storage/workspace/run-record';
import { epochFinished, runFinished, runStarted, stageStarted, stepDone, tinyDevice } from '../testing/run-events';
import { presetRun } from '../testing/run-requests';
import { turns } from '../testing/turns';
import { UserError } from '../util/errors';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import type { CorpusFiles, ResumedRunRequest, RunRequest } from '../wire/runs';
import { emitter, type Handlers, serve } from '../worker/serve';
import { createRunStore } from './run';

const request = presetRun('c');
const started = runStarted();

function setUp(handlers: Partial<Handlers> = {}) {
	const channel = new MessageChannel();
	channel.port1.start();
	channel.port2.start();
	const calm: Partial<Handlers> = {
		'start-run': async () => ({ entityTypes: ['PER'], runId: 'a' }),
		'pause-run': async () => ({ isPaused: true }),
		'resume-run': async () => ({ isPaused: false }),
		'stop-run': async () => ({ isStopped: true }),
		'saved-run': async () => null,
	};
	serve(channel.port2 as WirePort, { ...calm, ...handlers } as Handlers);
	const store = createRunStore(new WorkerClient(channel.port1 as WirePort));
	const emit = emitter(channel.port2 as WirePort);
	const say = async (...events: TrainingEvent[]) => {
		emit('training', { events, memoryBytes: 1e6 });
		await turns();
	};
	return { store, say, emit, close: () => channel.port1.close() };
}

test('a run goes from idle over preparing and training to finished', async () => {
	const { store, say, close } = setUp();
	const kinds = [store.getState().run.kind];
	store.subscribe((state, before) => {
		if (state.run.kind !== before.run.kind) kinds.push(state.run.kind);
	});
	await store.getState().start(request);
	await say(started, stageStarted('full'), stepDone('full', 1));
	await say(epochFinished('full', 1), runFinished());
	expect(kinds).toEqual(['idle', 'preparing', 'training', 'finished']);
	expect(store.getState()).toMatchObject({
		canTag: true,
		parameterCount: 12,
		entityTypes: ['PER'],
		memoryBytes: 1e6,
	});
	close();
});

test('pause and resume change the state only when the worker has heard', async () => {
	const { store, say, close } = setUp();
	await store.getState().start(request);
	await say(started, stageStarted('a'));
	await store.getState().pause();
	expect(store.getState().run.kind).toBe('paused');
	await store.getState().resume();
	expect(store.getState().run.kind).toBe('training');
	close();
});

test('a request that cannot be made becomes a problem, and another start is possible', async () => {
	const { store, close } = setUp();
	const parts = { code: 'corpus-empty', location: { file: 'a', line: 2 }, expected: 'x', found: 'y', remedy: 'Do z.' };
	await store.getState().start(Promise.reject(new UserError(parts)));
	expect(store.getState().run.kind).toBe('failed');
	expect(store.getState().problem).toEqual({
		kind: 'user',
		code: 'corpus-empty',
		location: 'a:2: ',
		expected: 'x',
		found: 'y',
		remedy: 'Do z.',
	});
	await store.getState().start(request);
	expect(store.getState().problem).toBeNull();
	close();
});

test('a run that breaks in the worker fails with its message', async () => {
	const { store, say, emit, close } = setUp();
	await store.getState().start(request);
	await say(started);
	emit('run-failed', { error: { kind: 'bug', message: 'invariant: x', stack: '' } });
	await turns();
	expect(store.getState().run.kind).toBe('failed');
	expect(store.getState().problem).toEqual({ kind: 'bug', message: 'invariant: x' });
	close();
});

test('a run that another tab has taken over is paused here, for that reason', async () => {
	const { store, say, emit, close } = setUp();
	await store.getState().start(request);
	await say(started);
	const parts = { code: 'run-taken-over', location: {}, expected: 'x', found: 'y', remedy: 'z' };
	emit('run-failed', { error: { kind: 'user', parts } });
	await new Promise((resolve) => setTimeout(resolve, 5));
	expect(store.getState().run).toMatchObject({ kind: 'cut-off', reason: 'taken-over' });
	close();
});

test('a run whose loss is no number has failed, with its message, and what it learned before can tag', async () => {
	const { store, say, close } = setUp();
	await store.getState().start(request);
	await say(started, stageStarted('a'), epochFinished('a', 2));
	await say(runFinished('not-a-number', { message: 'step 3' }));
	expect(store.getState()).toMatchObject({
		run: { kind: 'failed' },
		problem: { kind: 'run-ended', reason: 'not-a-number', message: 'step 3' },
		canTag: true,
	});
	close();
});

/** A wire whose worker has stored a run: five events, of which the first four were saved with its state. */
function withStoredRun(handlers: Partial<Handlers> = {}) {
	const events = [started, stageStarted('a'), stepDone('a', 1), stepDone('a', 2), stepDone('a', 3)];
	const config = presetConfig('smoke');
	const resumable = { stage: 'a', epoch: 1, savedAtMs: 7, logEvents: 4 };
	const item = { kind: 'run', id: 'a', detail: { ...freshRunDetail(noStoredInput), config, resumable } };
	const asked: RunRequest[] = [];
	const opened: string[] = [];
	return {
		asked,
		opened,
		...setUp({
			'saved-run': async () => ({ runId: 'a', preset: 'smoke', pauseReason: 'interrupted', ...resumable }),
			'list-items': async () => ({ items: [], unreadable: [], claimedRuns: [] }),
			'load-run': async () => ({ item: item as unknown as ItemOf<'run'>, log: decodeLog(encodeLog(events, 0)) }),
			'start-run': async (wanted) => {
				asked.push(wanted);
				return { entityTypes: ['PER'], runId: 'a' };
			},
			'open-device': async ({ backend }) => {
				opened.push(backend);
				return { info: { ...tinyDevice, label: backend }, gpu: 'not-asked', findings: [] };
			},
			...handlers,
		}),
	};
}

test('a run that a closed page cut off stands where it was saved, and goes on in the same curves', async () => {
	const { store, say, asked, close } = withStoredRun();
	await store.getState().findCutOff();
	expect(store.getState().run).toEqual({ kind: 'cut-off', reason: 'interrupted', savedAtMs: 7 });
	expect(store.getState().series.points.map(({ step: at }) => at)).toEqual([1, 2]);
	await store.getState().resume();
	expect(asked).toMatchObject([{ kind: 'resumed', runId: 'a', files: null }]);
	await say(runStarted({ resumed: true }), stageStarted('a'), stepDone('a', 3));
	expect(store.getState().series.points.map(({ step: at }) => at)).toEqual([1, 2, 3]);
	expect(store.getState()).toMatchObject({ run: { kind: 'training' }, resumedAt: [2], runId: 'a' });
	close();
});

test('a run that was stopped on purpose does not stand there as paused', async () => {
	const stopped = { runId: 'a', preset: 'smoke', stage: 'a', epoch: 1, savedAtMs: 7, pauseReason: null };
	const { store, close } = withStoredRun({ 'saved-run': async () => stopped });
	await store.getState().findCutOff();
	expect(store.getState().run.kind).toBe('idle');
	close();
});

const lost = runFinished('device-lost', { message: 'gone' });

test('after a lost device the run goes on by itself from its last saved state, on wasm after the third time', async () => {
	const { store, say, asked, opened, close } = withStoredRun();
	const kinds: string[] = [];
	store.subscribe(({ run }, before) => {
		if (run.kind !== before.run.kind) kinds.push(run.kind);
	});
	await store.getState().openDevice('webgpu');
	await store.getState().start(request);
	for (let time = 0; time < 3; time++) {
		await say(started, stageStarted('a'), stepDone('a', 3));
		await say(lost);
		await turns();
	}
	expect(opened).toEqual(['webgpu', 'webgpu', 'webgpu', 'wasm']);
	expect(asked.map(({ kind }) => kind)).toEqual(['new', 'resumed', 'resumed', 'resumed']);
	expect(kinds).not.toContain('failed');
	expect(store.getState()).toMatchObject({
		problem: null,
		recovery: { lostStep: 3, resumedStep: 2, deviceLabel: 'wasm', isMoved: true },
	});
	await say(started, lost);
	expect(store.getState()).toMatchObject({ run: { kind: 'failed' }, problem: { reason: 'device-lost' } });
	close();
});

test('a run whose device was lost before anything was saved begins again by itself, with its own files', async () => {
	const fresh = { kind: 'run', id: 'a', detail: { ...freshRunDetail(noStoredInput), config: presetConfig('smoke') } };
	const log = decodeLog(encodeLog([started, stageStarted('a'), lost], 0));
	const { store, say, asked, opened, close } = withStoredRun({
		'load-run': async () => ({ item: fresh as unknown as ItemOf<'run'>, log }),
	});
	const kinds = new Set<string>();
	store.subscribe(({ run }) => kinds.add(run.kind));
	const file = { name: 'a.txt', content: new Blob(['x']) };
	const files = { train: file, dev: file } as unknown as CorpusFiles;
	await store.getState().openDevice('webgpu');
	await store.getState().start({ ...request, input: { kind: 'files', files } });
	for (let time = 0; time < 3; time++) {
		// In its preparation, while its first step is compiled, and after some steps.
		await say(...[started, stageStarted('a'), stepDone('a', 1)].slice(0, time + 1), lost);
		await turns();
		expect(store.getState().recovery).toMatchObject({ resumedStep: 0 });
	}
	const resumed = asked.slice(1) as ResumedRunRequest[];
	expect(resumed.map(({ kind, runId, files: again }) => [kind, runId, again?.train.name])).toEqual(
		Array(3).fill(['resumed', 'a', 'a.txt']),
	);
	expect(kinds).not.toContain('failed');
	expect(opened).toEqual(['webgpu', 'webgpu', 'webgpu', 'wasm']);
	await say(started, lost);
	await turns();
	expect(store.getState()).toMatchObject({ run: { kind: 'failed' }, problem: { reason: 'device-lost' } });
	expect(asked).toHaveLength(4);
	close();
});

test('a run that is stopped while its lost device is opened again stays stopped', async () => {
	let open = () => {};
	const stops: unknown[] = [];
	const { store, say, asked, close } = withStoredRun({
		'open-device': () =>
			new Promise((resolve) => {
				open = () => resolve({ info: tinyDevice, gpu: 'not-asked', findings: [] });
			}),
		'stop-run': async (wanted) => {
			stops.push(wanted);
			return { isStopped: true };
		},
	});
	await store.getState().start(request);
	await say(started, stageStarted('a'), lost);
	expect(store.getState().run.kind).toBe('recovering');
	await store.getState().stop();
	open();
	await turns();
	expect([asked.length, stops]).toEqual([1, [{ runId: 'a' }]]);
	expect(store.getState().run.kind).not.toBe('training');
	close();
});

test('a paused run that no page holds can be stopped, and what another tab does to it is seen', async () => {
	let state: RunDetail['state'] = 'running';
	const stops: unknown[] = [];
	const wire = withStoredRun({
		'load-run': async () => {
			const resumable = { stage: 'a', epoch: 1, savedAtMs: 7, logEvents: 2 };
			const detail = { ...freshRunDetail(noStoredInput), config: presetConfig('smoke'), resumable, state, seconds: 4 };
			return {
				item: { kind: 'run', id: 'a', detail } as unknown as ItemOf<'run'>,
				log: decodeLog(encodeLog([started, stageStarted('a')], 0)),
			};
		},
		'stop-run': async (wanted) => {
			stops.push(wanted);
			state = 'stopped';
			return { isStopped: true };
		},
	});
	const { store, emit, close } = wire;
	await store.getState().findCutOff();
	expect(store.getState().run).toMatchObject({ kind: 'cut-off', reason: 'interrupted' });
	await store.getState().stop();
	expect([stops, store.getState().run]).toEqual([[{ runId: 'a' }], { kind: 'stopped', seconds: 4 }]);

	state = 'paused';
	store.setState({ run: { kind: 'cut-off', reason: 'own-pause', savedAtMs: 7 } });
	state = 'completed';
	emit('workspace-changed', { change: { kind: 'run', id: 'a', revision: 9 }, isHere: false });
	await turns();
	expect(store.getState().run).toEqual({ kind: 'finished', seconds: 4 });
	close();
});

test('a run that another tab trains, or whose data is gone, has not failed when resuming it is refused here', async () => {
	let code = 'run-input-missing';
	let claimedRuns: string[] = [];
	const { store, close } = withStoredRun({
		'start-run': async () => {
			throw new UserError({ code, expected: 'a', found: 'b', remedy: 'c' });
		},
		'list-items': async () => ({ items: [], unreadable: [], claimedRuns }),
	});
	const kinds = new Set<string>();
	store.subscribe(({ run }) => kinds.add(run.kind));
	await store.getState().findCutOff();
	await store.getState().resume();
	expect(store.getState()).toMatchObject({
		run: { kind: 'cut-off', reason: 'interrupted', savedAtMs: 7 },
		problem: { kind: 'user', code },
	});
	[code, claimedRuns] = ['run-open-elsewhere', ['a']];
	await store.getState().resume();
	expect(store.getState()).toMatchObject({ run: { kind: 'idle' }, runId: null, problem: { kind: 'user', code } });
	expect(kinds).toEqual(new Set(['cut-off', 'preparing', 'idle']));
	close();
});

test('a run whose loss is no number knows the state that it can go on from, with a lower rate', async () => {
	const { store, say, asked, close } = withStoredRun();
	await store.getState().start(request);
	await say(started, stageStarted('a'), stepDone('a', 1));
	await say(runFinished('not-a-number', { message: 'step 3' }));
	await turns();
	expect(store.getState().lastGood).toEqual({ stage: 'a', step: 2 });
	await store.getState().continueRun('a', 0.5);
	expect(asked.at(-1)).toMatchObject({ kind: 'resumed', runId: 'a', learningRateFactor: 0.5 });
	close();
});

test('a run that is called off while its input is read is none, and nothing is wrong', async () => {
	let callOff = () => {};
	const { store } = setUp({
		'start-run': () =>
			new Promise((_, reject) => {
				callOff = () => reject(new UserError({ code: 'task-cancelled', expected: 'x', found: 'y', remedy: 'z' }));
			}),
		'cancel-task': async () => {
			callOff();
			return { isCancelled: true };
		},
	});
	const started = store.getState().start(request);
	await turns();
	expect(store.getState().run.kind).toBe('preparing');
	await store.getState().stop();
	await started;
	expect(store.getState()).toMatchObject({ run: { kind: 'idle' }, problem: null });
});
