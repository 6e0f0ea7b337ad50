// The learning rate of each step: a linear warm-up over a share of the planned steps, then constant, with a decay by
// epoch. As published, the warm-up overwrites the decayed rate before every update, so the decay acts only where the
// warm-up is 0 (reference/trajectory).

import type { StageConfig } from '../experiment/config';

export interface ScheduleOptions {
	/** Training sentences. */
	sentences: number;
	/** QuirkConfig.warmupSilencesDecay. */
	warmupSilencesDecay: boolean;
}

/** Batches of one epoch; the last one may be short. */
export function stepsPerEpoch(stage: StageConfig, sentences: number): number {
	return Math.ceil(sentences / stage.batchSize);
}

/** Updates over all planned epochs, as the published warm-up counts them; at least 2. */
export function plannedUpdates(stage: StageConfig, sentences: number): number {
	return Math.max(2, Math.ceil(sentences / (stage.batchSize * stage.updateEvery)) * stage.epochs);
}

/** The rate of step `step` (from 1, over the whole stage, skipped steps counted) in epoch `epoch` (from 1). */
export function learningRateAt(stage: StageConfig, step: number, epoch: number, options: ScheduleOptions): number {
	const { learningRate, warmup, epochDecay } = stage.optimizer;
	const isSilenced = warmup > 0 && options.warmupSilencesDecay;
	const decayed = isSilenced ? learningRate : learningRate / (1 + epochDecay * (epoch - 1));
	if (warmup === 0) return decayed;
	const progress = step / stage.updateEvery / plannedUpdates(stage, options.sentences);
	return progress < warmup ? decayed * (progress / warmup) : decayed;
}
