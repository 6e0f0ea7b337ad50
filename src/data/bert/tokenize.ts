// Text to pieces as BERT models are used today: cleaning, Chinese characters apart, lower case and accents where the model
// says so, punctuation apart, then WordPiece (google-research/bert, tokenization.py). Every piece knows its code points.

import { type PieceVocabulary, specialPieces, splitWord } from './piece-vocabulary';

/** What a model's files say about its text. */
export interface TokenizerOptions {
	lowerCase: boolean;
	/** Accents are dropped; as a rule with lower case. */
	stripAccents: boolean;
	/** Ideographs are words of their own. */
	splitsChinese: boolean;
}

export const lowerCased: TokenizerOptions = { lowerCase: true, stripAccents: true, splitsChinese: true };
export const cased: TokenizerOptions = { lowerCase: false, stripAccents: false, splitsChinese: true };

export interface TokenPiece {
	piece: string;
	/** Row in the model's table. */
	row: number;
	/** Code points of the text, [start, end): from the first to the last that the piece comes from. */
	start: number;
	end: number;
}

/** A character of the text on its way, and the code point that it comes from. */
interface Sourced {
	character: string;
	source: number;
}

const neverSplit: ReadonlySet<string> = new Set(Object.values(specialPieces));

/** Pieces in the order of the text. */
export function tokenize(text: string, vocabulary: PieceVocabulary, options: TokenizerOptions): TokenPiece[] {
	return wordsOf(cleaned(text, options)).flatMap((word) => {
		if (neverSplit.has(textOf(word))) return [pieceOf(textOf(word), word, vocabulary)];
		return splitAtPunctuation(normalised(word, options)).flatMap((part) =>
			splitWord(
				part.map(({ character }) => character),
				vocabulary,
			).map(({ piece, start, end }) => pieceOf(piece, part.slice(start, end), vocabulary)),
		);
	});
}

function pieceOf(piece: string, from: readonly Sourced[], { rows, unknown }: PieceVocabulary): TokenPiece {
	const row = rows.get(piece) ?? rows.get(unknown) ?? -1;
	const sources = from.map(({ source }) => source);
	return { piece, row, start: Math.min(...sources), end: Math.max(...sources) + 1 };
}

function textOf(word: readonly Sourced[]): string {
	return word.map(({ character }) => character).join('');
}

/** Tab and line ends are spaces; every other control, format, private, unassigned or broken character is dropped. */
function cleaned(text: string, { splitsChinese }: TokenizerOptions): Sourced[] {
	const kept: Sourced[] = [];
	for (const [source, character] of Array.from(text).entries()) {
		if (isSpace(character)) kept.push({ character: ' ', source });
		else if (isDropped(character)) continue;
		else if (splitsChinese && isIdeograph(character.codePointAt(0) ?? 0))
			kept.push({ character: ' ', source }, { character, source }, { character: ' ', source });
		else kept.push({ character, source });
	}
	return kept;
}

/** Characters between spaces. */
function wordsOf(characters: readonly Sourced[]): Sourced[][] {
	const words: Sourced[][] = [];
	let isInside = false;
	for (const entry of characters) {
		if (entry.character === ' ') {
			isInside = false;
			continue;
		}
		if (isInside) words[words.length - 1].push(entry);
		else words.push([entry]);
		isInside = true;
	}
	return words;
}

/** Lower-cased as a whole (a sigma knows the end of its word), then without accents. */
function normalised(word: Sourced[], { lowerCase, stripAccents }: TokenizerOptions): Sourced[] {
	const lowered = lowerCase ? changed(word, (text) => text.toLowerCase()) : word;
	if (!stripAccents) return lowered;
	return changed(lowered, (text) => text.normalize('NFD')).filter(({ character }) => !/^\p{Mn}$/u.test(character));
}

/**
 * A word after a change of its text as a whole. Each character that comes out belongs to the next source whose own change holds
 * it: the change of the whole differs from those of the parts by the form of a final sigma and by the order of marks alone.
 */
function changed(word: readonly Sourced[], change: (text: string) => string): Sourced[] {
	const parts = word.flatMap(({ character, source }) =>
		Array.from(change(character), (one) => ({ character: one, source })),
	);
	const whole = Array.from(change(textOf(word)));
	if (whole.length !== parts.length) return parts;
	const left = [...parts];
	return whole.map((character, index) => {
		if (left[0]?.character === character || !left.some((part) => part.character === character)) {
			const source = left.shift()?.source ?? parts[index].source;
			return { character, source };
		}
		const [{ source }] = left.splice(
			left.findIndex((part) => part.character === character),
			1,
		);
		return { character, source };
	});
}

/** Each punctuation character is a word of its own. */
function splitAtPunctuation(word: readonly Sourced[]): Sourced[][] {
	const parts: Sourced[][] = [];
	let isInside = false;
	for (const entry of word) {
		const isMark = isPunctuation(entry.character);
		if (isInside && !isMark) parts[parts.length - 1].push(entry);
		else parts.push([entry]);
		isInside = !isMark;
	}
	return parts;
}

/** Spaces of every width, line and paragraph separators, tab, line feed, carriage return. */
function isSpace(character: string): boolean {
	return /^[\t\n\r\p{Zs}\u2028\u2029]$/u.test(character);
}

function isDropped(character: string): boolean {
	return character === '\ufffd' || /^\p{C}$/u.test(character);
}

/** All ASCII symbols, `$` and `^` among them, and what Unicode calls punctuation. */
function isPunctuation(character: string): boolean {
	return /^[!-/:-@[-`{-~\p{P}]$/u.test(character);
}

/** Blocks of ideographs; kana and Hangul are written with spaces or split by WordPiece. */
const ideographs: readonly (readonly [number, number])[] = [
	[0x4e00, 0x9fff],
	[0x3400, 0x4dbf],
	[0x20000, 0x2a6df],
	[0x2a700, 0x2b73f],
	[0x2b740, 0x2b81f],
	[0x2b820, 0x2ceaf],
	[0xf900, 0xfaff],
	[0x2f800, 0x2fa1f],
];

function isIdeograph(codePoint: number): boolean {
	return ideographs.some(([first, last]) => codePoint >= first && codePoint <= last);
}
