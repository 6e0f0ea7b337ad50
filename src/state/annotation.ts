// Editing the labels of one sentence: caret, selection, spans, a model's suggestions. Every function takes a state and gives
// the next one, or null where there is nothing to do, so that keys, mouse and tests share them. Positions are between
// units of the sentence (code points or words), from 0 to its length.

import type { SpanAlternative } from '../analysis/span-alternatives';
import type { Span } from '../data/span';

export interface Suggestion extends Span {
	/** Probability of exactly this span and type, from 0 to 1. */
	confidence?: number;
	alternatives?: readonly SpanAlternative[];
}

export interface Editing {
	readonly length: number;
	/** In order, without overlap. */
	readonly spans: readonly Span[];
	/** All that the model said, in order. */
	readonly suggestions: readonly Suggestion[];
	/** spanKey of suggestions that were rejected. */
	readonly rejected: ReadonlySet<string>;
	/** Where the next character would be selected. */
	readonly caret: number;
	/** The other end of the selection; equal to the caret when nothing is selected. */
	readonly anchor: number;
	/** Whether anything was selected or moved since the sentence was opened: suggestions that come late select nothing then. */
	readonly isTouched: boolean;
}

export interface Range {
	start: number;
	end: number;
}

export type Direction = -1 | 1;

export function startEditing(
	length: number,
	spans: readonly Span[],
	rejected: ReadonlySet<string> = new Set(),
): Editing {
	return { length, spans: inOrder(spans), suggestions: [], rejected, caret: 0, anchor: 0, isTouched: false };
}

export function spanKey({ start, end, type }: Span): string {
	return `${start}-${end} ${type}`;
}

/** The selected range, or null. */
export function selectionOf({ caret, anchor }: Editing): Range | null {
	return caret === anchor ? null : { start: Math.min(caret, anchor), end: Math.max(caret, anchor) };
}

/** Suggestions that are neither labels already nor rejected. */
export function openSuggestions({ spans, suggestions, rejected }: Editing): Suggestion[] {
	const there = new Set(spans.map(spanKey));
	return suggestions.filter((suggestion) => !there.has(spanKey(suggestion)) && !rejected.has(spanKey(suggestion)));
}

/** The open suggestion that is selected, or null. */
export function chosenSuggestion(state: Editing): Suggestion | null {
	const range = selectionOf(state);
	return range && (openSuggestions(state).find((suggestion) => isSameRange(suggestion, range)) ?? null);
}

/** The label that is selected, or that the caret is in; null for none. */
export function chosenSpan(state: Editing): Span | null {
	const { spans, caret } = state;
	const range = selectionOf(state);
	if (range) return spans.find((span) => isSameRange(span, range)) ?? null;
	return spans.find(({ start, end }) => start <= caret && caret < end) ?? null;
}

/** Takes the model's suggestions; the first open one is selected where the user has selected nothing yet. */
export function takeSuggestions(state: Editing, suggestions: readonly Suggestion[]): Editing {
	const next = { ...state, suggestions: [...suggestions].sort((left, right) => left.start - right.start) };
	const first = openSuggestions(next)[0];
	// Not the user's own doing: what is selected so moves nothing on screen.
	return first && !state.isTouched ? { ...select(next, first.start, first.end), isTouched: false } : next;
}

/** Selects from one position to another; equal positions set the caret. */
export function select(state: Editing, anchor: number, caret: number): Editing {
	const within = (position: number) => Math.max(0, Math.min(state.length, position));
	return { ...state, anchor: within(anchor), caret: within(caret), isTouched: true };
}

/** By units; without `extends` a selection ends at its edge first, as in any text field. */
export function moveCaret(state: Editing, by: Direction, { extends: isExtended }: { extends: boolean }): Editing {
	if (isExtended) return select(state, state.anchor, state.caret + by);
	const range = selectionOf(state);
	const caret = range ? (by < 0 ? range.start : range.end) : state.caret + by;
	return select(state, caret, caret);
}

/** To the beginning or the end of the sentence. */
export function moveToEdge(state: Editing, by: Direction, { extends: isExtended }: { extends: boolean }): Editing {
	const caret = by < 0 ? 0 : state.length;
	return select(state, isExtended ? state.anchor : caret, caret);
}

/**
 * Selects the next (or the last) whole word of the lexicon beyond the selection, the longest of those at a position; `extends` adds it to the
 * selection. A position without words counts as a word of one unit when it is added, and is passed over when not.
 */
