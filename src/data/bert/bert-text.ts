// How the text of a run becomes pieces of its BERT: the table of pieces that the network holds, and the pieces of each
// token. As published the table is cut down to the lattice vocabulary (piece-table.ts); else it is the model's own.

import type { BertConfig } from '../../experiment/bert-config';
import { trimPieces } from './piece-table';
import { type PieceVocabulary, piecesOf, pieceVocabulary, specialPieces } from './piece-vocabulary';
import { type TokenizerOptions, tokenize } from './tokenize';

/** What the files of a BERT model say about text. */
export interface BertText {
	config: BertConfig;
	/** Of its weights, whatever file they are in. */
	hash: string;
	vocabulary: PieceVocabulary;
	tokenizer: TokenizerOptions;
}

/** The BERT of one network. */
export interface PreparedBert {
	config: BertConfig;
	hash: string;
	/** Piece of each row of the network's table, and the row of the model's table that it begins as. */
	pieces: readonly string[];
	sources: Int32Array;
	/** Null: WordPiece alone on each token, nothing cleaned, as published. */
	tokenizer: TokenizerOptions | null;
}

/** Rows of the pieces that every sentence needs. */
export interface SpecialRows {
	unknown: number;
	first: number;
	last: number;
}

/** Pieces of the tokens of a sentence. */
export interface TokenPieces {
	/** Rows of the network's table, one token after another. */
	rows: Int32Array;
	/** First piece of each token, and the number of all. [tokens + 1] */
	starts: Int32Array;
}

/** Words of all splits in the order of the lattice vocabulary, without padding and unknown. */
export interface CountedWords {
	words: readonly string[];
	counts: ReadonlyMap<string, number>;
	/** Whether a word occurs in train. */
	isTrained(word: string): boolean;
}

export function prepareBert(
	{ config, hash, vocabulary, tokenizer }: BertText,
	isBare: boolean,
	{ words, counts, isTrained }: CountedWords,
): PreparedBert {
	if (!isBare) {
		const pieces = Array.from({ length: vocabulary.size }, () => '');
		for (const [piece, row] of vocabulary.rows) pieces[row] = piece;
		return { config, hash, pieces, sources: Int32Array.from(pieces, (_, row) => row), tokenizer };
	}
	const entries = words.map((text) => ({ text, count: counts.get(text) ?? 0, isUnseen: !isTrained(text) }));
	const { rows } = trimPieces(entries, vocabulary);
	const pieces = rows.map(({ piece }) => piece);
	return { config, hash, pieces, sources: Int32Array.from(rows, ({ source }) => source), tokenizer: null };
}

export function specialRows(pieces: readonly string[]): SpecialRows {
	const { rows } = pieceVocabulary(pieces);
	const unknown = rows.get(specialPieces.unknown) ?? 0;
	return {
		unknown,
		first: rows.get(specialPieces.first) ?? unknown,
		last: rows.get(specialPieces.last) ?? unknown,
	};
}

/** A function from the tokens of a sentence to their pieces; a token of which nothing is left is one unknown piece. */
export function pieceEncoder(
	bert: Pick<PreparedBert, 'pieces' | 'tokenizer'>,
): (tokens: readonly string[]) => TokenPieces {
	const vocabulary = pieceVocabulary(bert.pieces);
	const { unknown } = specialRows(bert.pieces);
	const known = new Map<string, readonly number[]>();
	const rowsOf = (token: string): readonly number[] => {
		const pieces = bert.tokenizer
			? tokenize(token, vocabulary, bert.tokenizer).map(({ row }) => row)
			: piecesOf(token, vocabulary).map((piece) => vocabulary.rows.get(piece) ?? unknown);
		return pieces.length > 0 ? pieces : [unknown];
	};
	return (tokens) => {
		const lists = tokens.map((token) => {
			const rows = known.get(token) ?? rowsOf(token);
			known.set(token, rows);
			return rows;
		});
		const starts = new Int32Array(tokens.length + 1);
		for (const [index, { length }] of lists.entries()) starts[index + 1] = starts[index] + length;
		return { rows: Int32Array.from(lists.flat()), starts };
	};
}
