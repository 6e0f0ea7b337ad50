import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { turns } from '../../testing/turns';
import { breathe } from '../breathe';
import { RunSession } from './run-session';

async function* steps(count: number, signal: AbortSignal): AsyncGenerator<TrainingEvent> {
	for (let step = 1; step <= count && !signal.aborted; step++) {
		yield { kind: 'step', stage: 's', epoch: 1, step, loss: 1, learningRate: 1, characters: 1, seconds: 0 };
	}
	const reason = signal.aborted ? 'stopped' : 'completed';
	yield { kind: 'finished', reason, message: '', stages: [], seconds: 0 };
}

function setUp(onEvent: (event: TrainingEvent, session: RunSession) => void) {
	let clock = 0;
	const session: RunSession = new RunSession({
		onEvent: (event) => onEvent(event, session),
		breathe,
		now: () => (clock += 30),
	});
	return session;
}

test('a paused run makes no step until it is resumed', async () => {
	const seen: string[] = [];
	const session = setUp((event, self) => {
		seen.push(event.kind);
		if (seen.length === 3) void self.pause();
	});
	const done = session.run(steps(10, session.signal));
	while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
	await turns(40);
	expect(seen.length).toBe(3);
	expect(session.isPaused).toBe(true);
	session.resume();
	await done;
	expect(seen.length).toBe(11);
});

test('a stopped run ends with its own last event, even while paused', async () => {
	const seen: TrainingEvent[] = [];
	const session = setUp((event, self) => {
		seen.push(event);
		if (seen.length === 2) self.pause();
	});
	const done = session.run(steps(1000, session.signal));
	while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
	session.stop();
	await done;
	expect(seen.length).toBe(3);
	expect(seen.at(-1)).toMatchObject({ kind: 'finished', reason: 'stopped' });
});

test('commands are heard while a run that never waits goes on', async () => {
	let count = 0;
	const session = setUp(() => count++);
	const channel = new MessageChannel();
	channel.port2.onmessage = () => session.stop();
	channel.port1.postMessage('stop');
	await session.run(steps(100_000, session.signal));
	channel.port1.close();
	expect(count).toBeLessThan(100_000);
});

test('a pause that keeps the state waits until it was taken, and takes it once', async () => {
	const seen: string[] = [];
	const session = new RunSession({
		onEvent: (event) => seen.push(event.kind),
		breathe,
		now: () => 0,
		keepsState: true,
	});
	let kept = 0;
	let heldAt = 0;
	async function* keeping(): AsyncGenerator<TrainingEvent> {
		for await (const event of steps(5, session.signal)) {
			if (seen.length === 2) void session.pause().then(() => (heldAt = seen.length));
			yield event;
			if (session.takesState()) kept++;
		}
	}
	const done = session.run(keeping());
	await turns();
	expect([kept, seen.length, heldAt]).toEqual([1, 4, 4]);
	session.resume();
	await done;
	expect([kept, seen.length]).toEqual([1, 6]);
});

test('a run that is paused in an evaluation is held between two batches, once its state was kept', async () => {
	const session = new RunSession({ onEvent: () => {}, breathe, now: () => 0, keepsState: true });
	const order: string[] = [];
	async function* evaluating(): AsyncGenerator<TrainingEvent> {
		for (let batch = 1; batch <= 4; batch++) {
			await breathe();
			if (batch === 2) void session.pause().then(() => order.push('held'));
			await session.holdHere(); // not before the state was kept
			if (session.takesState()) order.push('kept');
			await session.holdHere();
			order.push(`batch ${batch}`);
		}
		yield* steps(0, session.signal);
	}
	const done = session.run(evaluating());
	await turns();
	expect(order).toEqual(['batch 1', 'kept', 'held']);
	session.resume();
	await done;
	expect(order).toEqual(['batch 1', 'kept', 'held', 'batch 2', 'batch 3', 'batch 4']);
});

test('side work is done between steps and, while the run is paused, to its end', async () => {
	let clock = 0;
	let left = 40;
	let stepsSeen = 0;
	const session: RunSession = new RunSession({
		onEvent: () => {
			clock += 10;
			if (++stepsSeen === 5) session.pause();
		},
		breathe,
		now: () => clock,
		beside: {
			pull: async (sliceMs) => {
				clock += sliceMs;
				left = Math.max(0, left - 1);
				return left > 0;
			},
		},
	});
	const done = session.run(steps(10, session.signal));
	while (left > 0) await new Promise((resolve) => setTimeout(resolve, 1));
	expect(stepsSeen).toBe(5);
	session.resume();
	await done;
	expect(stepsSeen).toBe(11);
});
