// The scores of a run on dev and test at its best epoch, under all rules: what lists and comparisons of runs need.

import type { PrecisionRecallF1, ScoringRule, SpanScores } from './events';

export interface SplitResults {
	sentences: number;
	/** Sentences whose text stands in the training split too. */
	leaked: number;
	scores: Record<ScoringRule, SpanScores>;
	/** Micro scores over the sentences that do not stand in train; null where it is not known which those are. */
	withoutLeaks: Record<ScoringRule, PrecisionRecallF1> | null;
}

/** Of the best epoch of the last CRF stage. */
export interface RunResults {
	stage: string;
	/** From 1. */
	epoch: number;
	dev: SplitResults | null;
	test: SplitResults | null;
}
