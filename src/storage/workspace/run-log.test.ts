import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { errorCodeOf } from '../../testing/error-code';
import { decodeLog, encodeLog, joinLogs } from './run-log';
import { eventsOf } from './run-log-columns';

const step = (stage: string, number: number): TrainingEvent => ({
	kind: 'step',
	stage,
	epoch: 1,
	step: number,
	loss: 10 / 3 / number,
	learningRate: 0.5,
	characters: 100 + number,
	seconds: 0.25,
});
const started = (stage: string, index: number): TrainingEvent => ({
	kind: 'stage-started',
	stage,
	index,
	epochs: 2,
	stepsPerEpoch: 2,
});
const events = [started('a', 0), step('a', 1), step('a', 2), started('b', 1), step('b', 1), step('b', 2)];

/** The log in pieces that begin at the given places. */
const pieces = (...cuts: number[]) =>
	cuts.map((from, index) => decodeLog(encodeLog(events.slice(from, cuts[index + 1]), from)));

test('events come back in their order, losses bit for bit, however they were cut into pieces', () => {
	expect(eventsOf(joinLogs(pieces(0)))).toEqual(events);
	expect(eventsOf(joinLogs(pieces(0, 2, 5)))).toEqual(events);
	expect(eventsOf(joinLogs([]))).toEqual([]);
});

test('a log is cut to the events before a place', () => {
	expect(eventsOf(joinLogs(pieces(0, 2, 4), 3))).toEqual(events.slice(0, 3));
});

test('a log with a missing piece is a named error', () => {
	expect(errorCodeOf(() => joinLogs([pieces(0, 2, 4)[0], pieces(0, 2, 4)[2]]))).toBe('storage-damaged');
});

test('a thousand steps take less than 40 bytes each', () => {
	const many = Array.from({ length: 1000 }, (_, index) => step('a', index + 1));
	expect(encodeLog(many, 0).length).toBeLessThan(40_000);
});
