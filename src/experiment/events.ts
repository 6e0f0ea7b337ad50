// What a run says while it goes: one event a line in metrics.jsonl, one message a piece on the wire to the page.
// Scores are shares from 0 to 1. Times are seconds.

import type { UserErrorParts } from '../util/errors';
import type { ExperimentConfig } from './config';
import type { DeviceInfo } from './device-info';
import type { Words } from './fields';

/** Scoring rules, side by side (analysis/span-scores.ts). `published` is the rule of the published program. */
export type ScoringRule = 'published' | 'strict' | 'seqeval';
export const scoringRules: readonly ScoringRule[] = ['published', 'strict', 'seqeval'];

/** What a scoring rule is called, shown with its name. */
export const scoringRuleTitles: Readonly<Record<ScoringRule, Words>> = {
	published: { en: "NerCo's scorer", zh: 'NerCo 论文的评分' },
	strict: { en: 'Strict IOB2', zh: '严格 IOB2' },
	seqeval: { en: 'seqeval default', zh: 'seqeval 默认模式' },
};

export interface PrecisionRecallF1 {
	precision: number;
	recall: number;
	f1: number;
}

export interface TypeScores extends PrecisionRecallF1 {
	/** Gold mentions of the type. */
	support: number;
}

export interface SpanScores {
	micro: PrecisionRecallF1;
	/** Means over types. */
	macro: PrecisionRecallF1;
	perType: Record<string, TypeScores>;
	/** Gold mentions. */
	support: number;
}

export interface Evaluation {
	/** Mean loss over batches: CRF or contrastive. */
	loss: number;
	/** Absent in contrastive stages. */
	scores?: Record<ScoringRule, SpanScores>;
	/** Share of characters with the right tag; absent in contrastive stages. */
	tokenAccuracy?: number;
	/** Sentences a second of prediction; absent in contrastive stages. */
	sentencesPerSecond?: number;
}

export interface StageSummary {
	stage: string;
	/** Epoch with the best dev value, from 1; 0 when no epoch was validated. */
	bestEpoch: number;
	/** Dev micro F1 (published rule), or dev contrastive loss. */
	bestValue: number;
	epochsRun: number;
	reason: 'planned' | 'patience' | 'stop-after' | 'stopped';
}

/** `error`: its data, a setting or a fault of the workbench ended it. */
export type FinishReason = 'completed' | 'stopped' | 'not-a-number' | 'device-lost' | 'out-of-memory' | 'error';

export type TrainingEvent =
	| {
			kind: 'run-started';
			config: ExperimentConfig;
			device: DeviceInfo;
			parameterCount: number;
			sentences: Record<'train' | 'dev' | 'test', number>;
			/** True when the run is resumed from a checkpoint. */
			resumed: boolean;
	  }
	/** Also when a resumed run continues inside a stage. */
	| { kind: 'stage-started'; stage: string; index: number; epochs: number; stepsPerEpoch: number }
	| {
			kind: 'step';
			stage: string;
			/** From 1. */
			epoch: number;
			/** From 1, over the whole stage. */
			step: number;
			/** Loss of the batch; exactly 0 when no class qualifies in a contrastive batch: then nothing was updated. */
			loss: number;
			learningRate: number;
			characters: number;
			seconds: number;
	  }
	| {
			kind: 'epoch-finished';
			stage: string;
			epoch: number;
			step: number;
			/** Mean loss over the epoch's steps. */
			trainLoss: number;
			learningRate: number;
			/** Null when validation was skipped (see QuirkConfig.skipValidationAfterZeroLoss). */
			dev: Evaluation | null;
			test: Evaluation | null;
			isBest: boolean;
			trainSeconds: number;
			evaluationSeconds: number;
	  }
	| { kind: 'stage-finished'; summary: StageSummary }
	| { kind: 'warning'; code: string; message: string }
	| {
			kind: 'finished';
			reason: FinishReason;
			message: string;
			stages: StageSummary[];
			seconds: number;
			/** What ended the run, where it is an error that the user can mend (run-failure.ts). */
			error?: UserErrorParts;
	  };
