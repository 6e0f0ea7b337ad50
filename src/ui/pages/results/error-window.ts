// The part of a long sentence round what is to be seen, with spans moved along. Pure.

import type { Span } from '../../../data/span';

/** Sentences up to this length are shown whole: so many cells fit beside the types. */
const wholeLength = 28;
/** Characters shown on either side. */
const around = 12;

export interface TextWindow {
	start: number;
	/** Exclusive. */
	end: number;
}

/** `seen` is what must be shown; without it the beginning is. */
export function windowAround(length: number, seen: Pick<Span, 'start' | 'end'> | null, isWhole: boolean): TextWindow {
	if (isWhole || length <= wholeLength) return { start: 0, end: length };
	const { start, end } = seen ?? { start: 0, end: wholeLength - around };
	return { start: Math.max(0, start - around), end: Math.min(length, end + around) };
}

/** Spans as they stand in the window, cut at its borders; those outside are left out. */
export function spansWithin<Found extends Pick<Span, 'start' | 'end'>>(
	spans: readonly Found[],
	{ start, end }: TextWindow,
): Found[] {
	return spans
		.filter((span) => span.start < end && start < span.end)
		.map((span) => ({ ...span, start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start }));
}

/** From the first to the last of some characters; null without any. */
export function extentOf(characters: ReadonlySet<number>): Pick<Span, 'start' | 'end'> | null {
	if (characters.size === 0) return null;
	return { start: Math.min(...characters), end: Math.max(...characters) + 1 };
}

/** From the first to the last character of two mentions; null without any. */
export function coverOf(
	one: Pick<Span, 'start' | 'end'> | null,
	other: Pick<Span, 'start' | 'end'> | null,
): Pick<Span, 'start' | 'end'> | null {
	if (!one || !other) return one ?? other;
	return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}
