// The open sentence: one cell a character, labels as marks, suggestions dashed, the selection framed. The mouse selects by
// dragging, a click takes what it hits, a double click the lexicon word. Keys are commands of the page; only Tab is the
// editor's own, and leaves it behind the last span.

import { type KeyboardEvent, memo, type PointerEvent, type RefObject, useLayoutEffect, useRef } from 'react';
import type { TaggedWord } from '../../../analysis/tagged-sentence';
import type { TextUnit } from '../../../data/corpus';
import {
	chosenSpan,
	chosenSuggestion,
	type Editing,
	nextTarget,
	select,
	selectionOf,
	selectUnit,
	wordAt,
} from '../../../state/annotation';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { visibleText } from '../../kit/sentences/sentence-pieces';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { bringIntoView, targetOf } from './reveal';
import { type CellRun, cellRuns, type SentenceCell } from './sentence-cells';
import { useSession } from './session-context';

export interface SentenceEditorProps {
	characters: readonly string[];
	editing: Editing;
	types: readonly string[];
	words: readonly TaggedWord[];
	unit: TextUnit;
	editorRef: RefObject<HTMLDivElement | null>;
}

export function SentenceEditor({ characters, editing, types, words, unit, editorRef }: SentenceEditorProps) {
	const t = useWords(annotateWords);
	const edit = useSession((state) => state.edit);
	const downAt = useRef<number | null>(null);
	useCaretInView(editorRef, editing);
	const runs = cellRuns(editing);
	const hasOverlaps = useOverlaps(characters, editing);
	const isAtEnd = selectionOf(editing) === null && editing.caret === editing.length;

	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== 'Tab' || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
		const next = nextTarget(editing, event.shiftKey ? -1 : 1);
		if (next && edit(next)) event.preventDefault();
	};
	const onPointerDown = (event: PointerEvent) => {
		const position = positionUnder(event);
		if (position === null || event.button !== 0) return;
		if (event.shiftKey) {
			edit(select(editing, editing.anchor, position < editing.anchor ? position : position + 1));
			return;
		}
		downAt.current = position;
		edit(selectUnit(editing, position));
	};
	const onPointerOver = (event: PointerEvent) => {
		const position = positionUnder(event);
		const from = downAt.current;
		if (position === null || from === null || event.buttons !== 1) return;
		edit(position < from ? select(editing, from + 1, position) : select(editing, from, position + 1));
	};
	return (
		<>
			<div
				ref={editorRef}
				className="annotate-text"
				role="application"
				aria-label={t('sentence')}
				aria-describedby="annotate-said"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys
				tabIndex={0}
				lang={unit === 'word' ? undefined : 'zh-Hans'}
				data-unit={unit}
				data-overlaps={hasOverlaps || undefined}
				onKeyDown={onKeyDown}
				onPointerDown={onPointerDown}
				onPointerOver={onPointerOver}
				onPointerUp={() => (downAt.current = null)}
				onDoubleClick={(event) => {
					const position = positionUnder(event);
					const word = position === null ? null : wordAt(words, position);
					if (word) edit(select(editing, word.start, word.end));
				}}
			>
				{runs.map((run) => (
					<Run key={`${run.cells[0].position} ${run.type}`} run={run} characters={characters} types={types} />
				))}
				{isAtEnd && <span className="annotate-cell annotate-end" data-caret aria-hidden />}
			</div>
			<Said characters={characters} editing={editing} unit={unit} />
		</>
	);
}

/**
 * Whatever the user moved to is on screen. A suggestion that selects itself as a sentence is opened moves nothing: a sentence begins at its
 * top.
 */
