// Everything that a run needs to be resumed exactly where it stopped. The training floor makes and takes it, storage writes
// and reads it. Random draws are pure functions of (seed, stage, epoch, step), so no generator state is needed.

import type { StageSummary } from './events';

/** Where a run stands inside the stage that it is in. */
export interface StageProgress {
	/** Current epoch, from 1. */
	epoch: number;
	/** Batches of the current epoch done so far. Equal to the steps per epoch: validation is due. */
	stepInEpoch: number;
	/** Batches of the whole stage done so far, skipped ones counted. */
	step: number;
	/** Updates of the parameters so far in this stage (AdamW's bias correction counts them). */
	updates: number;
	/** Sum of the losses of the current epoch's batches. */
	lossSum: number;
	/** True when the latest batch had a contrastive loss of exactly 0. */
	wasSkipped: boolean;
	/** Seconds of training in the current epoch. */
	trainSeconds: number;
	/** Best validated epoch of this stage, 0 when there is none yet, and its dev value (F1, or contrastive loss). */
	bestEpoch: number;
	bestValue: number;
	/** Validated epochs since the best one. */
	epochsSinceBest: number;
}

export interface RunPosition {
	/** Index of the current stage; the number of stages when all are done. */
	stageIndex: number;
	progress: StageProgress;
	/** Stages that are done. */
	stages: StageSummary[];
	/** Events yielded so far; a log cut to this many lines fits the state. */
	eventCount: number;
	/** Seconds of the run so far. */
	seconds: number;
}

/** How far the evaluation of a split is: whoever keeps it can continue there, with the same result to the last bit. */
export interface SplitProgress {
	/** Batches done. */
	batches: number;
	/** Sum of their losses. */
	lossSum: number;
	/** Seconds that they took. */
	seconds: number;
	/** Decoded tag ids of the sentences done, in their order; none in contrastive stages. */
	tags: Int32Array[];
}

/** How far the evaluation after an epoch is. */
export interface EvaluationProgress {
	dev: SplitProgress;
	test: SplitProgress;
}

export interface RunState {
	position: RunPosition;
	/** All parameters now, in the network's flat layout; without BERT's while it was never trained. Between stages: the best ones
	 *  of the stage before. */
	parameters: Float32Array;
	/** Those of the stage's best epoch, without BERT's where it was not trained by then; null before the first validation. */
	bestParameters: Float32Array | null;
	/** The optimiser's memory in the same layout: momentum, and AdamW's second moment. */
	optimizer: { first: Float32Array; second: Float32Array | null };
	/** Of the current epoch, whose steps are done; absent where evaluation has not begun. */
	evaluation?: EvaluationProgress;
}

/** A state whose numbers are still where they are trained, to be read run by run; true until the run goes on. */
export interface LiveState extends Omit<RunState, 'parameters' | 'optimizer'> {
	/** Length of `parameters`, and of what the optimiser holds. */
	size: number;
	hasSecond: boolean;
	readParameters(range: NumberRange): Promise<Float32Array>;
	readOptimizer(range: NumberRange): Promise<RunState['optimizer']>;
}

/** The numbers [start, end) of a flat array. */
export interface NumberRange {
	start: number;
	end: number;
}

/** The start of an evaluation. */
export function evaluationStart(): EvaluationProgress {
	const fresh = (): SplitProgress => ({ batches: 0, lossSum: 0, seconds: 0, tags: [] });
	return { dev: fresh(), test: fresh() };
}

/** The start of a stage. */
export function stageStart(): StageProgress {
	return {
		epoch: 1,
		stepInEpoch: 0,
		step: 0,
		updates: 0,
		lossSum: 0,
		wasSkipped: false,
		trainSeconds: 0,
		bestEpoch: 0,
		bestValue: 0,
		epochsSinceBest: 0,
	};
}
