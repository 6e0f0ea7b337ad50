// One run: types and confusion at the left, its errors at the right.

import { useEffect, useMemo } from 'react';
import type { ResultRow, RunItem } from '../../../state/result-rows';
import { seedOf } from '../../../state/result-rows';
import { useWorkspace } from '../../context/data-context';
import { useResults } from '../../context/results-context';
import { Segments } from '../../kit/controls/Choice';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { changeQuery } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { ConfusionTable } from './ConfusionTable';
import { ErrorList } from './ErrorList';
import { RowSkeleton } from './RowSkeleton';
import { RunAbout } from './RunAbout';
import { resultsWords } from './results-words';
import { TypesTable } from './TypesTable';
import { useResultsQuery } from './use-results-query';

export function RunResult({ row, run }: { row: ResultRow; run: RunItem }) {
	const t = useWords(resultsWords);
	const { rule, split, filter } = useResultsQuery();
	const open = useResults((state) => state.open);
	const opened = useResults((state) => state.opened);
	const problem = useResults((state) => state.problem);
	const hasNoPredictions = useResults((state) => state.hasNoPredictions);
	const { id, revision } = run;
	// An active run changes with each save.
	const choice = useMemo(() => ({ id, split, rule, revision }), [id, split, rule, revision]);
	useEffect(() => open(choice, filter), [open, choice, filter]);
	useEffect(() => () => open(null, {}), [open]);
	const corpusId = useStoredCorpus(run);
	const note = row.runs.length > 1 ? t('seed', { seed: seedOf(run) }) : '';
	return (
		<div className="results-detail">
			<div className="scroll results-left">
				<div className="results-split">
					<Segments
						label={t('split')}
						value={split}
						onChange={(next) => changeQuery({ split: next === 'test' ? '' : next })}
						options={[
							{ id: 'test', label: t('test') },
							{ id: 'dev', label: t('dev') },
						]}
					/>
				</div>
				<TypesTable row={row} opened={opened} />
				{opened && <ConfusionTable confusion={opened.confusion} note={note} />}
				<RunAbout run={run} />
			</div>
			<div className="results-right">
				{problem && (
					<div className="results-note">
						<ProblemNotice problem={problem} />
					</div>
				)}
				{hasNoPredictions && (
					<EmptyState title={t('noPredictions')}>
						<p>{t('noPredictionsHint')}</p>
					</EmptyState>
				)}
				{!opened && !hasNoPredictions && !problem && <RowSkeleton />}
				{opened && <ErrorList key={JSON.stringify([id, rule, split, filter])} opened={opened} corpusId={corpusId} />}
			</div>
		</div>
	);
}

/** The corpus that a run was made from, where it is still stored. */
function useStoredCorpus({ detail }: RunItem): string | null {
	const { corpusId } = detail.input;
	const isStored = useWorkspace(
		({ list }) =>
			list?.items.some(({ kind, id, trashedAtMs }) => kind === 'corpus' && id === corpusId && trashedAtMs === null) ??
			false,
	);
	return isStored ? corpusId : null;
}
