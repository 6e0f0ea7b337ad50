// The rows of the table as the address asks for them: grouped, filtered, sorted, with the rows of others behind.

import { useEffect, useMemo } from 'react';
import {
	filterRows,
	publishedRows,
	type ResultRow,
	type RunItem,
	readOrder,
	runRows,
	shippedRows,
	sortRows,
} from '../../../state/result-rows';
import { displayName } from '../../../state/workspace-samples';
import { useWorkspace } from '../../context/data-context';
import { useResults } from '../../context/results-context';
import { useRoute } from '../../navigation/navigation';
import { useLanguage } from '../../words/words';
import { useResultsQuery } from './use-results-query';

export interface ResultRows {
	/** Rows of runs, all of them. */
	runs: ResultRow[];
	/** What the table shows, in its order. */
	shown: ResultRow[];
	/** False until the workspace was listed. */
	isListed: boolean;
}

/** Whether a figure is of the corpus of some run. */
function isReadAgainst(published: ResultRow, runs: readonly ResultRow[]): boolean {
	const [word] = published.corpus.toLowerCase().split(' ');
	return runs.some(({ corpus, preset }) => `${corpus} ${preset}`.toLowerCase().includes(word));
}

export function useResultRows(): ResultRows {
	const list = useWorkspace((state) => state.list);
	const language = useLanguage();
	const shipped = useResults((state) => state.shipped);
	const loadShipped = useResults((state) => state.loadShipped);
	const { rule } = useResultsQuery();
	const { query } = useRoute();
	const { f = '', sort = '', group = '' } = query;
	useEffect(() => void loadShipped(), [loadShipped]);
	const runs = useMemo(() => {
		const items = list?.items ?? [];
		const corpusNames = Object.fromEntries(
			items.flatMap((item) => (item.kind === 'corpus' ? [[item.id, displayName(item, language)]] : [])),
		);
		const runItems = items.filter((item): item is RunItem => item.kind === 'run');
		return runRows(runItems, { rule, isGrouped: group !== 'off', claimed: list?.claimedRuns ?? [], corpusNames });
	}, [list, language, rule, group]);
	const { hasPublished, hasShipped } = useReferences(runs);
	const isAsked = query.published === 'on';
	const shown = useMemo(() => {
		const told = hasPublished ? publishedRows().filter((row) => isAsked || isReadAgainst(row, runs)) : [];
		const others = [...(hasShipped ? shippedRows(shipped, rule) : []), ...told];
		return [...sortRows(filterRows(runs, f), readOrder(sort)), ...sortRows(filterRows(others, f), readOrder(sort))];
	}, [runs, shipped, rule, f, sort, hasPublished, hasShipped, isAsked]);
	return { runs, shown, isListed: list !== null };
}

/** Which rows of others stand in the table; until somebody says, those that a run can be read against. */
export function useReferences(runs: readonly ResultRow[]): { hasPublished: boolean; hasShipped: boolean } {
	const { published = '', shipped = '' } = useRoute().query;
	const isNamed = publishedRows().some((row) => isReadAgainst(row, runs));
	return { hasPublished: published === '' ? isNamed : published === 'on', hasShipped: shipped !== 'off' };
}
