import { expect, test } from 'vitest';
import { runFinished, runStarted, stepDone } from '../testing/run-events';
import { UserError } from '../util/errors';
import { failureEvent } from './run-failure';
import { type RecordedState, recordedStateOf, recordedStates, runStatus } from './run-status';

const full = { code: 'storage-full', atMs: 5 };
const gone = { code: 'storage-unavailable', atMs: 5 };

test.each([
	// recorded, failure to save, somebody trains it, can be resumed | status, reason
	['running', null, true, true, 'training', null],
	['running', full, true, true, 'training', null],
	['running', null, false, true, 'paused', 'interrupted'],
	['running', full, false, true, 'paused', 'storage-full'],
	['running', gone, false, true, 'paused', 'storage-gone'],
	['running', null, false, false, 'stopped', 'interrupted'],
	['paused', null, true, true, 'paused', 'own-pause'],
	['paused', null, false, true, 'paused', 'own-pause'],
	['paused', null, false, false, 'stopped', 'interrupted'],
	['stopped', null, false, true, 'stopped', 'own-stop'],
	['completed', null, false, false, 'finished', null],
	['not-a-number', null, false, true, 'failed', 'not-a-number'],
	['device-lost', null, false, true, 'failed', 'device-lost'],
	['out-of-memory', null, false, true, 'failed', 'out-of-memory'],
	['error', null, false, false, 'failed', 'error'],
] as const)(
	'%s, %j, active %s, resumable %s: %s for %s',
	(state, saveFailure, isActive, isResumable, status, reason) => {
		expect(runStatus({ state, saveFailure }, { isActive, isResumable })).toEqual({ status, reason });
	},
);

test('no recorded state is training or finished by itself', () => {
	for (const state of recordedStates) {
		const { status } = runStatus({ state }, { isActive: false, isResumable: true });
		expect(status).not.toBe('training');
		if (state !== 'completed') expect(status).not.toBe('finished');
	}
});

test.each<[RecordedState, Parameters<typeof recordedStateOf>[0]]>([
	['running', []],
	['running', [runStarted(), stepDone('full', 1)]],
	['completed', [runStarted(), stepDone('full', 1), runFinished()]],
	['stopped', [runStarted(), runFinished('stopped')]],
	['running', [runStarted(), runFinished('stopped'), runStarted({ resumed: true }), stepDone('full', 2)]],
	['device-lost', [runStarted(), runFinished('device-lost')]],
])('a log tells that its run was %s', (state, events) => {
	expect(recordedStateOf(events)).toBe(state);
});

test.each([
	[new UserError({ code: 'gpu-out-of-memory', expected: 'a', found: 'b', remedy: 'c' }), 'out-of-memory'],
	[new RangeError('Array buffer allocation failed'), 'out-of-memory'],
	[new RangeError('Invalid typed array length: 9999999999'), 'out-of-memory'],
	[new RangeError('Maximum call stack size exceeded'), 'error'],
	[new Error('invariant: x'), 'error'],
	[new UserError({ code: 'storage-damaged', expected: 'a', found: 'b', remedy: 'c' }), 'error'],
])('%s ends a run as %s', (error, reason) => {
	const event = failureEvent(error, { stages: [], seconds: 3 });
	expect(event).toMatchObject({ kind: 'finished', reason, message: error.message, seconds: 3 });
	expect('error' in event).toBe(error instanceof UserError);
});
