import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { epochFinished, runStarted, stageStarted, stepDone } from '../testing/run-events';
import { applyEvents, logLimit } from './run-events';
import { freshRun, type RunStoreState } from './run-progress';

const started = runStarted();
const before = { ...freshRun, run: { kind: 'preparing' } } as unknown as RunStoreState;

test('steps count over all stages, each point keeps its stage', () => {
	const first = [started, stageStarted('a'), stepDone('a', 1), stepDone('a', 2), stageStarted('b'), stepDone('b', 1)];
	const heard = { ...before, ...applyEvents(before, first, 0) };
	const { series, epochs } = applyEvents(heard, [stepDone('b', 2), epochFinished('b', 2)], 0);
	expect(series?.points.map(({ step: at, stage }) => `${stage}${at}`)).toEqual(['a1', 'a2', 'b3', 'b4']);
	expect(epochs?.[0].step).toBe(4);
});

test('the log keeps all but steps, and the pace is the mean of the first steps', () => {
	const steps = [stepDone('a', 1, { seconds: 2, characters: 30 }), stepDone('a', 2, { seconds: 4, characters: 30 })];
	const { log, pace, workSeconds } = applyEvents(before, [started, stageStarted('a'), ...steps], 5);
	expect(log?.map(({ id, atMs, event }) => [id, atMs, event.kind])).toEqual([
		[1, 5, 'run-started'],
		[2, 5, 'stage-started'],
	]);
	expect(pace).toEqual({ secondsPerStep: 3, charactersPerSecond: 11.25, steps: 2 });
	expect(workSeconds).toBe(6);
});

test('a long log lets its oldest entries go, and its identifiers go on rising', () => {
	const warnings = Array.from(
		{ length: logLimit + 3 },
		(_, number): TrainingEvent => ({ kind: 'warning', code: 'x', message: String(number) }),
	);
	const { log } = applyEvents(before, warnings, 0);
	expect(log).toHaveLength(logLimit);
	expect(log?.[0].id).toBe(4);
	expect(log?.at(-1)?.id).toBe(logLimit + 3);
});
