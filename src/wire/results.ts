// The part of the wire about results: one run's errors under a scoring rule, two runs beside each other, whole runs as
// files. Types are named as in the tags under every rule.

import type { Confusion, ErrorKind, MentionKind, MentionPair } from '../analysis/entity-errors';
import type { BootstrapResult } from '../analysis/paired-bootstrap';
import type { ErrorFilter } from '../analysis/prediction-readings';
import type { Outcome } from '../analysis/result-comparison';
import type { SeedStatistics } from '../analysis/seed-statistics';
import type { Mention } from '../analysis/span-readings';
import type { SentenceRef } from '../data/corpus';
import type { EvaluatedSplit } from '../data/predicted-sentence';
import type { ScoringRule, SpanScores } from '../experiment/events';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { SourceFile } from './source-file';

/** A run's predictions on one split, read under one rule. */
export interface ResultChoice {
	id: string;
	split: EvaluatedSplit;
	rule: ScoringRule;
}

export interface OpenedResult extends ResultChoice {
	sentences: number;
	leaked: number;
	/** By falling number of gold mentions: the order of their palette slots. */
	types: string[];
	scores: SpanScores;
	kinds: Record<MentionKind, number>;
	confusion: Confusion;
}

/** A sentence as one run tagged it. */
export interface ReadSentence {
	/** From 1, within the split. */
	number: number;
	ref: SentenceRef;
	isInTrain: boolean;
	characters: string[];
	gold: Mention[];
	predicted: Mention[];
}

export interface ErrorRow extends ReadSentence {
	pair: MentionPair;
}

export interface ErrorPage {
	/** Errors that the filter lets through. */
	total: number;
	/** By kind, whichever kind the filter asks for. */
	kinds: Record<ErrorKind, number>;
	rows: ErrorRow[];
}

/** Runs of two systems; the first of each list is the one whose sentences are shown. */
export interface ComparedRuns {
	first: readonly string[];
	second: readonly string[];
	split: EvaluatedSplit;
	rule: ScoringRule;
}

export interface RunComparison {
	/** Sentences that all runs have with the same annotation, and sentences of the first run. */
	shared: number;
	total: number;
	/** Micro F1 over the shared sentences. */
	firstF1: SeedStatistics;
	secondF1: SeedStatistics;
	/** Second minus first. */
	bootstrap: BootstrapResult;
	/** Sentences by what the second shown run makes of them. */
	outcomes: Record<Outcome, number>;
	/** Of the shown runs, in the order of their palette slots. */
	types: string[];
}

export interface ComparedRow extends ReadSentence {
	outcome: Outcome;
	/** What the second run found; `predicted` is the first one's. */
	second: Mention[];
}

/** Most rows of one answer. */
export const maxResultRows = 500;

/** Seed of the drawn sentences, so that the same comparison gives the same interval. */
export const bootstrapSeed = 1;

export interface ResultCommands {
	/** Null for a run without predictions. */
	'open-result': { request: ResultChoice; reply: OpenedResult | null };
	'result-errors': { request: ResultChoice & { filter: ErrorFilter; offset: number; limit: number }; reply: ErrorPage };
	/** Refused (`results-differ`) when the runs have no sentence in common. */
	'compare-results': { request: ComparedRuns & { task: string }; reply: RunComparison };
	'compared-sentences': {
		request: ComparedRuns & { show: Outcome; offset: number; limit: number };
		reply: { total: number; rows: ComparedRow[] };
	};
	/** The files of one folder of the headless command, or one exported run. */
	'import-run': { request: { files: SourceFile[]; name?: string }; reply: ItemOf<'run'> };
	/** A whole run as one JSON file. */
	'export-run': { request: { id: string }; reply: { file: Blob } };
}
