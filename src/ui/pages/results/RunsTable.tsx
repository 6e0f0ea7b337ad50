// The table of runs: one row an experiment, its seeds below it, rows of others on sunken ground. Only rows in view are
// drawn. The square at the left picks a row for a comparison.

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { seedStatistics } from '../../../analysis/seed-statistics';
import type { ScoringRule } from '../../../experiment/events';
import {
	microOf,
	type ResultRow,
	type RunItem,
	readOrder,
	type SortKey,
	seedOf,
	sortKeys,
	writeOrder,
} from '../../../state/result-rows';
import { changeQuery, routeHref, useRoute } from '../../navigation/navigation';
import { durationText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { RowBadges } from './RowBadges';
import { ScoreCell } from './result-numbers';
import { resultsWords } from './results-words';
import { keptQuery, useResultsQuery } from './use-results-query';
import { useRowTitle } from './use-row-title';

type DrawnRow = { row: ResultRow; run: RunItem | null };

/** Height of a row in pixels. */
const rowHeight = 30;
/** Columns that are numbers. */
const numeric: readonly SortKey[] = ['devF1', 'testF1', 'precision', 'recall', 'cleanF1', 'seconds'];

export function RunsTable({
	rows,
	openId,
	bestKey,
}: {
	rows: ResultRow[];
	openId: string | undefined;
	bestKey: string;
}) {
	const t = useWords(resultsWords);
	const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
	const scroller = useRef<HTMLDivElement>(null);
	const drawn = useMemo(() => drawnRows(rows, openId, opened), [rows, openId, opened]);
	const virtualizer = useVirtualizer({
		count: drawn.length,
		overscan: 8,
		estimateSize: () => rowHeight,
		getScrollElement: () => scroller.current,
	});
	const toggle = (key: string) =>
		setOpened((before) => new Set(before.has(key) ? [...before].filter((other) => other !== key) : [...before, key]));
	return (
		// biome-ignore lint/a11y/useSemanticElements: rows are placed absolutely in a box of the full height
		<div className="results-table" role="table" aria-label={t('runs')} aria-rowcount={drawn.length + 1}>
			<HeaderRow />
			{/* biome-ignore lint/a11y/useSemanticElements: as above */}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<div className="scroll results-rows" role="rowgroup" ref={scroller} tabIndex={0}>
				<div role="presentation" className="virtual-box" style={{ height: virtualizer.getTotalSize() }}>
					{virtualizer.getVirtualItems().map(({ index, start }) => {
						const { row, run } = drawn[index];
						const position = { index: index + 2, start };
						if (run)
							return <SeedRow key={`${row.key} ${run.id}`} run={run} position={position} isOpen={run.id === openId} />;
						return (
							<GroupRow
								key={row.key}
								row={row}
								position={position}
								isOpen={row.runs.some(({ id }) => id === openId)}
								isExpanded={isExpanded(row, openId, opened)}
								isBest={row.key === bestKey}
								onToggle={() => toggle(row.key)}
							/>
						);
					})}
				</div>
			</div>
		</div>
	);
}

/** The open run's seeds are shown until they are folded by hand, others when they are unfolded. */
function isExpanded({ key, runs }: ResultRow, openId: string | undefined, opened: ReadonlySet<string>): boolean {
	return runs.length > 1 && runs.some(({ id }) => id === openId) !== opened.has(key);
}

function drawnRows(rows: readonly ResultRow[], openId: string | undefined, opened: ReadonlySet<string>): DrawnRow[] {
	return rows.flatMap((row) => [
		{ row, run: null },
		...(isExpanded(row, openId, opened) ? row.runs.map((run) => ({ row, run })) : []),
	]);
}

function HeaderRow() {
	const t = useWords(resultsWords);
	const { query } = useRoute();
	const order = readOrder(query.sort ?? '');
	const sortBy = (key: SortKey) => {
		const isFalling = order?.key === key && !order.isRising;
		changeQuery({ sort: order?.key === key && order.isRising ? '' : writeOrder({ key, isRising: isFalling }) });
	};
	const heads: (SortKey | 'how')[] = ['name', 'corpus', 'how', ...sortKeys.filter((key) => numeric.includes(key))];
	return (
		// biome-ignore lint/a11y/useSemanticElements: part of the table above
		// biome-ignore lint/a11y/useFocusableInteractive: its cells hold buttons
		<div className="results-row results-head" role="row" aria-rowindex={1}>
			{/* biome-ignore lint/a11y/useSemanticElements: part of the table above */}
			{/* biome-ignore lint/a11y/useFocusableInteractive: a plain heading */}
			<span role="columnheader">
				<span className="visually-hidden">{t('compare')}</span>
			</span>
			{heads.map((key) => (
				// biome-ignore lint/a11y/useSemanticElements: part of the table above
				// biome-ignore lint/a11y/useFocusableInteractive: it holds a button
				<span
					key={key}
					role="columnheader"
					className={key !== 'how' && numeric.includes(key) ? 'num' : undefined}
					aria-sort={order?.key === key ? (order.isRising ? 'ascending' : 'descending') : undefined}
				>
					{key === 'how' ? (
						t('how')
					) : (
						<button type="button" className="results-sort" onClick={() => sortBy(key)}>
							{t(key === 'name' ? 'run' : key)}
							{order?.key === key &&
								(order.isRising ? <ArrowUp size={12} aria-hidden /> : <ArrowDown size={12} aria-hidden />)}
						</button>
					)}
				</span>
			))}
		</div>
	);
}

interface RowPosition {
	/** Of the row in the whole table, from 1. */
	index: number;
	/** Pixels from the top. */
	start: number;
}

interface GroupRowProps {
	row: ResultRow;
	position: RowPosition;
	isOpen: boolean;
	isExpanded: boolean;
	isBest: boolean;
	onToggle(): void;
}

function GroupRow({ row, position, isOpen, isExpanded: isUnfolded, isBest, onToggle }: GroupRowProps) {
	const t = useWords(resultsWords);
	const language = useLanguage();
	const { name, corpus, scores, seconds, runs, badges, kind } = row;
	return (
		// biome-ignore lint/a11y/useSemanticElements: part of the table above
		// biome-ignore lint/a11y/useFocusableInteractive: its cells hold links and buttons
		<div
			className="results-row"
			role="row"
			aria-rowindex={position.index}
			data-kind={kind}
			data-open={isOpen || undefined}
			style={{ transform: `translateY(${position.start}px)` }}
		>
			<Cell>{kind === 'runs' && <PickSquare row={row} />}</Cell>
			<Cell>
				<span className="row results-name">
					{runs.length > 1 ? (
						<button
							type="button"
							className="results-fold"
							aria-label={t('showSeeds', { name })}
							aria-expanded={isUnfolded}
							onClick={onToggle}
						>
							{isUnfolded ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
						</button>
					) : (
						<span className="results-fold" />
					)}
					<RowName row={row} isOpen={isOpen} />
				</span>
			</Cell>
			<Cell isQuiet>{kind === 'published' ? t('publishedCorpus', { corpus }) : corpus || '—'}</Cell>
			<Cell>
				<RowBadges badges={badges} />
			</Cell>
			<Cell isNumber>
				<ScoreCell score={scores.devF1} />
			</Cell>
			<Cell isNumber isStrong={isBest}>
				<ScoreCell score={scores.testF1} />
			</Cell>
			<Cell isNumber>
				<ScoreCell score={scores.precision} />
			</Cell>
			<Cell isNumber>
				<ScoreCell score={scores.recall} />
			</Cell>
			<Cell isNumber>
				<ScoreCell score={scores.cleanF1} />
			</Cell>
			<Cell isNumber>{seconds === null ? '—' : durationText(seconds, language)}</Cell>
		</div>
	);
}

function RowName({ row, isOpen }: { row: ResultRow; isOpen: boolean }) {
	const { query } = useRoute();
	const { addition, title } = useRowTitle()(row);
	const { key, kind, name } = row;
	if (kind === 'published') return <span className="clip">{name}</span>;
	const href = kind === 'shipped' ? routeHref('models', [name]) : routeHref('results', [key], keptQuery(query));
	return (
		<a className="clip medium results-link" href={href} aria-current={isOpen || undefined} title={title}>
			{name}
			{addition && <span className="results-twin num"> · {addition}</span>}
		</a>
	);
}

function SeedRow({ run, position, isOpen }: { run: RunItem; position: RowPosition; isOpen: boolean }) {
	const t = useWords(resultsWords);
	const language = useLanguage();
	const { query } = useRoute();
	const { rule } = useResultsQuery();
	const score = (value: number | null | undefined) => (
		<ScoreCell score={typeof value === 'number' ? seedStatistics([value]) : null} />
	);
	const test = microOf(run, 'test', rule);
	return (
		// biome-ignore lint/a11y/useSemanticElements: part of the table above
		// biome-ignore lint/a11y/useFocusableInteractive: it holds a link
		<div
			className="results-row"
			role="row"
			aria-rowindex={position.index}
			data-kind="seed"
			data-open={isOpen || undefined}
			style={{ transform: `translateY(${position.start}px)` }}
		>
			<Cell />
			<Cell>
				<a
					className="clip results-link results-seed"
					href={routeHref('results', [run.id], keptQuery(query))}
					aria-current={isOpen || undefined}
					title={run.name}
				>
					{t('seed', { seed: seedOf(run) })}
				</a>
			</Cell>
			<Cell />
			<Cell />
			<Cell isNumber>{score(microOf(run, 'dev', rule)?.f1)}</Cell>
			<Cell isNumber>{score(test?.f1)}</Cell>
			<Cell isNumber>{score(test?.precision)}</Cell>
			<Cell isNumber>{score(test?.recall)}</Cell>
			<Cell isNumber>{score(cleanOf(run, rule))}</Cell>
			<Cell isNumber>{durationText(run.detail.seconds, language)}</Cell>
		</div>
	);
}

const cleanOf = (run: RunItem, rule: ScoringRule) => run.detail.results?.test?.withoutLeaks?.[rule].f1;

function PickSquare({ row: { key, name } }: { row: ResultRow }) {
	const t = useWords(resultsWords);
	const { picks } = useResultsQuery();
	const position = picks.indexOf(key);
	const toggle = () => {
		const next = position >= 0 ? picks.filter((other) => other !== key) : [...picks.slice(-1), key];
		changeQuery({ pick: next.join(',') });
	};
	return (
		<button
			type="button"
			className="results-pick"
			aria-pressed={position >= 0}
			aria-label={t('pick', { name })}
			onClick={toggle}
		>
			<span data-place={position >= 0 ? position + 1 : undefined} />
		</button>
	);
}

interface CellProps {
	children?: React.ReactNode;
	isNumber?: boolean;
	isQuiet?: boolean;
	isStrong?: boolean;
}

function Cell({ children, isNumber, isQuiet, isStrong }: CellProps) {
	return (
		// biome-ignore lint/a11y/useSemanticElements: part of the table above
		<span
			role="cell"
			className={isNumber ? 'num' : undefined}
			data-quiet={isQuiet || undefined}
			data-strong={isStrong || undefined}
		>
			{children}
		</span>
	);
}
