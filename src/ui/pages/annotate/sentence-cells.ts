// What each cell of the open sentence shows. Pure, so that it can be tested without a page.

import { chosenSuggestion, type Editing, openSuggestions, selectionOf } from '../../../state/annotation';
import { confidenceDigits } from '../../kit/sentences/SentenceText';

export type Edge = 'only' | 'first' | 'middle' | 'last';

export interface SentenceCell {
	position: number;
	/** In the selection, and where. */
	selected: Edge | null;
	/** The caret is before it. */
	hasCaret: boolean;
	/** Of an open suggestion: its type and where the cell is in it. */
	suggested: { type: string; edge: Edge } | null;
	/** `LOC 58?`, at the first cell of a suggestion. */
	suggestionLabel: string | null;
	/** In a label: where. */
	edge: Edge | null;
}

/** Cells in a row: a label's, or those between two labels. */
export interface CellRun {
	type: string | null;
	cells: SentenceCell[];
}

/** All cells of the sentence in order, together by label. */
export function cellRuns(state: Editing): CellRun[] {
	const selection = selectionOf(state);
	const open = openSuggestions(state);
	const chosen = chosenSuggestion(state);
	// Where suggestions overlap the chosen one is drawn.
	const drawn = chosen ? [chosen, ...open.filter((other) => other !== chosen)] : open;
	const runs: CellRun[] = [];
	let covered = 0;
	const add = (end: number, span: { start: number; end: number; type: string } | null) => {
		if (end <= covered) return;
		const cells = Array.from({ length: end - covered }, (_, at): SentenceCell => {
			const position = covered + at;
			const suggestion = drawn.find(({ start, end: last }) => start <= position && position < last) ?? null;
			return {
				position,
				selected: selection ? edgeOf(selection, position) : null,
				hasCaret: selection === null && state.caret === position,
				suggested: suggestion && { type: suggestion.type, edge: edgeOf(suggestion, position) as Edge },
				suggestionLabel: suggestion?.start === position ? labelOf(suggestion) : null,
				edge: span ? edgeOf(span, position) : null,
			};
		});
		runs.push({ type: span?.type ?? null, cells });
		covered = end;
	};
	for (const span of state.spans) {
		add(span.start, null);
		add(span.end, span);
	}
	add(state.length, null);
	return runs;
}

function edgeOf({ start, end }: { start: number; end: number }, position: number): Edge | null {
	if (position < start || position >= end) return null;
	if (end - start === 1) return 'only';
	if (position === start) return 'first';
	return position === end - 1 ? 'last' : 'middle';
}

function labelOf({ type, confidence }: { type: string; confidence?: number }): string {
	return confidence === undefined ? `${type}?` : `${type} ${confidenceDigits(confidence)}?`;
}
