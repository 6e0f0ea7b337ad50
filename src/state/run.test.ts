import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import { UserError } from '../util/errors';
import { WorkerClient } from '../worker/client';
import type { RunRequest, WirePort } from '../worker/protocol';
import { emitter, type Handlers, serve } from '../worker/serve';
import { createRunStore } from './run';

const device = { name: 'wasm', label: 'WASM', isSoftware: false, threads: 1 } as const;
const request = {} as RunRequest;
const started: TrainingEvent = {
	kind: 'run-started',
	config: presetConfig('smoke'),
	device,
	parameterCount: 12,
	sentences: { train: 1, dev: 1, test: 1 },
	resumed: false,
};
const finished: TrainingEvent = { kind: 'finished', reason: 'completed', message: '', stages: [], seconds: 1 };

function stageStarted(stage: string): TrainingEvent {
	return { kind: 'stage-started', stage, index: 0, epochs: 2, stepsPerEpoch: 2 };
}
function step(stage: string, number: number): TrainingEvent {
	return { kind: 'step', stage, epoch: 1, step: number, loss: number, learningRate: 1, characters: 1, seconds: 0 };
}
function epochFinished(stage: string, number: number): TrainingEvent {
	const rest = {
		trainLoss: 1,
		learningRate: 1,
		dev: null,
		test: null,
		isBest: true,
		trainSeconds: 1,
		evaluationSeconds: 1,
	};
	return { kind: 'epoch-finished', stage, epoch: 1, step: number, ...rest };
}

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
		emit('training', { events });
		await new Promise((resolve) => setTimeout(resolve, 5));
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
	await say(started, stageStarted('full'), step('full', 1));
	await say(epochFinished('full', 1), finished);
	expect(kinds).toEqual(['idle', 'preparing', 'training', 'finished']);
	expect(store.getState()).toMatchObject({ canTag: true, parameterCount: 12, entityTypes: ['PER'] });
	close();
});

test('steps count over all stages, each point keeps its stage', async () => {
	const { store, say, close } = setUp();
	await store.getState().start(request);
	await say(started, stageStarted('a'), step('a', 1), step('a', 2), stageStarted('b'), step('b', 1));
	await say(step('b', 2), epochFinished('b', 2));
	const { losses, epochs } = store.getState();
	expect(losses.points.map(({ step: at, stage }) => `${stage}${at}`)).toEqual(['a1', 'a2', 'b3', 'b4']);
	expect(epochs[0].step).toBe(4);
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
	const parts = { code: 'corpus-empty', place: { file: 'a', line: 2 }, expected: 'x', found: 'y', remedy: 'Do z.' };
	await store.getState().start(Promise.reject(new UserError(parts)));
	expect(store.getState().run.kind).toBe('failed');
	expect(store.getState().problem).toEqual({
		kind: 'user',
		code: 'corpus-empty',
		place: 'a:2: ',
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
	await new Promise((resolve) => setTimeout(resolve, 5));
	expect(store.getState().run.kind).toBe('failed');
	expect(store.getState().problem).toEqual({ kind: 'bug', message: 'invariant: x' });
	close();
});

test('a run whose loss is no number has failed, with its message, and what it learned before can tag', async () => {
	const { store, say, close } = setUp();
	await store.getState().start(request);
	await say(started, stageStarted('a'), epochFinished('a', 2));
	await say({ kind: 'finished', reason: 'not-a-number', message: 'step 3', stages: [], seconds: 1 });
	expect(store.getState()).toMatchObject({
		run: { kind: 'failed' },
		problem: { kind: 'run-ended', reason: 'not-a-number', message: 'step 3' },
		canTag: true,
	});
	close();
});

test('the log keeps all but steps, and the pace is the mean of the first steps', async () => {
	const { store, say, close } = setUp();
	await store.getState().start(request);
	const timed = (number: number, seconds: number): TrainingEvent => ({
		kind: 'step',
		stage: 'a',
		epoch: 1,
		step: number,
		loss: 1,
		learningRate: 1,
		characters: 30,
		seconds,
	});
	await say(started, stageStarted('a'), timed(1, 2), timed(2, 4));
	expect(store.getState().log.map(({ id, event }) => [id, event.kind])).toEqual([
		[1, 'run-started'],
		[2, 'stage-started'],
	]);
	expect(store.getState().pace).toEqual({ secondsPerStep: 3, charactersPerSecond: 11.25, steps: 2 });
	expect(store.getState().workSeconds).toBe(6);
	close();
});
