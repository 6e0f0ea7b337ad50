// A sentence as the model sees it: characters, then matched lexicon words, each with the span it covers.
// (FLAT, Li et al. 2020, section 3.1.) Positions count code points; `wordLast` is inclusive, as in FLAT's tails.

import type { TokenPieces } from './bert/bert-text';

export interface LatticeSentence {
	/** Rows of the lattice embedding table, one a character. [L] */
	characterRows: Int32Array;
	/** Rows of the bigram embedding table, one a character. [L] */
	bigramRows: Int32Array;
	/** Rows of the lattice embedding table, one a matched word, ordered by start, then end. [M] */
	wordRows: Int32Array;
	/** First character of each word. [M] */
	wordStart: Int32Array;
	/** Last character of each word, inclusive. [M] */
	wordLast: Int32Array;
	/** Tag ids; empty for text without tags. [L] */
	tags: Int32Array;
	/** Of each character, for a network with BERT. */
	pieces?: TokenPieces;
}

/** Number of lattice nodes: characters and words. */
export function nodeCount(sentence: LatticeSentence): number {
	return sentence.characterRows.length + sentence.wordRows.length;
}
