// The tagged sentences: how many and how long it took, one row each, and under the open one its lattice.

import { ChevronUp, Highlighter, Layers } from 'lucide-react';
import { useCallback, useEffect, useMemo } from 'react';
import { useCommands } from '../../context/commands-context';
import { useTagging } from '../../context/models-context';
import { Badge } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { VirtualRows } from '../../kit/controls/VirtualRows';
import { SentenceText } from '../../kit/sentences/SentenceText';
import { changeQuery, useQueryValue } from '../../navigation/navigation';
import { countText, durationText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { SentenceLattice } from './SentenceLattice';
import { tagWords } from './tag-words';
import { useAnnotateShown } from './use-annotate-shown';
import { type ChosenSpan, chooseSpan, type ShownResult, useChosenSpan } from './use-shown-result';

/** Below this a span counts as unsure. */
const unsure = 0.7;

export function TaggedSentences({ shown }: { shown: ShownResult | null }) {
	const t = useWords(tagWords);
	const isBusy = useTagging((state) => state.phase.kind !== 'idle');
	if (!shown) return <Waiting isBusy={isBusy} />;
	return (
		<div className="tag-results" aria-busy={isBusy} data-stale={isBusy || undefined}>
			<ResultBar shown={shown} />
			{shown.rows.length === 0 ? (
				<p className="quiet-text tag-notice">{t(shown.onlyDifferences ? 'noDifferences' : 'noSentences')}</p>
			) : (
				<SentenceRows shown={shown} />
			)}
		</div>
	);
}

/** Grey shapes of the rows to come. */
function Waiting({ isBusy }: { isBusy: boolean }) {
	if (!isBusy) return <div className="tag-results" />;
	return (
		<div className="tag-results tag-waiting" aria-hidden>
			{[70, 46, 58, 62].map((width) => (
				<div key={width} className="tag-row">
					<span className="tag-grey" style={{ width: `${width}%` }} />
				</div>
			))}
		</div>
	);
}

function ResultBar({ shown }: { shown: ShownResult }) {
	const t = useWords(tagWords);
	const language = useLanguage();
	const closeFile = useTagging((state) => state.closeFile);
	const annotate = useAnnotateShown(shown);
	const { model, all, file, differing, seconds = 0, unknownCharacters } = shown;
	const sentences = file ? file.sentences : model.sentences.length;
	const entities = file ? file.mentions : model.sentences.reduce((sum, one) => sum + one.spans.length, 0);
	const facts = [
		t('entities', { number: entities, count: countText(entities) }),
		seconds < 1 ? t('took', { ms: Math.max(1, Math.round(seconds * 1000)) }) : durationText(seconds, language),
		...(all.length > 1 ? [differing.size > 0 ? t('differ', { count: differing.size }) : t('agree')] : []),
		...(file && file.sentences > file.first.length ? [t('firstShown', { count: file.first.length })] : []),
		...(unknownCharacters > 0 ? [t('unknown', { count: unknownCharacters })] : []),
	];
	return (
		<div className="bar bar-tight tag-bar">
			<h2 className="num">{t('sentences', { number: sentences, count: countText(sentences) })}</h2>
			<span className="quiet-text num clip">{facts.join(' · ')}</span>
			<span className="spacer" />
			{sentences > 0 && (
				<Button size="small" icon={<Highlighter size={14} aria-hidden />} onPress={() => void annotate()}>
					{t('annotateAll')}
				</Button>
			)}
			{file && (
				<Button size="small" onPress={closeFile}>
					{t('backToText')}
				</Button>
			)}
			{all.length > 1 && (
				<Segments
					label={t('shownModel')}
					options={[
						...all.map(({ key, shortName }) => ({ id: key, label: shortName })),
						{ id: 'differences', label: t('differences'), detail: differing.size },
					]}
					value={shown.onlyDifferences ? 'differences' : model.key}
					onChange={(show) => changeQuery({ show, s: '', at: '' })}
				/>
			)}
		</div>
	);
}

function SentenceRows({ shown }: { shown: ShownResult }) {
	const t = useWords(tagWords);
	const [open] = useQueryValue('s');
	const openIndex = open === '' ? -1 : Number(open) - 1;
	const chosen = useChosenSpan(shown);
	const toggle = useCallback(
		(index: number) => changeQuery({ s: index === openIndex ? '' : String(index + 1) }),
		[openIndex],
	);
	const current = chosen?.index ?? Math.max(0, openIndex);
	useSpanInView(chosen);
	const commands = useMemo(() => {
		const { rows, model } = shown;
		const move = (by: number) => {
			const next = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(current) + by))];
			const [span] = model.sentences[next]?.spans ?? [];
			if (span) chooseSpan(next, span.start);
			if (openIndex >= 0) changeQuery({ s: String(next + 1) });
		};
		return [
			{ id: 'tag-lattice', title: t('words'), group: t('text'), keys: 'l', keysOnly: true, run: () => toggle(current) },
			{ id: 'tag-next', title: t('nextSentence'), group: t('text'), keys: 'j', keysOnly: true, run: () => move(1) },
			{
				id: 'tag-previous',
				title: t('previousSentence'),
				group: t('text'),
				keys: 'k',
				keysOnly: true,
				run: () => move(-1),
			},
		];
	}, [t, shown, toggle, current, openIndex]);
	useCommands(commands);
	return (
		<VirtualRows
			className="tag-rows"
			label={t('taggedSentences')}
			count={shown.rows.length}
			rowHeight={50}
			// The row that keys or an address chose; none before.
			active={chosen || openIndex >= 0 ? shown.rows.indexOf(current) : -1}
			row={(position) => {
				const index = shown.rows[position];
				return (
					<SentenceRow
						shown={shown}
						index={index}
						isOpen={index === openIndex}
						chosenStart={chosen?.index === index ? chosen.span.start : undefined}
						onToggle={toggle}
					/>
				);
			}}
		/>
	);
}

