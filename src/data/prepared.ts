// Everything a run needs from its corpus, lexicon and vectors: vocabularies, starting embedding tables, lattices.

import type { LabelSet } from '../experiment/labels';
import type { PreparedBert } from './bert/bert-text';
import type { SplitName } from './corpus';
import type { LatticeSentence } from './lattice';

/** Ids and their words, in id order: `<pad>` 0, `<unk>` 1. Characters, bigrams or lattice entries. */
export interface Vocabulary {
	words: readonly string[];
	/** 1 for words of the training text; 0 for those seen outside it only, which get a row only if the vector file has them. */
	hasOwnEntry: Uint8Array;
}

/** A vocabulary joined to an embedding table. Rows follow the vector file, so row and id differ (reference/embed-norm). */
export interface EmbeddingTable {
	vocabulary: Vocabulary;
	/** Row of each vocabulary id; 1 (`<unk>`) for words without an entry. */
	rowOfId: Int32Array;
	rowCount: number;
	dimension: number;
	/** Starting values [rowCount, dimension], normalised when asked for. */
	values: Float32Array;
	/** Words that the vector file had, and words of train that it lacked, which start at random; `<pad>`, `<unk>` not counted. */
	foundCount: number;
	randomCount: number;
}

export interface PreparedData {
	labels: LabelSet;
	/** Characters and matched words together. */
	lattice: EmbeddingTable;
	bigram: EmbeddingTable;
	/** Null for a network without BERT. */
	bert: PreparedBert | null;
	/** Matched words that occur in any split, ordered; what a checkpoint carries as its lexicon. */
	lexiconWords: string[];
	splits: Record<SplitName, LatticeSentence[]>;
	/** Most characters in a sentence of any split; sets the reach of the position table. */
	maxCharacters: number;
}
