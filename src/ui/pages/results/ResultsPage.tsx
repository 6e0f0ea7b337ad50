// The page Results: all runs in one table, the open run below it, or two runs beside each other. Folders of the headless
// command and exported runs may be dropped anywhere.

import { Columns2, Upload } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { type ScoringRule, scoringRules, scoringRuleTitles } from '../../../experiment/events';
import { experimentKey, type ResultRow, type RunItem } from '../../../state/result-rows';
import { comparisonKey } from '../../../state/results';
import { useCommands } from '../../context/commands-context';
import { useAbsent } from '../../context/data-context';
import { useResults } from '../../context/results-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { EmptyState } from '../../kit/controls/EmptyState';
import { SearchField } from '../../kit/controls/Field';
import { TermHint } from '../../kit/controls/Hint';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { Chip } from '../../kit/controls/Toggle';
import { AddressNotice } from '../../kit/frame/AddressNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, go, routeHref, useRoute } from '../../navigation/navigation';
import { UnreadableItems } from '../../parts/UnreadableItems';
import { commonWords } from '../../words/common-words';
import { useLanguage, useWords } from '../../words/words';
import { CompareView } from './CompareView';
import { EmptyResults } from './EmptyResults';
import { ExportMenu } from './ExportMenu';
import { RowSkeleton } from './RowSkeleton';
import { RunResult } from './RunResult';
import { RunsTable } from './RunsTable';
import { resultsWords } from './results-words';
import { useImportRuns } from './use-import-runs';
import { type ResultRows, useReferences, useResultRows } from './use-result-rows';
import { keptQuery, useResultsQuery } from './use-results-query';
import { useVerdict, VerdictLine } from './VerdictLine';
import './results.css';
import { ownValue } from '../../../util/own-value';

const isRun = (kind: string) => kind === 'run';

export default function ResultsPage() {
	const t = useWords(resultsWords);
	const { path } = useRoute();
	const { rule } = useResultsQuery();
	const rows = useResultRows();
	const isComparing = path[0] === 'compare';
	const { row, run } = useOpenRun(rows, isComparing ? undefined : path[0]);
	const importing = useImportRuns();
	const importButtons = <ImportButtons takeList={importing.takeList} />;
	const isEmpty = rows.isListed && rows.runs.length === 0;
	const crumbs = isComparing ? [{ label: t('compare') }] : run ? [{ label: run.name }] : [];
	return (
		<PageFrame
			page="results"
			crumbs={crumbs}
			actions={
				!isEmpty && (
					<>
						{!isComparing && <CompareButton rows={rows.runs} open={row} />}
						<ExportMenu rows={rows.shown} row={row} run={run} rule={rule} />
					</>
				)
			}
		>
			<div className="results-place" data-dropping={importing.isDropping || undefined} {...importing.dropProps}>
				<ImportProblem />
				<UnknownRuns rows={rows} />
				{isEmpty ? (
					<EmptyResults>{importButtons}</EmptyResults>
				) : isComparing ? (
					<>
						<CompareBar />
						{rows.isListed && <CompareView rows={rows.runs} />}
					</>
				) : (
					<TableAndRun rows={rows} row={row} run={run} openId={path[0]} importButtons={importButtons} />
				)}
			</div>
		</PageFrame>
	);
}

function ImportProblem() {
	const problem = useResults((state) => state.importProblem);
	if (!problem) return null;
	return (
		<div className="results-note">
			<ProblemNotice problem={problem} />
		</div>
	);
}

/** Runs that the address names where there is no result at all; beside others, the page itself says so. */
function UnknownRuns({ rows: { isListed, runs } }: { rows: ResultRows }) {
	const { path, query } = useRoute();
	const names = path[0] === 'compare' ? [query.a, query.b] : [path[0]];
	const absent = useAbsent(
		'run',
		names.filter((name) => name !== undefined),
	);
	if (!isListed || runs.length > 0) return null;
	const asked = absent.map((name) => ({ kind: 'run' as const, name }));
	return <AddressNotice asked={asked} shown="" onDismiss={() => go('results')} />;
}

/** The row and the run that the address names, whether rows are grouped or not. */
function useOpenRun({ runs }: ResultRows, id: string | undefined): { row?: ResultRow; run?: RunItem } {
	return useMemo(() => {
		const row = runs.find((one) => one.runs.some((run) => run.id === id));
		return { row, run: row?.runs.find((run) => run.id === id) };
	}, [runs, id]);
}

interface TableAndRunProps {
	rows: ResultRows;
	row: ResultRow | undefined;
	run: RunItem | undefined;
	openId: string | undefined;
	importButtons: ReactNode;
}

function TableAndRun({ rows, row, run, openId, importButtons }: TableAndRunProps) {
	const t = useWords(resultsWords);
	const isAbsent = useAbsent('run', openId === undefined ? [] : [openId]).length > 0;
	const verdict = useVerdict(rows.runs, openId);
	const bestKey = useBestKey(rows.runs, verdict);
	return (
		<>
			<section className="results-runs" aria-label={t('runs')} data-has-run={run !== undefined || undefined}>
				<TableBar rows={rows} importButtons={importButtons} />
				{rows.isListed ? <RunsTable rows={rows.shown} openId={openId} bestKey={bestKey} /> : <RowSkeleton />}
				{rows.isListed && rows.shown.length === 0 && <p className="results-note quiet-text">{t('nothingFound')}</p>}
				<UnreadableItems isListed={isRun} />
				{verdict && <VerdictLine verdict={verdict} />}
			</section>
			{row && run && <RunResult key={experimentKey(run)} row={row} run={run} />}
			{!run && isAbsent && (
				<EmptyState title={t('unknown')}>
					<p>{t('unknownHint')}</p>
				</EmptyState>
			)}
			{!run && openId === undefined && <p className="results-note quiet-text">{t('choose')}</p>}
		</>
	);
}

