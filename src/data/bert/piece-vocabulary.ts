// The pieces that a BERT model knows, with their rows in its table, and the WordPiece step: a word becomes the longest
// pieces that match it from left to right (Wu et al. 2016, as in google-research/bert, tokenization.py).

import { splitAtSpace, stripSpace } from '../white-space';

export const specialPieces = { pad: '[PAD]', unknown: '[UNK]', first: '[CLS]', last: '[SEP]', mask: '[MASK]' } as const;

/** Words of more code points are unknown as a whole. */
const maxWordLength = 100;

/** What the pieces within a word begin with. */
const innerPrefix = '##';

export interface PieceVocabulary {
	/** Row of each piece, from 0. */
	rows: ReadonlyMap<string, number>;
	/** Rows of the table, repeated pieces counted. */
	size: number;
	unknown: string;
}

/**
 * Reads a `vocab.txt`: a piece per line, white space at both ends left out, its row the number of its line from 0. A repeated
 * piece has its last row, an empty line counts. `text` is read as it is, a byte order mark included: the published program
 * makes it a part of the first piece.
 */
export function parsePieces(text: string): PieceVocabulary {
	const lines = text.split(/\r\n|\r|\n/);
	if (lines[lines.length - 1] === '') lines.pop();
	return pieceVocabulary(lines.map(stripSpace));
}

export function pieceVocabulary(pieces: readonly string[]): PieceVocabulary {
	const rows = new Map(pieces.map((piece, row) => [piece, row]));
	return { rows, size: pieces.length, unknown: specialPieces.unknown };
}

/** One piece of a word and where it is: code points from the beginning of the word, [start, end). */
export interface WordPiece {
	piece: string;
	start: number;
	end: number;
}

/** The pieces of a word without white space, longest match first; one unknown piece where some part matches none. */
export function splitWord(word: readonly string[], { rows, unknown }: PieceVocabulary): WordPiece[] {
	const whole = [{ piece: unknown, start: 0, end: word.length }];
	if (word.length > maxWordLength) return whole;
	const pieces: WordPiece[] = [];
	for (let start = 0; start < word.length; ) {
		const found = longestPiece(word, start, rows);
		if (!found) return whole;
		pieces.push(found);
		start = found.end;
	}
	return pieces;
}

function longestPiece(word: readonly string[], start: number, rows: ReadonlyMap<string, number>): WordPiece | null {
	for (let end = word.length; end > start; end--) {
		const piece = (start > 0 ? innerPrefix : '') + word.slice(start, end).join('');
		if (rows.has(piece)) return { piece, start, end };
	}
	return null;
}

/** The WordPiece step alone on a text: no cleaning, no lower-casing. White space alone is one unknown piece. */
export function piecesOf(text: string, vocabulary: PieceVocabulary): string[] {
	const words = splitAtSpace(text);
	if (words.length === 0) return [vocabulary.unknown];
	return words.flatMap((word) => splitWord(Array.from(word), vocabulary).map(({ piece }) => piece));
}
