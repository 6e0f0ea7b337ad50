// Precision, recall and F1 over exact (span, type) matches: micro, macro and per type, under each scoring rule.
// Numbers only; which rule finds which mentions stands in span-readings.ts.

import type { PrecisionRecallF1, ScoringRule, SpanScores, TypeScores } from '../experiment/events';
import { scoringRules } from '../experiment/events';
import { invariant } from '../util/errors';
import { type Mention, readMentions, type TagEncoding } from './span-readings';

/** Tags of one sentence, as predicted and as annotated; of equal length. */
export interface TagPair {
	predicted: readonly string[];
	gold: readonly string[];
}

export interface MatchCounts {
	truePositives: number;
	falsePositives: number;
	falseNegatives: number;
}

export interface ScoringOptions {
	/** Read by the published rule only. */
	encoding?: TagEncoding;
	/** Types left out, as the rule names them (the published rule: in lower case). */
	ignoredTypes?: readonly string[];
	/** Weight of recall in F: (1 + beta^2) P R / (beta^2 P + R). */
	beta?: number;
}

/** Added to denominators by the published program; the other rules count 0/0 as 0. */
const publishedEpsilon = 1e-13;

/** Matches by type, for the types that occur on either side, ordered by name. */
export function countMatches(
	pairs: Iterable<TagPair>,
	rule: ScoringRule,
	options: ScoringOptions = {},
): Map<string, MatchCounts> {
	const counts = new Map<string, MatchCounts>();
	const countsOf = (type: string) => {
		let entry = counts.get(type);
		if (!entry) counts.set(type, (entry = { truePositives: 0, falsePositives: 0, falseNegatives: 0 }));
		return entry;
	};
	const ignored = new Set(options.ignoredTypes);
	const read = (tags: readonly string[]) =>
		readMentions(tags, rule, options.encoding).filter(({ type }) => !ignored.has(type));
	for (const { predicted, gold } of pairs) {
		invariant(predicted.length === gold.length, `${predicted.length} predicted tags for ${gold.length} characters`);
		const missed = new Map(read(gold).map((mention) => [keyOf(mention), mention]));
		for (const mention of read(predicted)) {
			if (missed.delete(keyOf(mention))) countsOf(mention.type).truePositives++;
			else countsOf(mention.type).falsePositives++;
		}
		for (const mention of missed.values()) countsOf(mention.type).falseNegatives++;
	}
	return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function keyOf({ type, start, end }: Mention): string {
	return `${start} ${end} ${type}`;
}

/** Scores of all pairs under one rule. Macro means run over the types that occur in gold or prediction; 0 without any. */
export function scoreSpans(pairs: Iterable<TagPair>, rule: ScoringRule, options: ScoringOptions = {}): SpanScores {
	const counts = countMatches(pairs, rule, options);
	const epsilon = rule === 'published' ? publishedEpsilon : 0;
	const score = (entry: MatchCounts) => scoreCounts(entry, epsilon, options.beta);
	const total: MatchCounts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
	const perType = new Map<string, TypeScores>();
	for (const [type, entry] of counts) {
		total.truePositives += entry.truePositives;
		total.falsePositives += entry.falsePositives;
		total.falseNegatives += entry.falseNegatives;
		perType.set(type, { ...score(entry), support: entry.truePositives + entry.falseNegatives });
	}
	return {
		micro: score(total),
		macro: meanScores([...perType.values()]),
		perType: Object.fromEntries(perType),
		support: total.truePositives + total.falseNegatives,
	};
}

/** The same pairs under every rule. */
export function scoreByAllRules(pairs: readonly TagPair[]): Record<ScoringRule, SpanScores> {
	const entries = scoringRules.map((rule) => [rule, scoreSpans(pairs, rule)] as const);
	return Object.fromEntries(entries) as Record<ScoringRule, SpanScores>;
}

/** Share of characters whose tag is the annotated one; 0 without characters. */
export function tokenAccuracy(pairs: Iterable<TagPair>): number {
	let right = 0;
	let all = 0;
	for (const { predicted, gold } of pairs) {
		all += gold.length;
		for (let index = 0; index < gold.length; index++) if (predicted[index] === gold[index]) right++;
	}
	return all === 0 ? 0 : right / all;
}

function scoreCounts(counts: MatchCounts, epsilon: number, beta = 1): PrecisionRecallF1 {
	const { truePositives, falsePositives, falseNegatives } = counts;
	const precision = divide(truePositives, truePositives + falsePositives + epsilon);
	const recall = divide(truePositives, truePositives + falseNegatives + epsilon);
	const weight = beta * beta;
	const f1 = divide((1 + weight) * precision * recall, weight * precision + recall + epsilon);
	return { precision, recall, f1 };
}

function divide(numerator: number, denominator: number): number {
	return denominator === 0 ? 0 : numerator / denominator;
}

function meanScores(scores: readonly PrecisionRecallF1[]): PrecisionRecallF1 {
	const mean = (value: (score: PrecisionRecallF1) => number) =>
		divide(
			scores.reduce((sum, score) => sum + value(score), 0),
			scores.length,
		);
	return {
		precision: mean((score) => score.precision),
		recall: mean((score) => score.recall),
		f1: mean((score) => score.f1),
	};
}
