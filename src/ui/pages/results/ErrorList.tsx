// Every error of a run, gold over prediction in the sentence, by kind and by what was taken for what. J and K go through.

import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type ErrorKind, errorKinds } from '../../../analysis/entity-errors';
import type { SentenceRef } from '../../../data/corpus';
import type { ErrorRow, OpenedResult } from '../../../wire/results';
import { useCommands } from '../../context/commands-context';
import { useResults } from '../../context/results-context';
import { Badge } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { SearchField } from '../../kit/controls/Field';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { changeQuery, routeHref, useRoute } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { AlignedSentence } from './AlignedSentence';
import { coverOf } from './error-window';
import { resultsWords } from './results-words';
import { useResultsQuery } from './use-results-query';

/** Height of a row in pixels before it is measured. */
const rowHeight = 107;
/** Most sentences that one address hands on. */
const maxRefs = 200;

/** `corpusId` is that of the corpus where it is still stored. */
export function ErrorList({ opened, corpusId }: { opened: OpenedResult; corpusId: string | null }) {
	const t = useWords(resultsWords);
	const errors = useResults((state) => state.errors);
	const need = useResults((state) => state.needErrors);
	const [active, setActive] = useState(-1);
	const total = errors.total ?? 0;
	useCommands(
		useMemo(
			() => [
				{
					...{ id: 'next-error', title: t('next'), group: t('errors'), keys: 'j' },
					run: () => setActive((index) => Math.min(total - 1, index + 1)),
				},
				{
					...{ id: 'previous-error', title: t('previous'), group: t('errors'), keys: 'k' },
					run: () => setActive((index) => Math.max(0, index - 1)),
				},
			],
			[t, total],
		),
	);
	const refs = [...new Set(errors.rows.flatMap((row) => (row ? [refText(row.ref)] : [])))].slice(0, maxRefs);
	return (
		<section className="results-errors" aria-label={t('errors')}>
			<ErrorBar />
			<FilterNote />
			{errors.total === 0 ? (
				<p className="results-note quiet-text">{t('noErrors')}</p>
			) : (
				<VirtualRows
					label={t('errorList')}
					count={total}
					rowHeight={rowHeight}
					active={active}
					onRange={need}
					row={(index) => (
						<ErrorItem row={errors.rows[index]} isActive={index === active} types={opened.types} corpusId={corpusId} />
					)}
				/>
			)}
			{corpusId && refs.length > 0 && (
				<div className="results-foot">
					<a className="button button-bordered button-small" href={annotateHref(corpusId, refs)}>
						{t('annotateThese')}
					</a>
				</div>
			)}
		</section>
	);
}

function ErrorBar() {
	const t = useWords(resultsWords);
	const kinds = useResults((state) => state.kinds);
	const { filter } = useResultsQuery();
	const { query } = useRoute();
	const [isSearching, setSearching] = useState(query.q !== undefined);
	const all = kinds ? errorKinds.reduce((sum, kind) => sum + kinds[kind], 0) : null;
	const count = (value: number | null | undefined) => (typeof value === 'number' ? countText(value) : '');
	return (
		<div className="bar results-error-bar">
			<h2>{t('errors')}</h2>
			<Segments
				label={t('errorKind')}
				value={(filter.kind ?? 'all') as ErrorKind | 'all'}
				onChange={(kind) => changeQuery({ kind: kind === 'all' ? '' : kind })}
				options={[
					{ id: 'all', label: t('kind.all'), detail: count(all) },
					...errorKinds.map((kind) => ({ id: kind, label: t(`kind.${kind}`), detail: count(kinds?.[kind]) })),
				]}
			/>
			<span className="spacer" />
			{isSearching ? (
				<SearchField label={t('searchErrors')} value={query.q ?? ''} onChange={(q) => changeQuery({ q })} />
			) : (
				<IconButton label={t('searchErrors')} size="small" onPress={() => setSearching(true)}>
					<Search size={14} aria-hidden />
				</IconButton>
			)}
		</div>
	);
}

function FilterNote() {
	const t = useWords(resultsWords);
	const { filter } = useResultsQuery();
	if (filter.gold === undefined && filter.predicted === undefined) return null;
	return (
		<div className="bar bar-tight">
			<span className="quiet-text">
				{t('filteredTo', { gold: filter.gold ?? '…', predicted: filter.predicted ?? '…' })}
			</span>
			<Button size="small" variant="quiet" onPress={() => changeQuery({ gold: '', pred: '' })}>
				{t('clearFilter')}
			</Button>
		</div>
	);
}

interface ErrorItemProps {
	row: ErrorRow | undefined;
	isActive: boolean;
	types: readonly string[];
	corpusId: string | null;
}

function ErrorItem({ row, isActive, types, corpusId }: ErrorItemProps) {
	const t = useWords(resultsWords);
	if (!row) return <div className="results-error" style={{ height: rowHeight }} aria-hidden />;
	const { pair, number, ref, isInTrain, characters, gold, predicted } = row;
	return (
		<div className="results-error" data-active={isActive || undefined}>
			<div className="row results-error-head">
				{pair.kind !== 'correct' && <Badge tone="bad">{t(`kind.${pair.kind}`)}</Badge>}
				<span className="quiet-text num">#{countText(number)}</span>
				{isInTrain && <Badge tone="warn">{t('inTrain')}</Badge>}
				<span className="spacer" />
				{corpusId && (
					<a
						className="results-relabel"
						href={annotateHref(corpusId, [refText(ref)])}
						aria-label={t('relabelRow', { number })}
					>
						{t('relabel')}
					</a>
				)}
			</div>
			<AlignedSentence
				characters={characters}
				types={types}
				seen={coverOf(pair.gold, pair.predicted)}
				rows={[
					{ name: t('gold'), mentions: gold },
					{ name: t('pred'), mentions: predicted },
				]}
			/>
		</div>
	);
}

const refText = ({ split, index }: SentenceRef) => `${split}:${index}`;

function annotateHref(corpusId: string, refs: readonly string[]): string {
	return routeHref('annotate', [corpusId], { refs: refs.join(',') });
}
