// Two runs beside each other: how much the second is better with its interval, in which settings they differ, and what
// became of each sentence.

import { ArrowLeftRight } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { type Outcome, outcomes } from '../../../analysis/result-comparison';
import { compareConfigs } from '../../../experiment/config-comparison';
import type { ResultRow, RunItem } from '../../../state/result-rows';
import { comparisonKey } from '../../../state/results';
import { ownValue } from '../../../util/own-value';
import type { ComparedRow, ComparedRuns, RunComparison } from '../../../wire/results';
import { useAbsent } from '../../context/data-context';
import { useResults } from '../../context/results-context';
import { Badge } from '../../kit/controls/Badge';
import { Button } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { EmptyState } from '../../kit/controls/EmptyState';
import { TermHint } from '../../kit/controls/Hint';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { changeQuery, useRoute } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { AlignedSentence } from './AlignedSentence';
import { RowSkeleton } from './RowSkeleton';
import { ScoreCell, signedPoints } from './result-numbers';
import { resultsWords } from './results-words';
import { useResultsQuery } from './use-results-query';
import { useRowTitle } from './use-row-title';
import { comparableRuns } from './VerdictLine';

interface Side {
	row: ResultRow;
	/** The run whose sentences are shown. */
	run: RunItem;
	/** All runs of its experiment, that one first. */
	ids: string[];
}

export function CompareView({ rows }: { rows: readonly ResultRow[] }) {
	const t = useWords(resultsWords);
	const { query } = useRoute();
	const { split } = useResultsQuery();
	const { a = '', b = '' } = query;
	const [first, second] = useMemo(() => [sideOf(rows, a, split), sideOf(rows, b, split)], [rows, a, b, split]);
	const isAbsent = useAbsent('run', [a, b]).length > 0;
	if ((!first || !second) && !isAbsent) return <RowSkeleton />;
	if (!first || !second) {
		return (
			<EmptyState title={t('unknown')}>
				<p>{t('unknownHint')}</p>
			</EmptyState>
		);
	}
	return <Comparison first={first} second={second} />;
}

function sideOf(rows: readonly ResultRow[], id: string, split: 'dev' | 'test'): Side | null {
	const row = rows.find(({ runs }) => runs.some((run) => run.id === id));
	const run = row?.runs.find((one) => one.id === id);
	if (!row || !run) return null;
	return { row, run, ids: [id, ...comparableRuns(row, split).filter((other) => other !== id)] };
}

function Comparison({ first, second }: { first: Side; second: Side }) {
	const t = useWords(resultsWords);
	const { rule, split } = useResultsQuery();
	const { query } = useRoute();
	const [firstIds, secondIds] = [first.ids.join(' '), second.ids.join(' ')];
	const compared = useMemo<ComparedRuns>(
		() => ({ first: firstIds.split(' '), second: secondIds.split(' '), split, rule }),
		[firstIds, secondIds, split, rule],
	);
	const state = useResults((results) => ownValue(results.comparisons, comparisonKey(compared)));
	const done = state?.kind === 'done' ? state.comparison : null;
	// Where nothing is chosen: the first kind that has a sentence.
	const firstFull = outcomes.find((name) => (done?.outcomes[name] ?? 0) > 0) ?? 'fixed';
	const show = outcomes.find((name) => name === query.show) ?? firstFull;
	const compare = useResults((results) => results.compare);
	const showCompared = useResults((results) => results.showCompared);
	useEffect(() => void compare(compared), [compare, compared]);
	useEffect(() => showCompared({ ...compared, show }), [showCompared, compared, show]);
	return (
		<div className="results-compare">
			<div className="scroll results-left">
				<Sides first={first} second={second} comparison={done} />
				{state?.kind === 'failed' ? (
					<div className="results-note">
						<ProblemNotice problem={state.problem} />
					</div>
				) : done ? (
					<Difference comparison={done} />
				) : (
					<div className="results-note">
						<ProgressBar label={t('computing')} share={state?.kind === 'computing' ? state.share : null} />
					</div>
				)}
				<Settings first={first} second={second} />
			</div>
			<section className="results-right" aria-label={t('sentences')}>
				<div className="bar results-error-bar">
					<h2>{t('sentences')}</h2>
					<Segments
						label={t('sentences')}
						value={show}
						onChange={(next: Outcome) => changeQuery({ show: next })}
						options={outcomes.map((name) => ({
							id: name,
							label: t(`show.${name}`),
							detail: done ? countText(done.outcomes[name]) : undefined,
						}))}
					/>
				</div>
				<ComparedSentences first={first} second={second} show={show} types={done?.types ?? []} />
			</section>
		</div>
	);
}

