import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { decodeLog, encodeLog } from '../storage/workspace/run-log';
import { freshRunDetail, noStoredInput, type RunDetail } from '../storage/workspace/run-record';
import { runFinished, runStarted, stageStarted, stepDone } from '../testing/run-events';
import { stateOfStored, storedRunState } from './stored-run';

const started = (resumed: boolean) => runStarted({ resumed, sentences: { train: 3, dev: 1, test: 1 } });
const stage = stageStarted('full', { epochs: 9 });
const step = (number: number) => stepDone('full', number, { seconds: 0.5 });
const finished = runFinished('not-a-number', { message: 'step 4', seconds: 9 });

function itemOf(detail: Partial<RunDetail>): ItemOf<'run'> {
	const whole = { ...freshRunDetail(noStoredInput), config: presetConfig('smoke'), ...detail };
	return { kind: 'run', id: 'r', name: 'r', detail: whole } as unknown as ItemOf<'run'>;
}
const resumable = (logEvents: number) => ({ stage: 'full', epoch: 1, savedAtMs: 5, logEvents });
const logOf = (...events: TrainingEvent[]) => decodeLog(encodeLog(events, 0));

test('a run that was taken up again has one curve, one stage, and a notch where it went on', () => {
	const log = logOf(started(false), stage, step(1), step(2), started(true), stage, step(3));
	const state = stateOfStored(itemOf({ state: 'completed', seconds: 7 }), log, false);
	expect(state.series?.points.map(({ step: at }) => at)).toEqual([1, 2, 3]);
	expect(state.stages?.map(({ step: at }) => at)).toEqual([3]);
	expect(state).toMatchObject({
		resumedAt: [2],
		runId: 'r',
		run: { kind: 'finished', seconds: 7 },
	});
	expect(state.log?.map(({ atMs, workSeconds }) => [atMs, workSeconds])).toEqual([
		[null, 0],
		[null, 0],
		[null, 1],
		[null, 1],
	]);
});

test('a failed run says why, and which state it can go on from', () => {
	const log = logOf(started(false), stage, step(1), step(2), step(3), finished);
	const state = stateOfStored(itemOf({ state: 'not-a-number', resumable: resumable(4) }), log, false);
	expect(state).toMatchObject({
		run: { kind: 'failed' },
		problem: { kind: 'run-ended', reason: 'not-a-number', message: 'step 4' },
		lastGood: { stage: 'full', step: 2 },
	});
	expect(stateOfStored(itemOf({ state: 'not-a-number' }), log, false).lastGood).toBeNull();
});

test('a run without an end trains in another tab or is paused; where nothing is left of it, it has stopped', () => {
	const saved = itemOf({ resumable: resumable(2) });
	expect(storedRunState(saved, true)).toEqual({ kind: 'training' });
	expect(storedRunState(saved, false)).toEqual({ kind: 'cut-off', reason: 'interrupted', savedAtMs: 5 });
	expect(storedRunState(itemOf({}), false)).toMatchObject({ kind: 'stopped' });
});
