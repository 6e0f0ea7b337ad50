import { expect, test } from 'vitest';
import { epochAt, stageStarts, stepsLeft } from './run-axis';
import type { StageProgress } from './run-progress';

const stage = (name: string, more: Partial<StageProgress>): StageProgress => ({
	stage: name,
	epochs: 10,
	stepsPerEpoch: 4,
	epoch: 1,
	step: 0,
	firstStep: 0,
	summary: null,
	...more,
});
const ended = { stage: 'a', bestEpoch: 2, bestValue: 1, epochsRun: 3, reason: 'patience' } as const;

test('a stage begins where the epochs of the one before ended', () => {
	const stages = [stage('a', { summary: ended, step: 12 }), stage('b', { firstStep: 12, epoch: 2, step: 6 })];
	expect(stageStarts(stages)).toEqual([
		{ stage: 'a', x: 0 },
		{ stage: 'b', x: 3 },
	]);
	expect(epochAt(stages, 2)).toBe(0.5);
	expect(epochAt(stages, 12)).toBe(3);
	expect(epochAt(stages, 14)).toBe(3.5);
});

test('an ended stage needs no more steps, a running one those of its plan', () => {
	expect(stepsLeft(stage('a', { summary: ended, step: 12 }))).toBe(0);
	expect(stepsLeft(stage('b', { step: 6 }))).toBe(34);
});
