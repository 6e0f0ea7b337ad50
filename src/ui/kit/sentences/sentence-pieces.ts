// A sentence cut at the borders of its spans, in code points or words. Pure, so that what is drawn can be tested.

import type { TextUnit } from '../../../data/corpus';
import type { Span } from '../../../data/span';

/** A span with what a model says of it. */
export interface ShownSpan extends Span {
	/** Probability of exactly this span and type, from 0 to 1; absent for gold spans. */
	confidence?: number;
}

export interface SentencePiece {
	/** In units of the sentence. */
	start: number;
	end: number;
	text: string;
	span: ShownSpan | null;
}

/** The pieces in order; together they are the whole sentence. Spans that overlap an earlier one are left out. */
export function sentencePieces(
	characters: readonly string[],
	spans: readonly ShownSpan[],
	unit: TextUnit = 'character',
): SentencePiece[] {
	const glue = unit === 'word' ? ' ' : '';
	const pieces: SentencePiece[] = [];
	let position = 0;
	const add = (end: number, span: ShownSpan | null) => {
		if (end <= position) return;
		pieces.push({ start: position, end, text: characters.slice(position, end).join(glue), span });
		position = end;
	};
	for (const span of [...spans].sort((left, right) => left.start - right.start)) {
		if (span.start < position) continue;
		add(span.start, null);
		add(Math.min(span.end, characters.length), span);
	}
	add(characters.length, null);
	return pieces;
}

/** A type as drawn beside its span: the end of a very long one gives way; lists and descriptions keep it whole. */
export function typeLabel(type: string): string {
	const characters = [...type];
	return characters.length <= longestLabel ? type : `${characters.slice(0, longestLabel - 1).join('')}…`;
}

const longestLabel = 24;

/** Makes what has no glyph visible: a space as ␣, a line break as ⏎, other control characters as their picture. */
export function visibleText(text: string): { text: string; isControl: boolean }[] {
	const parts: { text: string; isControl: boolean }[] = [];
	const characters = [...text];
	for (const [place, character] of characters.entries()) {
		const picture = joinsPictures(characters, place) ? null : controlPicture(character);
		const last = parts.at(-1);
		if (picture === null && last && !last.isControl) last.text += character;
		else parts.push({ text: picture ?? character, isControl: picture !== null });
	}
	return parts;
}

/** A joiner between two emoji makes them one picture. */
function joinsPictures(characters: readonly string[], place: number): boolean {
	const { [place - 1]: before = '', [place]: joiner, [place + 1]: after = '' } = characters;
	return joiner === '\u200d' && /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u.test(before) && isEmoji(after);
}

const isEmoji = (character: string) => /\p{Extended_Pictographic}/u.test(character);

function controlPicture(character: string): string | null {
	const code = character.codePointAt(0) ?? 0;
	if (code === 0x0a || code === 0x0d || code === 0x2028) return '⏎';
	if (code === 0x3000 || code === 0xa0) return '␣';
	if (code < 0x20) return String.fromCodePoint(0x2400 + code);
	return code === 0x7f || (code >= 0x200b && code <= 0x200f) || code === 0xfeff ? '␢' : null;
}