/** The row that is better than the next by more than luck over sentences. */
function useBestKey(rows: readonly ResultRow[], verdict: ReturnType<typeof useVerdict>): string {
	const state = useResults((results) =>
		verdict ? ownValue(results.comparisons, comparisonKey(verdict.compared)) : undefined,
	);
	if (!verdict || state?.kind !== 'done') return '';
	const { low, high } = state.comparison.bootstrap;
	const { first, second } = verdict.compared;
	const better = low > 0 ? second : high < 0 ? first : null;
	return rows.find(({ runs }) => runs.some(({ id }) => id === better?.[0]))?.key ?? '';
}

function TableBar({ rows, importButtons }: { rows: ResultRows; importButtons: ReactNode }) {
	const t = useWords(resultsWords);
	const { query } = useRoute();
	const { hasPublished, hasShipped } = useReferences(rows.runs);
	const field = useRef<HTMLInputElement>(null);
	const count = rows.runs.reduce((sum, { runs }) => sum + runs.length, 0);
	useCommands(
		useMemo(
			() => [{ id: 'filter-runs', title: t('runs'), group: t('runs'), keys: '/', run: () => field.current?.focus() }],
			[t],
		),
	);
	return (
		<div className="bar">
			<div className="results-filter">
				<SearchField
					label={t('filterRuns', { count })}
					value={query.f ?? ''}
					onChange={(f) => changeQuery({ f })}
					inputRef={field}
				/>
			</div>
			<Chip isOn={query.group !== 'off'} onChange={(isOn) => changeQuery({ group: isOn ? '' : 'off' })}>
				{t('grouped')}
			</Chip>
			<Chip isOn={hasPublished} onChange={(isOn) => changeQuery({ published: isOn ? 'on' : 'off' })}>
				{t('publishedRows')}
			</Chip>
			<Chip isOn={hasShipped} onChange={(isOn) => changeQuery({ shipped: isOn ? '' : 'off' })}>
				{t('shippedRows')}
			</Chip>
			<span className="spacer" />
			{importButtons}
			<ScorerChoice />
		</div>
	);
}

function CompareBar() {
	const t = useWords(resultsWords);
	const { query } = useRoute();
	return (
		<div className="bar">
			<a href={routeHref('results', [], keptQuery(query))}>{t('backToTable')}</a>
			<span className="spacer" />
			<ScorerChoice />
		</div>
	);
}

function ScorerChoice() {
	const t = useWords(resultsWords);
	const language = useLanguage();
	const { rule } = useResultsQuery();
	return (
		<span className="row results-scorer">
			<span className="quiet-text">
				<TermHint term={ruleTerms[rule]}>{t('scorer')}</TermHint>
			</span>
			<Dropdown
				label={t('scorer')}
				value={rule}
				onChange={(next: ScoringRule) => changeQuery({ rule: next === 'published' ? '' : next })}
				options={scoringRules.map((id) => ({ id, label: scoringRuleTitles[id][language], detail: id }))}
			/>
		</span>
	);
}

const ruleTerms = { published: 'publishedRule', strict: 'strictRule', seqeval: 'seqevalRule' } as const;

/** Two picked rows; one picked row and the open one will do. */
function CompareButton({ rows, open }: { rows: readonly ResultRow[]; open: ResultRow | undefined }) {
	const t = useWords(resultsWords);
	const { picks } = useResultsQuery();
	const { query } = useRoute();
	const known = picks.filter((key) => rows.some((row) => row.key === key));
	const pair = known.length === 1 && open && open.key !== known[0] ? [known[0], open.key] : known;
	const [a, b] = pair;
	return (
		<span title={pair.length < 2 ? t('pickHint') : undefined}>
			<Button
				icon={<Columns2 size={14} aria-hidden />}
				isDisabled={pair.length < 2}
				onPress={() => go('results', ['compare'], { ...keptQuery(query), pick: '', a, b, show: 'fixed' })}
			>
				{t('compareTwo')}
			</Button>
		</span>
	);
}

function ImportButtons({ takeList }: { takeList(files: FileList | null): void }) {
	const t = useWords(resultsWords);
	const shell = useWords(commonWords);
	const files = useRef<HTMLInputElement>(null);
	const folder = useRef<HTMLInputElement>(null);
	useEffect(() => folder.current?.setAttribute('webkitdirectory', ''), []);
	useCommands(
		useMemo(
			() => [
				{ id: 'import-run', title: t('import'), group: shell('results'), run: () => files.current?.click() },
				{
					...{ id: 'import-run-folder', title: t('importFolder'), group: shell('results') },
					run: () => folder.current?.click(),
				},
			],
			[t, shell],
		),
	);
	return (
		<span className="row">
			<Button icon={<Upload size={14} aria-hidden />} onPress={() => files.current?.click()}>
				{t('import')}
			</Button>
			<Button variant="quiet" onPress={() => folder.current?.click()}>
				{t('importFolder')}
			</Button>
			{[files, folder].map((input, index) => (
				<input
					key={index === 0 ? 'files' : 'folder'}
					ref={input}
					type="file"
					multiple
					hidden
					aria-label={index === 0 ? t('import') : t('importFolder')}
					onChange={(event) => {
						takeList(event.target.files);
						event.target.value = '';
					}}
				/>
			))}
		</span>
	);
}
