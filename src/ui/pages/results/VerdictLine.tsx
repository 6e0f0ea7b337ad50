// What the open runs are worth beside the best others on the same sentences: the difference with its interval.

import { Info } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { isOver, type ResultRow, type RunItem } from '../../../state/result-rows';
import { comparisonKey } from '../../../state/results';
import { ownValue } from '../../../util/own-value';
import type { ComparedRuns } from '../../../wire/results';
import { useResults } from '../../context/results-context';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { useWords } from '../../words/words';
import { signedPoints } from './result-numbers';
import { resultsWords } from './results-words';
import { useResultsQuery } from './use-results-query';
import { useRowTitle } from './use-row-title';

export interface Verdict {
	compared: ComparedRuns;
	first: ResultRow;
	second: ResultRow;
}

/** Lists may change several times at once: what is compared must have stood for so long, in milliseconds. */
const settledMs = 300;

/** Runs whose sentences can be compared. */
export function comparableRuns({ runs }: ResultRow, split: 'dev' | 'test'): string[] {
	const hasTags = ({ parts }: RunItem) => parts.some(({ name }) => name === `predictions/${split}`);
	return runs.filter((run) => isOver(run) && hasTags(run)).map(({ id }) => id);
}

/** The open row against the best other one on the same data; null where there is none. */
export function useVerdict(rows: readonly ResultRow[], openId: string | undefined): Verdict | null {
	const { rule, split } = useResultsQuery();
	return useMemo(() => {
		const open = rows.find(({ runs }) => runs.some(({ id }) => id === openId));
		if (!open) return null;
		const second = comparableRuns(open, split);
		const scoreOf = ({ scores }: ResultRow) => scores.testF1?.mean ?? 0;
		const [other] = rows
			.filter((row) => row !== open && isSameData(row, open, split) && comparableRuns(row, split).length > 0)
			.sort((left, right) => scoreOf(right) - scoreOf(left));
		if (!other || second.length === 0) return null;
		const compared = { first: comparableRuns(other, split), second, split, rule };
		return { compared, first: other, second: open };
	}, [rows, openId, rule, split]);
}

function isSameData(one: ResultRow, other: ResultRow, split: 'dev' | 'test'): boolean {
	const hashOf = ({ runs }: ResultRow) => {
		const hashes = runs[0]?.detail.dataHashes ?? {};
		return [hashes[split] ?? hashes.corpus, hashes[split] ? '' : hashes.changes].join(' ');
	};
	return hashOf(one).trim() !== '' && hashOf(one) === hashOf(other);
}

export function VerdictLine({ verdict }: { verdict: Verdict }) {
	const t = useWords(resultsWords);
	const rowTitle = useRowTitle();
	const { compared } = verdict;
	const state = useResults((results) => ownValue(results.comparisons, comparisonKey(compared)));
	const compare = useResults((results) => results.compare);
	useEffect(() => {
		const waiting = setTimeout(() => void compare(compared), settledMs);
		return () => clearTimeout(waiting);
	}, [compare, compared]);
	if (state?.kind === 'failed') return null;
	if (state?.kind !== 'done') {
		return (
			<div className="results-verdict">
				<ProgressBar className="results-verdict-progress" label={t('computing')} share={state?.share ?? null} />
			</div>
		);
	}
	const { bootstrap, shared, total, firstF1, secondF1 } = state.comparison;
	const spread = Math.max(firstF1.deviation ?? 0, secondF1.deviation ?? 0);
	const isOneSeed = firstF1.deviation === null || secondF1.deviation === null;
	const gap = isOneSeed ? 'oneSeed' : Math.abs(bootstrap.difference) > spread ? 'gapLarger' : 'gapSmaller';
	const words = t('verdict', {
		first: rowTitle(verdict.second).title,
		second: rowTitle(verdict.first).title,
		split: t(compared.split),
		difference: signedPoints(bootstrap.difference),
		low: signedPoints(bootstrap.low),
		high: signedPoints(bootstrap.high),
		shared: shared < total ? t('someShared', { shared, total }) : '',
		gap: t(gap),
	});
	return (
		<p className="results-verdict num">
			<Info size={14} aria-hidden />
			<span>{words}</span>
		</p>
	);
}
