// The BERT of a fixture: its trimmed table rebuilt from the vocabulary, its shape, and the pieces of the fixture's sentences.

import { type PreparedBert, pieceEncoder, prepareBert, specialRows, type TokenPieces } from '../../data/bert/bert-text';
import { pieceVocabulary } from '../../data/bert/piece-vocabulary';
import { lowerCased } from '../../data/bert/tokenize';
import type { LatticeSentence } from '../../data/lattice';
import type { BertShape } from '../../experiment/network-shape';
import { parseBertConfig } from '../../storage/bert/config-file';
import type { Comparison } from './comparison';

/** What the JSON of a fixture says of its BERT. */
interface BertRecords {
	bert_config: Record<string, unknown>;
	vocab_txt: string[];
	/** Absent where another fixture of the same kind holds them. */
	piece_table?: string[];
	id_to_piece_rows?: number[][];
}

type VocabularyEntry = [word: string, count: number, onlyDevTest: boolean];

export interface FixtureBert {
	prepared: PreparedBert;
	shape: BertShape;
	/** Words of the lattice vocabulary by id. */
	words: string[];
	/** The sentences with the pieces of their characters. */
	withPieces(sentences: readonly LatticeSentence[]): LatticeSentence[];
}

/** `entries`: the vocabulary in id order, padding and unknown first. Compares table and pieces with the fixture's own. */
export function fixtureBert(
	records: BertRecords,
	entries: readonly VocabularyEntry[],
	comparison: Comparison,
): FixtureBert {
	const config = parseBertConfig(JSON.stringify({ model_type: 'bert', ...records.bert_config }), 'expected.json');
	const known = entries.slice(2);
	const trained = new Set(known.flatMap(([word, , onlyDevTest]) => (onlyDevTest ? [] : [word])));
	const text = { config, hash: '', vocabulary: pieceVocabulary(records.vocab_txt), tokenizer: lowerCased };
	const prepared = prepareBert(text, true, {
		words: known.map(([word]) => word),
		counts: new Map(known.map(([word, count]) => [word, count])),
		isTrained: (word) => trained.has(word),
	});
	const special = specialRows(prepared.pieces);
	const encode = pieceEncoder(prepared);
	const piecesOfId = (id: number) => (id < 2 ? [id === 0 ? 0 : special.unknown] : [...encode([entries[id][0]]).rows]);
	if (records.piece_table) comparison.same('table of pieces', prepared.pieces, records.piece_table);
	const rows = entries.map((_, id) => piecesOfId(id));
	if (records.id_to_piece_rows) comparison.same('pieces', rows, records.id_to_piece_rows);
	const piecesOf = (ids: Int32Array): TokenPieces => {
		const lists = Array.from(ids, piecesOfId);
		const starts = [0];
		for (const { length } of lists) starts.push(starts[starts.length - 1] + length);
		return { rows: Int32Array.from(lists.flat()), starts: Int32Array.from(starts) };
	};
	return {
		prepared,
		shape: { config, rows: prepared.pieces.length, ...special, stride: null, wordDropout: 0, outputDropout: 0 },
		words: entries.map(([word]) => word),
		withPieces: (sentences) => sentences.map((sentence) => ({ ...sentence, pieces: piecesOf(sentence.characterRows) })),
	};
}
