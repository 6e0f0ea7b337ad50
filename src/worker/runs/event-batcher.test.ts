import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { EventBatcher } from './event-batcher';

function step(number: number): TrainingEvent {
	return { kind: 'step', stage: 's', epoch: 1, step: number, loss: 1, learningRate: 1, characters: 1, seconds: 0.01 };
}
const finished: TrainingEvent = { kind: 'finished', reason: 'completed', message: '', stages: [], seconds: 1 };

function setUp() {
	const sent: TrainingEvent[][] = [];
	const clock = { ms: 0 };
	const timers: (() => void)[] = [];
	const batcher = new EventBatcher({
		send: (events) => sent.push(events),
		intervalMs: 100,
		now: () => clock.ms,
		later: (callback) => timers.push(callback),
	});
	return { sent, clock, timers, batcher };
}

test('events of one interval travel in one message, none is lost, order is kept', () => {
	const { sent, clock, batcher } = setUp();
	for (let number = 1; number <= 30; number++) {
		clock.ms = number * 10;
		batcher.add(step(number));
	}
	batcher.flush();
	expect(sent.length).toBeLessThanOrEqual(4);
	expect(sent.flat().map((event) => (event.kind === 'step' ? event.step : 0))).toEqual(
		Array.from({ length: 30 }, (_, index) => index + 1),
	);
});

test('the last event of a run goes at once, after those that waited', () => {
	const { sent, batcher } = setUp();
	batcher.add(step(1));
	batcher.add(step(2));
	batcher.add(finished);
	expect(sent).toEqual([[step(1)], [step(2), finished]]);
});

test('an event that nothing follows is sent by the timer', () => {
	const { sent, timers, batcher } = setUp();
	batcher.add(step(1));
	batcher.add(step(2));
	batcher.add(step(3));
	expect(timers.length).toBe(1);
	timers[0]();
	expect(sent).toEqual([[step(1)], [step(2), step(3)]]);
});
