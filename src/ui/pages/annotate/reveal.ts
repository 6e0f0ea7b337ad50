// Whether a part of the open sentence is on screen, bringing it there, and moving by pages. The sentence lies in a scrolling stage; the card
// of the suggestion may lie over its lower end.

import { chosenSpan, type Editing, type Range, selectionOf } from '../../../state/annotation';

/** Kept free above and below, for the name that hangs under a label. */
const margin = { top: 8, bottom: 28 };

/** What a key acts on: the selection, else the label at the caret, else the caret itself. */
export function targetOf(editing: Editing): Range {
	return selectionOf(editing) ?? chosenSpan(editing) ?? { start: editing.caret, end: editing.caret + 1 };
}

export function isInView(editor: HTMLElement, range: Range): boolean {
	const target = boxOf(editor, range);
	const view = viewOf(editor);
	if (!target || !view) return true;
	const seen = Math.min(target.bottom, view.bottom) - Math.max(target.top, view.top);
	const isWide = target.left >= -1 && target.right <= window.innerWidth + 1;
	// Of one that is higher than the view, as much as there is room for.
	return isWide && seen >= Math.min(target.bottom - target.top, view.bottom - view.top) - 1;
}

/** Scrolls no further than it must; of a range that is higher than the view the beginning is shown. */
export function bringIntoView(editor: HTMLElement, range: Range): void {
	const stage = stageOf(editor);
	const target = boxOf(editor, range);
	const view = viewOf(editor);
	if (!stage || !target || !view) return;
	const top = target.top - margin.top;
	const bottom = target.bottom + margin.bottom;
	if (top < view.top || bottom - top > view.bottom - view.top) stage.scrollTop += top - view.top;
	else if (bottom > view.bottom) stage.scrollTop += bottom - view.bottom;
	// The window itself scrolls where it is narrower than the page can be.
	if (!isInView(editor, range)) cellAt(editor, range.start)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** How many units from the beginning of the sentence end above the lower edge of the view: its length only where all of the last is seen. */
export function unitsInView(editor: HTMLElement, length: number): number {
	const view = viewOf(editor);
	if (!view) return length;
	const units = countLeading(length, (position) => {
		const box = cellAt(editor, position)?.getBoundingClientRect();
		return box === undefined || box.bottom <= view.bottom + 1;
	});
	return units === length && length > 0 && !isInView(editor, { start: length - 1, end: length }) ? length - 1 : units;
}

/** How many positions from 0 pass a test that no position after the first failing one passes. */
export function countLeading(length: number, passes: (position: number) => boolean): number {
	let [low, high] = [0, length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (passes(middle)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The position one view above or below another, in the same column as far as the text allows; the edge where there is no more. */
export function onePageFrom(editor: HTMLElement, editing: Editing, by: -1 | 1): number {
	const view = viewOf(editor);
	const from = cellAt(editor, editing.caret)?.getBoundingClientRect();
	if (!view || !from) return by < 0 ? 0 : editing.length;
	const wanted = from.top + by * Math.max(from.height, view.bottom - view.top - from.height);
	let best = { position: editing.caret, distance: Number.POSITIVE_INFINITY };
	for (let position = 0; position < editing.length; position++) {
		const box = cellAt(editor, position)?.getBoundingClientRect();
		if (!box) continue;
		// Lines count before columns.
		const distance = Math.abs(box.top - wanted) * 1000 + Math.abs(box.left - from.left);
		if (distance < best.distance) best = { position, distance };
	}
	return best.position === editing.caret ? (by < 0 ? 0 : editing.length) : best.position;
}

export function stageOf(editor: HTMLElement): HTMLElement | null {
	return editor.closest<HTMLElement>('.annotate-stage');
}

/** The part of the window in which the sentence can be seen. */
function viewOf(editor: HTMLElement): { top: number; bottom: number } | null {
	const stage = stageOf(editor);
	if (!stage) return null;
	const { top, bottom } = stage.getBoundingClientRect();
	const card = stage.querySelector('.annotate-card');
	const isOver = card !== null && getComputedStyle(card).position === 'sticky';
	const end = isOver ? card.getBoundingClientRect().top : bottom;
	return { top: Math.max(0, top), bottom: Math.min(window.innerHeight, bottom, end) };
}

function boxOf(editor: HTMLElement, { start, end }: Range) {
	const first = cellAt(editor, start)?.getBoundingClientRect();
	const last = cellAt(editor, Math.max(start, end - 1))?.getBoundingClientRect();
	if (!first || !last) return null;
	return {
		top: Math.min(first.top, last.top),
		bottom: Math.max(first.bottom, last.bottom),
		left: Math.min(first.left, last.left),
		right: Math.max(first.right, last.right),
	};
}

/** Behind the last character: the mark of the caret. */
function cellAt(editor: HTMLElement, position: number): Element | null {
	return (
		editor.querySelector(`[data-place="${position}"]`) ?? editor.querySelector('.annotate-end, [data-place]:last-child')
	);
}
