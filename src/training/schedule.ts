// The learning rate of each step: a linear warm-up over a share of the planned steps, then constant or falling to 0 in a line,
// with a decay by epoch. As published, the warm-up overwrites the decayed rate before every update, so the decay acts only
// where the warm-up is 0 (reference/trajectory). The falling rate is that of transformers' linear schedule, which counts the
// updates done before: its first rate is 0, its last one is not (reference/trajectory-finetune).

import type { OptimizerConfig, StageConfig } from '../experiment/config';

/** What of a stage's settings the rate follows from. */
export type ScheduledStage = Pick<StageConfig, 'batchSize' | 'updateEvery' | 'epochs'> & {
	optimizer: Pick<OptimizerConfig, 'learningRate' | 'warmup' | 'epochDecay' | 'schedule'>;
};

export interface ScheduleOptions {
	/** Training sentences. */
	sentences: number;
	/** QuirkConfig.warmupSilencesDecay. */
	warmupSilencesDecay: boolean;
}

/** Batches of one epoch; the last one may be short. */
export function stepsPerEpoch(stage: Pick<StageConfig, 'batchSize'>, sentences: number): number {
	return Math.ceil(sentences / stage.batchSize);
}

/** Updates over all planned epochs, as the published warm-up counts them; at least 2. */
export function plannedUpdates(stage: Omit<ScheduledStage, 'optimizer'>, sentences: number): number {
	return Math.max(2, Math.ceil(sentences / (stage.batchSize * stage.updateEvery)) * stage.epochs);
}

/** The rate of step `step` (from 1, over the whole stage, skipped steps counted) in epoch `epoch` (from 1). */
export function learningRateAt(stage: ScheduledStage, step: number, epoch: number, options: ScheduleOptions): number {
	const { learningRate, warmup, epochDecay, schedule } = stage.optimizer;
	const isSilenced = warmup > 0 && options.warmupSilencesDecay;
	const decayed = isSilenced ? learningRate : learningRate / (1 + epochDecay * (epoch - 1));
	const planned = plannedUpdates(stage, options.sentences);
	if (schedule === 'linear') {
		const done = Math.ceil(step / stage.updateEvery) - 1;
		return decayed * linearFactor(done, warmup * planned, planned);
	}
	const progress = step / stage.updateEvery / planned;
	return progress < warmup ? decayed * (progress / warmup) : decayed;
}

/** Up from 0 over the warm-up, down to 0 at `planned`, which no update reaches. */
function linearFactor(done: number, warmup: number, planned: number): number {
	if (done < warmup) return done / warmup;
	return Math.max(0, (planned - done) / (planned - warmup));
}