function useCaretInView(editorRef: SentenceEditorProps['editorRef'], editing: Editing): void {
	const { caret, anchor, isTouched, suggestions } = editing;
	const hasTarget = chosenSuggestion(editing) !== null || chosenSpan(editing) !== null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: where the caret is counts, and what became of the text around it
	useLayoutEffect(() => {
		const editor = editorRef.current;
		if (!editor || !isTouched) return;
		if (hasTarget && selectionOf(editing)) bringIntoView(editor, targetOf(editing));
		const edge = caret > anchor ? caret - 1 : caret;
		if (!hasTarget) bringIntoView(editor, { start: edge, end: edge + 1 });
	}, [editorRef, caret, anchor, isTouched, hasTarget, suggestions]);
}

/** Whether a suggestion ever overlapped a label while this sentence was open: its lines keep their height then. */
function useOverlaps(characters: readonly string[], { spans, suggestions }: Editing): boolean {
	const known = useRef({ characters, hasOverlaps: false });
	if (known.current.characters !== characters) known.current = { characters, hasOverlaps: false };
	known.current.hasOverlaps ||= suggestions.some((suggestion) =>
		spans.some(
			(span) =>
				span.start < suggestion.end &&
				suggestion.start < span.end &&
				(span.start !== suggestion.start || span.end !== suggestion.end || span.type !== suggestion.type),
		),
	);
	return known.current.hasOverlaps;
}

function positionUnder(event: { target: EventTarget }): number | null {
	const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
	return cell ? Number(cell.dataset.place) : null;
}

function Run({ run, characters, types }: { run: CellRun; characters: readonly string[]; types: readonly string[] }) {
	const cells = run.cells.map((cell) => (
		<Cell
			key={cell.position}
			{...cell}
			text={characters[cell.position]}
			slot={cell.suggested ? entitySlot(cell.suggested.type, types).slot : null}
			suggestedEdge={cell.suggested?.edge ?? null}
			label={cell.edge === 'first' || cell.edge === 'only' ? run.type : null}
		/>
	));
	if (run.type === null) return cells;
	const { slot, isRepeated } = entitySlot(run.type, types);
	return (
		<mark
			data-type={run.type}
			data-ent={slot}
			data-ent-dashed={isRepeated || undefined}
			aria-description={run.type}
			className="annotate-mark"
		>
			{cells}
		</mark>
	);
}

interface CellProps extends Omit<SentenceCell, 'suggested'> {
	text: string;
	/** Palette slot of the suggestion. */
	slot: number | null;
	suggestedEdge: string | null;
	label: string | null;
}

const Cell = memo(
	function Cell({ position, text, selected, hasCaret, edge, label, slot, suggestedEdge, suggestionLabel }: CellProps) {
		return (
			<span
				className="annotate-cell"
				data-place={position}
				data-selected={selected ?? undefined}
				data-caret={hasCaret || undefined}
				data-edge={edge ?? undefined}
				data-label={label ?? undefined}
			>
				{visibleText(text).map((part) =>
					part.isControl ? (
						<span key={part.text} className="sentence-control">
							{part.text}
						</span>
					) : (
						part.text
					),
				)}
				{slot !== null && (
					<span
						className="annotate-suggestion"
						data-ent={slot}
						data-edge={suggestedEdge ?? undefined}
						data-label={suggestionLabel ?? undefined}
						aria-hidden
					/>
				)}
			</span>
		);
	},
	(before, after) => (Object.keys(after) as (keyof CellProps)[]).every((key) => before[key] === after[key]),
);

/** What is selected, for those who do not see it. */
function Said({ characters, editing, unit }: Pick<SentenceEditorProps, 'characters' | 'editing' | 'unit'>) {
	const t = useWords(annotateWords);
	const range = selectionOf(editing);
	const text = range ? characters.slice(range.start, range.end).join(unit === 'word' ? ' ' : '') : '';
	const suggestion = chosenSuggestion(editing);
	const span = chosenSpan(editing);
	const said = suggestion
		? t('selectedSuggestion', { text, type: suggestion.type })
		: range && span
			? t('selectedSpan', { text, type: span.type })
			: range
				? t('selected', { text })
				: t('caretAt', { position: editing.caret, total: editing.length });
	return (
		<span id="annotate-said" className="visually-hidden" aria-live="polite">
			{said}
		</span>
	);
}
