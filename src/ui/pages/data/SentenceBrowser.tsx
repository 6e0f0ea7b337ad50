// The sentences of the open corpus: search, splits, types, what a finding names; drawn as they come into view. Filters and
// the chosen sentence stand in the address.

import { X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type SplitName, splitNames } from '../../../data/corpus';
import { findingWords } from '../../../data/corpus-checks/finding-words';
import { readSearch } from '../../../data/sentence-index';
import type { SentenceFilter, SentenceRow } from '../../../wire/corpora';
import { useCommands } from '../../context/commands-context';
import { useBrowser } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { EmptyState } from '../../kit/controls/EmptyState';
import { SearchField } from '../../kit/controls/Field';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { Chip } from '../../kit/controls/Toggle';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { AddressNotice, type Asked } from '../../kit/frame/AddressNotice';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { SentenceText } from '../../kit/sentences/SentenceText';
import { changeQuery, useRoute } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { dataWords } from './data-words';
import { findingKey, maxShown, refsOf } from './finding-key';
import { SentenceSkeleton } from './SentenceSkeleton';

const splitShort = { train: 'trainShort', dev: 'devShort', test: 'testShort' } as const;

export function SentenceBrowser() {
	const problem = useBrowser((state) => state.problem);
	const opened = useBrowser((state) => state.opened);
	useFilterOfAddress();
	if (problem && !opened) {
		return (
			<div className="data-notice">
				<ProblemNotice problem={problem} />
			</div>
		);
	}
	return (
		<div className="data-browser">
			<h2 className="visually-hidden">
				<SentencesHeading />
			</h2>
			<UnknownFilters />
			<FilterBar />
			<TypeBar />
			{problem && (
				<div className="data-notice">
					<ProblemNotice problem={problem} />
				</div>
			)}
			<SentenceRows />
		</div>
	);
}

function SentencesHeading() {
	return useWords(dataWords)('sentences');
}

/** Gives the store the filter that the address names. */
function useFilterOfAddress(): void {
	const { query } = useRoute();
	const setFilter = useBrowser((state) => state.setFilter);
	const id = useBrowser((state) => state.id);
	const report = useBrowser((state) => state.report);
	const { split = '', q = '', type = '', show = '' } = query;
	const finding = show === '' ? undefined : report?.findings.find((other) => findingKey(other) === show);
	const refs = useMemo(() => finding && refsOf(finding), [finding]);
	useEffect(() => {
		if (id === null) return;
		const filter: SentenceFilter = { ...readSearch(q) };
		if (filter.text === '') delete filter.text;
		if (split === 'train' || split === 'dev' || split === 'test') filter.split = split;
		if (type !== '') filter.entityTypes = type.split(',');
		if (show === 'relabel') filter.isMarkedForRelabel = true;
		if (refs) filter.refs = refs;
		setFilter(filter);
	}, [id, split, q, type, show, refs, setFilter]);
}

function FilterBar() {
	const t = useWords(dataWords);
	const { query } = useRoute();
	const opened = useBrowser((state) => state.opened);
	const [text, setText] = useState(query.q ?? '');
	const field = useRef<HTMLInputElement>(null);
	const counts = opened?.sentences;
	const search = (value: string) => {
		setText(value);
		changeQuery({ q: value, s: '' });
	};
	useEffect(() => setText(query.q ?? ''), [query.q]);
	useCommands(
		useMemo(
			() => [
				{
					id: 'search-sentences',
					title: t('search'),
					group: t('corpora'),
					keys: '/',
					run: () => field.current?.focus(),
				},
			],
			[t],
		),
	);
	const detail = (split: SplitName) => (counts ? countText(counts[split]) : undefined);
	return (
		<div className="bar">
			<div className="data-search">
				<SearchField
					label={t('search')}
					placeholder={t('searchHint')}
					value={text}
					onChange={search}
					inputRef={field}
				/>
			</div>
			<Segments
				label={t('split')}
				value={splitNames.find((split) => split === query.split) ?? 'all'}
				onChange={(split) => changeQuery({ split: split === 'all' ? '' : split, s: '' })}
				options={[
					{ id: 'all', label: t('all') },
					{ id: 'train', label: t('train'), detail: detail('train') },
					{ id: 'dev', label: t('dev'), detail: detail('dev') },
					{ id: 'test', label: t('test'), detail: detail('test') },
				]}
			/>
		</div>
	);
}

