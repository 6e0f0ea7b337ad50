// The table of pieces that the published program cuts down to its corpus: what the lattice vocabulary needs, and a row of
// its own for entries that the model does not know (fastNLP 0.5.0, embeddings/bert_embedding.py, lines 253-309).

import { type PieceVocabulary, piecesOf, pieceVocabulary, specialPieces } from './piece-vocabulary';

/** An entry of the lattice vocabulary: a character or a word of the lexicon. */
export interface TableEntry {
	text: string;
	/** Occurrences in all splits. */
	count: number;
	/** Occurs in dev or test alone. */
	isUnseen: boolean;
}

export interface PieceTable {
	/** Row -> its piece, and the row of the model's table that it begins as. */
	rows: { piece: string; source: number }[];
	/** Entry of the lattice vocabulary -> rows of its pieces. */
	entryRows: number[][];
}

/** Rarer entries have no row of their own. */
const ownRowCount = 2;

/**
 * `entries` in the order of their ids, from the first after padding and unknown. The table begins with [PAD], [UNK], [CLS] and
 * [SEP]; its `entryRows` begin with those of padding and unknown, so that they are asked by id.
 */
export function trimPieces(entries: readonly TableEntry[], vocabulary: PieceVocabulary): PieceTable {
	const { pad, unknown, first, last } = specialPieces;
	const sourceOf = (piece: string) => vocabulary.rows.get(piece) ?? unknownRow(vocabulary);
	const rows = new Map<string, number>([pad, unknown, first, last].map((piece) => [piece, sourceOf(piece)]));
	for (const { text, count, isUnseen } of entries) {
		const pieces = piecesOf(text, vocabulary);
		const isUnknown = pieces.length === 1 && pieces[0] === unknown;
		if (!isUnknown) for (const piece of pieces) rows.set(piece, sourceOf(piece));
		else if (!isUnseen && count >= ownRowCount) rows.set(text, unknownRow(vocabulary));
	}
	const table = pieceVocabulary([...rows.keys()]);
	const rowOf = (piece: string) => table.rows.get(piece) ?? unknownRow(table);
	return {
		rows: Array.from(rows, ([piece, source]) => ({ piece, source })),
		entryRows: [[rowOf(pad)], [rowOf(unknown)], ...entries.map(({ text }) => piecesOf(text, table).map(rowOf))],
	};
}

function unknownRow({ rows, unknown }: PieceVocabulary): number {
	return rows.get(unknown) ?? 0;
}