function Sides({ first, second, comparison }: { first: Side; second: Side; comparison: RunComparison | null }) {
	const t = useWords(resultsWords);
	const rowTitle = useRowTitle();
	const { query } = useRoute();
	const { a = '', b = '' } = query;
	return (
		<section className="results-sides" aria-label={t('compare')}>
			<table>
				<tbody>
					{[first, second].map((side, index) => (
						<tr key={side.run.id}>
							<th scope="row">
								<span className="row">
									<span className="results-side-square" data-place={index + 1} aria-hidden />
									<span className="quiet-text">{index === 0 ? 'A' : 'B'}</span>
									<span className="clip" title={rowTitle(side.row).title}>
										{rowTitle(side.row).title}
									</span>
								</span>
							</th>
							<td>
								<Badge tone={side.ids.length === 1 ? 'warn' : 'plain'}>{t('seeds', { count: side.ids.length })}</Badge>
							</td>
							<td className="num">
								<ScoreCell score={(index === 0 ? comparison?.firstF1 : comparison?.secondF1) ?? null} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<Button
				size="small"
				variant="quiet"
				icon={<ArrowLeftRight size={14} aria-hidden />}
				onPress={() => changeQuery({ a: b, b: a })}
			>
				{t('swap')}
			</Button>
		</section>
	);
}

function Difference({ comparison }: { comparison: RunComparison }) {
	const t = useWords(resultsWords);
	const { bootstrap, shared, total } = comparison;
	const { difference, low, high, pValue } = bootstrap;
	return (
		<section className="results-difference" aria-label={t('difference')}>
			<div className="row">
				<strong className="num results-big">{signedPoints(difference)}</strong>
				<span className="num">
					[{signedPoints(low)}, {signedPoints(high)}]
				</span>
				<span className="quiet-text">{t('interval')}</span>
			</div>
			<p className="quiet-text">
				<TermHint term="bootstrap" /> · {t('bootstrapText')}
			</p>
			<p className="quiet-text num">
				{t('pValue')}: {pValue.toFixed(4)}
			</p>
			{shared < total && <p className="quiet-text">{t('someShared', { shared, total })}</p>}
		</section>
	);
}

function Settings({ first, second }: { first: Side; second: Side }) {
	const t = useWords(resultsWords);
	const language = useLanguage();
	const [left, right] = [first.run.detail.config, second.run.detail.config];
	if (!left || !right) return null;
	const differences = compareConfigs(left, right).filter(({ path }) => path !== 'seed');
	return (
		<section className="results-settings" aria-label={t('differences')}>
			<h2>{t('differences')}</h2>
			{differences.length === 0 ? (
				<p className="quiet-text">{t('sameSettings')}</p>
			) : (
				<table>
					<TableHead columns={[null, numeric('A'), numeric('B')]} />
					<tbody>
						{differences.map((setting) => (
							<tr key={setting.path}>
								<th scope="row" title={setting.path}>
									{setting.label[language]}
								</th>
								<td className="num">{shortNumbers(setting.left)}</td>
								<td className="num">{shortNumbers(setting.right)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}

/** Numbers of a setting with at most four digits that count. */
function shortNumbers(text: string): string {
	return text.replace(/\d+\.\d{4,}(?![\de])/g, (number) => String(Number(Number(number).toPrecision(4))));
}

interface ComparedSentencesProps {
	first: Side;
	second: Side;
	show: Outcome;
	types: readonly string[];
}

function ComparedSentences({ first, second, show, types }: ComparedSentencesProps) {
	const t = useWords(resultsWords);
	const compared = useResults((state) => state.compared);
	const problem = useResults((state) => state.problem);
	const need = useResults((state) => state.needCompared);
	if (problem) {
		return (
			<div className="results-note">
				<ProblemNotice problem={problem} />
			</div>
		);
	}
	if (compared.total === 0) {
		return <p className="results-note quiet-text">{t('noneSuch', { show: t(`show.${show}`) })}</p>;
	}
	return (
		<>
			<p className="results-note quiet-text">
				{t('shownRuns', { first: `A = ${first.run.name}`, second: `B = ${second.run.name}` })}
			</p>
			<VirtualRows
				label={t('sentenceList')}
				count={compared.total ?? 0}
				rowHeight={128}
				onRange={need}
				row={(index) => <ComparedItem row={compared.rows[index]} types={types} />}
			/>
		</>
	);
}

interface ComparedItemProps {
	row: ComparedRow | undefined;
	types: readonly string[];
}

function ComparedItem({ row, types }: ComparedItemProps) {
	const t = useWords(resultsWords);
	if (!row) return <div className="results-error" style={{ height: 128 }} aria-hidden />;
	const { number, outcome, characters, gold, predicted, second, isInTrain } = row;
	return (
		<div className="results-error">
			<div className="row">
				<Badge tone={outcome === 'fixed' || outcome === 'bothRight' ? 'ok' : 'bad'}>{t(`show.${outcome}`)}</Badge>
				<span className="quiet-text num">#{countText(number)}</span>
				{isInTrain && <Badge tone="warn">{t('inTrain')}</Badge>}
			</div>
			<AlignedSentence
				characters={characters}
				types={types}
				seen={null}
				rows={[
					{ name: t('gold'), mentions: gold },
					{ name: 'A', mentions: predicted },
					{ name: 'B', mentions: second },
				]}
			/>
		</div>
	);
}