/** A split or types that the address filters by and the corpus does not have. */
function UnknownFilters() {
	const { query } = useRoute();
	const types = useBrowser((state) => state.opened?.types);
	const { split = '', type = '' } = query;
	const known = new Set(types?.map((listed) => listed.type));
	const named = type.split(',').filter((name) => name !== '');
	const unknown = types ? named.filter((name) => !known.has(name)) : [];
	const isSplitUnknown = split !== '' && !splitNames.some((name) => name === split);
	const asked: Asked[] = [
		...(isSplitUnknown ? [{ kind: 'splitKind' as const, name: split }] : []),
		...unknown.map((name) => ({ kind: 'typeKind' as const, name })),
	];
	const forget = () =>
		changeQuery({
			split: isSplitUnknown ? '' : split,
			type: named.filter((name) => known.has(name)).join(','),
		});
	return <AddressNotice asked={asked} shown="" onDismiss={forget} />;
}

function TypeBar() {
	const t = useWords(dataWords);
	const { query } = useRoute();
	const opened = useBrowser((state) => state.opened);
	const total = useBrowser((state) => state.total);
	const types = opened?.types ?? [];
	const names = types.map(({ type }) => type);
	const chosen = (query.type ?? '').split(',').filter((type) => type !== '');
	const toggle = (type: string, isOn: boolean) => {
		const next = isOn ? [...chosen, type] : chosen.filter((other) => other !== type);
		changeQuery({ type: next.join(','), s: '' });
	};
	return (
		<div className="bar bar-tight data-type-bar">
			<ShownFinding />
			<div className="row wrap data-type-chips">
				{types.map(({ type, mentions }) => (
					<Chip
						key={type}
						isOn={chosen.includes(type)}
						onChange={(isOn) => toggle(type, isOn)}
						slot={entitySlot(type, names).slot}
					>
						{type} <span className="detail">{countText(mentions)}</span>
					</Chip>
				))}
			</div>
			<span className="spacer" />
			<span className="quiet-text num data-type-note" aria-live="polite">
				{total !== null && t('sentenceCount', { count: countText(total), number: total })}
			</span>
		</div>
	);
}

/** What a finding filters by, with a way out. */
function ShownFinding() {
	const t = useWords(dataWords);
	const language = useLanguage();
	const { query } = useRoute();
	const report = useBrowser((state) => state.report);
	const show = query.show ?? '';
	if (show === '') return null;
	const finding = report?.findings.find((other) => findingKey(other) === show);
	const what = finding ? findingWords(finding).title[language] : show === 'relabel' ? t('marked') : show;
	const isCut = finding && refsOf(finding).length >= maxShown;
	return (
		<div className="row data-shown-finding">
			<span className="clip">{t('showing', { what })}</span>
			{isCut && <span className="quiet-text data-type-note">{t('firstShown', { count: countText(maxShown) })}</span>}
			<Button
				size="small"
				variant="quiet"
				icon={<X size={12} aria-hidden />}
				onPress={() => changeQuery({ show: '', s: '' })}
			>
				{t('showAll')}
			</Button>
		</div>
	);
}

