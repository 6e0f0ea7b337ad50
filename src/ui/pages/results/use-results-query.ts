// What the address says about results: the open run, rule, split, filters, picks and order.

import { useMemo } from 'react';
import { type ErrorKind, errorKinds } from '../../../analysis/entity-errors';
import type { ErrorFilter } from '../../../analysis/prediction-readings';
import type { EvaluatedSplit } from '../../../data/predicted-sentence';
import { type ScoringRule, scoringRules } from '../../../experiment/events';
import { useRoute } from '../../navigation/navigation';

export interface ResultsQuery {
	rule: ScoringRule;
	split: EvaluatedSplit;
	filter: ErrorFilter;
	/** Keys of the rows to compare, at most two. */
	picks: string[];
}

export function useResultsQuery(): ResultsQuery {
	const { query } = useRoute();
	const { rule = '', split = '', kind = '', gold = '', pred = '', q = '', pick = '' } = query;
	return useMemo(
		() => ({
			rule: scoringRules.find((name) => name === rule) ?? 'published',
			split: split === 'dev' ? 'dev' : 'test',
			filter: {
				kind: errorKinds.find((name): name is ErrorKind => name === kind),
				gold: gold || undefined,
				predicted: pred || undefined,
				text: q || undefined,
			},
			picks: pick.split(',').filter((key) => key !== ''),
		}),
		[rule, split, kind, gold, pred, q, pick],
	);
}

/** What stays in the address when another run is opened: the table's own, not the filters of errors. */
export function keptQuery({ f, sort, group, published, shipped, rule, split, pick }: Readonly<Record<string, string>>) {
	const kept = { f, sort, group, published, shipped, rule, split, pick };
	return Object.fromEntries(Object.entries(kept).filter(([, value]) => value)) as Record<string, string>;
}
