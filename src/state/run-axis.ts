// Where a step lies on the axis of epochs over all stages of a run. Pure.

import type { StageProgress } from './run-progress';

/** Epochs before each stage, in order. */
export function stageStarts(stages: readonly StageProgress[]): { stage: string; x: number }[] {
	let x = 0;
	return stages.map(({ stage, summary, epoch }) => {
		const start = { stage, x };
		x += summary?.epochsRun ?? epoch;
		return start;
	});
}

/** The place of a step of the whole run (from 1) in epochs: 2.5 is the middle of the third epoch. */
export function epochAt(stages: readonly StageProgress[], step: number): number {
	const starts = stageStarts(stages);
	let index = stages.length - 1;
	while (index > 0 && stages[index].firstStep >= step) index--;
	const stage = stages[index];
	if (!stage) return 0;
	return starts[index].x + (step - stage.firstStep) / Math.max(1, stage.stepsPerEpoch);
}

/** Steps that a stage still needs at most; 0 for one that ended. */
export function stepsLeft({ summary, epochs, stepsPerEpoch, step }: StageProgress): number {
	return summary ? 0 : Math.max(0, epochs * stepsPerEpoch - step);
}