/** A row may be higher than the window: the span that was chosen comes on screen, not its row alone. */
function useSpanInView(chosen: ChosenSpan | null): void {
	const key = chosen ? `${chosen.index}.${chosen.span.start}` : '';
	useEffect(() => {
		if (key === '') return;
		// In the first frame the list brings the row itself.
		let frame = requestAnimationFrame(() => {
			frame = requestAnimationFrame(() =>
				document.querySelector('.tag-results mark[data-chosen]')?.scrollIntoView({ block: 'nearest' }),
			);
		});
		return () => cancelAnimationFrame(frame);
	}, [key]);
}

interface SentenceRowProps {
	shown: ShownResult;
	index: number;
	isOpen: boolean;
	chosenStart: number | undefined;
	onToggle(index: number): void;
}

function SentenceRow({ shown, index, isOpen, chosenStart, onToggle }: SentenceRowProps) {
	const t = useWords(tagWords);
	const { characters, spans } = shown.model.sentences[index];
	const low = spans.filter(({ confidence = 1 }) => confidence < unsure).length;
	const choose = useCallback((span: { start: number }) => chooseSpan(index, span.start), [index]);
	return (
		<div className="tag-sentence" data-open={isOpen || undefined}>
			<div className="tag-row">
				<span className="num quiet-text tag-row-number">{index + 1}</span>
				<SentenceText
					className="tag-row-sentence"
					characters={characters}
					spans={spans}
					types={shown.types}
					unit={shown.model.unit}
					chosenStart={chosenStart}
					onChoose={choose}
				/>
				<span className="row">
					{low > 0 && <Badge tone="warn">{t('below', { count: low })}</Badge>}
					{!shown.file && (
						<IconButton
							label={isOpen ? t('closeLattice') : t('openLattice', { number: index + 1 })}
							keys="L"
							size="small"
							aria-expanded={isOpen}
							onPress={() => onToggle(index)}
						>
							{isOpen ? <ChevronUp size={16} aria-hidden /> : <Layers size={16} aria-hidden />}
						</IconButton>
					)}
				</span>
			</div>
			{isOpen && !shown.file && <SentenceLattice shown={shown} index={index} />}
		</div>
	);
}
