import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import { applyEvents, logLimit } from './run-events';
import { freshRun, type RunStoreState } from './run-progress';

const device = { name: 'wasm', label: 'WASM', isSoftware: false, threads: 1 } as const;
const started: TrainingEvent = {
	kind: 'run-started',
	config: presetConfig('smoke'),
	device,
	parameterCount: 12,
	sentences: { train: 1, dev: 1, test: 1 },
	resumed: false,
};
const before = { ...freshRun, run: { kind: 'preparing' } } as unknown as RunStoreState;

function stageStarted(stage: string): TrainingEvent {
	return { kind: 'stage-started', stage, index: 0, epochs: 2, stepsPerEpoch: 2 };
}
function step(stage: string, number: number, { seconds = 0, characters = 1 } = {}): TrainingEvent {
	return { kind: 'step', stage, epoch: 1, step: number, loss: number, learningRate: 1, characters, seconds };
}
function epochFinished(stage: string, number: number): TrainingEvent {
	const seconds = { trainSeconds: 1, evaluationSeconds: 1 };
	const figures = { trainLoss: 1, learningRate: 1, dev: null, test: null, isBest: true };
	return { kind: 'epoch-finished', stage, epoch: 1, step: number, ...figures, ...seconds };
}

test('steps count over all stages, each point keeps its stage', () => {
	const first = [started, stageStarted('a'), step('a', 1), step('a', 2), stageStarted('b'), step('b', 1)];
	const heard = { ...before, ...applyEvents(before, first, 0) };
	const { series, epochs } = applyEvents(heard, [step('b', 2), epochFinished('b', 2)], 0);
	expect(series?.points.map(({ step: at, stage }) => `${stage}${at}`)).toEqual(['a1', 'a2', 'b3', 'b4']);
	expect(epochs?.[0].step).toBe(4);
});

test('the log keeps all but steps, and the pace is the mean of the first steps', () => {
	const steps = [step('a', 1, { seconds: 2, characters: 30 }), step('a', 2, { seconds: 4, characters: 30 })];
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