export function moveByWord(
	state: Editing,
	by: Direction,
	words: readonly Range[],
	{ extends: isExtended }: { extends: boolean },
): Editing {
	if (isExtended) {
		const next = longest(words.filter((word) => (by < 0 ? word.end : word.start) === state.caret));
		return select(state, state.anchor, next ? (by < 0 ? next.start : next.end) : state.caret + by);
	}
	const range = selectionOf(state) ?? { start: state.caret, end: state.caret };
	const beyond = words.filter((word) => (by < 0 ? word.end <= range.start : word.start >= range.end));
	if (beyond.length === 0) return moveCaret(state, by, { extends: false });
	const nearest = by < 0 ? Math.max(...beyond.map(({ end }) => end)) : Math.min(...beyond.map(({ start }) => start));
	const word = longest(beyond.filter(({ start, end }) => (by < 0 ? end : start) === nearest)) as Range;
	return select(state, word.start, word.end);
}

/** The longest word that holds a position, for a double click; null where there is none. */
export function wordAt(words: readonly Range[], position: number): Range | null {
	return longest(words.filter(({ start, end }) => start <= position && position < end));
}

/** What a click on a unit selects: the suggestion or label that it belongs to, else the unit alone. */
export function selectUnit(state: Editing, position: number): Editing {
	const holds = ({ start, end }: Range) => start <= position && position < end;
	const target = openSuggestions(state).find(holds) ?? state.spans.find(holds);
	return select(state, target?.start ?? position, target?.end ?? position + 1);
}

/** Selects the next label or open suggestion; null when there is none beyond the selection. */
export function nextTarget(state: Editing, by: Direction): Editing | null {
	const { start, end } = selectionOf(state) ?? { start: state.caret, end: by < 0 ? state.caret : state.caret - 1 };
	const isBeyond = (target: Range) =>
		by > 0
			? target.start > start || (target.start === start && target.end > end)
			: target.start < start || (target.start === start && target.end < end);
	const targets = [...state.spans, ...openSuggestions(state)].filter(isBeyond);
	const ordered = targets.sort((left, right) => left.start - right.start || left.end - right.end);
	const target = ordered.at(by > 0 ? 0 : -1);
	return target ? select(state, target.start, target.end) : null;
}

/** Gives the selection, or the label at the caret, a type; labels that it overlaps go. Null when nothing is selected. */
export function setType(state: Editing, type: string): Editing | null {
	const range = selectionOf(state) ?? chosenSpan(state);
	if (!range || type === '') return null;
	const { start, end } = range;
	const others = state.spans.filter((span) => !overlaps(span, range));
	return select({ ...state, spans: inOrder([...others, { start, end, type }]) }, start, end);
}

/** Takes away the labels that the selection touches, or the one at the caret; null when there is none. */
export function removeLabels(state: Editing): Editing | null {
	const range = selectionOf(state) ?? chosenSpan(state);
	const left = range ? state.spans.filter((span) => !overlaps(span, range)) : state.spans;
	return left.length < state.spans.length ? { ...state, spans: left } : null;
}

/**
 * Takes the selected suggestion as a label and selects the next open one. With another selection over one label or suggestion:
 * gives the selection its type, so that a border that was moved is accepted by the same key. Null when neither applies.
 */
export function accept(state: Editing): Editing | null {
	const suggestion = chosenSuggestion(state);
	if (suggestion) {
		const accepted = setType(state, suggestion.type);
		return accepted && nextOpen(accepted);
	}
	const range = selectionOf(state);
	if (!range || chosenSpan(state)) return null;
	const types = [...state.spans, ...openSuggestions(state)].filter((span) => overlaps(span, range));
	return types.length === 1 ? setType(state, types[0].type) : null;
}

/** Rejects the selected suggestion and selects the next open one; null when none is selected. */
export function reject(state: Editing): Editing | null {
	const suggestion = chosenSuggestion(state);
	if (!suggestion) return null;
	return nextOpen({ ...state, rejected: new Set([...state.rejected, spanKey(suggestion)]) });
}

/** Another reading instead of the selected suggestion. */
export function acceptAlternative(state: Editing, { start, end, type }: SpanAlternative): Editing | null {
	return type === null ? reject(state) : setType(select(state, start, end), type);
}

/** Selects the next open suggestion behind the selection, else the first; stays where there is none. */
function nextOpen(state: Editing): Editing {
	const open = openSuggestions(state);
	const next = open.find(({ start }) => start >= state.caret) ?? open[0];
	return next ? select(state, next.start, next.end) : state;
}

function inOrder<Part extends Range>(spans: readonly Part[]): Part[] {
	return [...spans].sort((left, right) => left.start - right.start);
}

function isSameRange(left: Range, right: Range): boolean {
	return left.start === right.start && left.end === right.end;
}

function overlaps(left: Range, right: Range): boolean {
	return left.start < right.end && right.start < left.end;
}

function longest(words: readonly Range[]): Range | null {
	return words.reduce<Range | null>(
		(best, word) => (best === null || word.end - word.start > best.end - best.start ? word : best),
		null,
	);
}