function SentenceRows() {
	const t = useWords(dataWords);
	const { query } = useRoute();
	const opened = useBrowser((state) => state.opened);
	const total = useBrowser((state) => state.total);
	const rows = useBrowser((state) => state.rows);
	const need = useBrowser((state) => state.need);
	const chosen = Number(query.s ?? 0);
	const [active, setActive] = useState(-1);
	const position = positionOf(rows, chosen, active);
	const choose = useCallback(
		(index: number) => {
			const row = rows.get(index);
			if (!row) return;
			setActive(index);
			changeQuery({ s: String(row.number) });
		},
		[rows],
	);
	useCommands(useRowCommands(position, total ?? 0, choose));
	if (!opened || total === null) return <SentenceSkeleton />;
	if (total === 0) {
		const clear = () => changeQuery({ q: '', split: '', type: '', show: '', s: '' });
		return (
			<EmptyState title={t('noneFound')} actions={<Button onPress={clear}>{t('clearFilters')}</Button>}>
				{t('noneFoundText')}
			</EmptyState>
		);
	}
	const types = opened.types.map(({ type }) => type);
	const { unit } = opened.item.detail;
	return (
		<VirtualRows
			label={t('sentences')}
			count={total}
			rowHeight={42}
			active={position}
			onRange={need}
			row={(index) => {
				const row = rows.get(index);
				if (!row) return <div className="data-row" aria-hidden />;
				return (
					<SentenceLine
						row={row}
						types={types}
						unit={unit}
						isChosen={row.number === chosen}
						onChoose={() => choose(index)}
					/>
				);
			}}
		/>
	);
}

/** Where the chosen sentence stands among the rows at hand. */
function positionOf(rows: ReadonlyMap<number, SentenceRow>, chosen: number, active: number): number {
	if (chosen === 0) return -1;
	if (rows.get(active)?.number === chosen) return active;
	for (const [index, row] of rows) if (row.number === chosen) return index;
	return -1;
}

function useRowCommands(position: number, total: number, choose: (index: number) => void) {
	const t = useWords(dataWords);
	return useMemo(() => {
		const step = (by: number) => choose(Math.max(0, Math.min(total - 1, position + by)));
		const group = t('sentences');
		return [
			{ id: 'next-sentence', title: t('nextSentence'), group, keys: 'j', keysOnly: true, run: () => step(1) },
			{ id: 'previous-sentence', title: t('previousSentence'), group, keys: 'k', keysOnly: true, run: () => step(-1) },
			{
				id: 'next-sentence-arrow',
				title: t('nextSentence'),
				group,
				keys: 'ArrowDown',
				keysOnly: true,
				run: () => step(1),
			},
			{
				id: 'previous-sentence-arrow',
				title: t('previousSentence'),
				group,
				keys: 'ArrowUp',
				keysOnly: true,
				run: () => step(-1),
			},
			{
				id: 'no-sentence',
				title: t('cancel'),
				group,
				keys: 'Escape',
				keysOnly: true,
				isEnabled: position >= 0,
				run: () => changeQuery({ s: '' }),
			},
		];
	}, [t, position, total, choose]);
}

interface SentenceLineProps {
	row: SentenceRow;
	types: readonly string[];
	unit: 'character' | 'word';
	isChosen: boolean;
	onChoose(): void;
}

/** One line while it is not chosen, all of it when it is. */
function SentenceLine({ row, types, unit, isChosen, onChoose }: SentenceLineProps) {
	const t = useWords(dataWords);
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: rows are chosen by J and K or the arrows
		// biome-ignore lint/a11y/noStaticElementInteractions: as above
		<div className="data-row" data-chosen={isChosen || undefined} onClick={onChoose}>
			<span className="num data-row-number">{row.number}</span>
			<span className="quiet-text">{t(splitShort[row.split])}</span>
			<span className="data-row-text">
				<SentenceText
					className="data-row-sentence"
					characters={row.characters}
					spans={row.spans}
					types={types}
					unit={unit}
				/>
				{row.isMarkedForRelabel && <span className="badge badge-warn">{t('marked')}</span>}
			</span>
		</div>
	);
}
