// Scores as the published program prints them for an evaluation (fastNLP 0.5.0, SpanFPreRecMetric): flat
// names, rounded to six decimals. For comparison with its logs; the product shows span-scores.ts.

import type { TagEncoding } from './span-readings';
import { scoreSpans, type TagPair } from './span-scores';

export interface PublishedMetricOptions {
	encoding: TagEncoding;
	average?: 'micro' | 'macro';
	/** Only the overall numbers, no line for each type. */
	onlyOverall?: boolean;
	ignoredTypes?: readonly string[];
	beta?: number;
}

/** `f`, `pre`, `rec`, and for each type that occurs `f-<type>`, `pre-<type>`, `rec-<type>` (types in lower case). */
export function publishedMetric(pairs: Iterable<TagPair>, options: PublishedMetricOptions): Record<string, number> {
	const { average = 'micro', onlyOverall = false, ...scoring } = options;
	const scores = scoreSpans(pairs, 'published', scoring);
	const record = new Map<string, number>();
	const add = (suffix: string, { precision, recall, f1 }: { precision: number; recall: number; f1: number }) => {
		record.set(`f${suffix}`, roundToSix(f1));
		record.set(`pre${suffix}`, roundToSix(precision));
		record.set(`rec${suffix}`, roundToSix(recall));
	};
	if (!onlyOverall) for (const [type, score] of Object.entries(scores.perType)) add(`-${type}`, score);
	add('', scores[average]);
	return Object.fromEntries(record);
}

function roundToSix(value: number): number {
	return Number(value.toFixed(6));
}
