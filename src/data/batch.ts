// A batch of lattice sentences laid out in rows. Two layouts share one description: ragged (each sentence takes as
// many rows as it has nodes; for devices with their own loops) and padded (each takes `N` rows; for dense tensors).
// Letters: B sentences, R lattice rows, C characters of all sentences, M words of all sentences, P distance tuples.

import type { TokenPieces } from './bert/bert-text';
import type { DistinctDistances } from './distances';

export type RowLayout = 'ragged' | 'padded';

export interface Batch {
	layout: RowLayout;
	/** B */
	sentenceCount: number;
	/** R: rows in all, those of padding included. */
	rowCount: number;
	/** First lattice row of each sentence; its characters come first, then its words. [B] */
	rowOffset: Int32Array;
	/** Nodes (characters and words) of each sentence. [B] */
	nodeCount: Int32Array;
	/** Characters of each sentence. [B] */
	characterCount: Int32Array;
	/** First index of each sentence in the arrays over characters. [B] */
	characterOffset: Int32Array;
	/** Rows and columns of each sentence's block of scores: its nodes when ragged, N when padded. [B] */
	blockSize: Int32Array;
	/** First index of each sentence's block in an array over pairs of nodes (row-major, query by key). [B] */
	pairOffset: Int32Array;
	/** Pairs in all: the sum of blockSize squared. */
	pairCount: number;
	/** Layout-free name of each lattice row: sentence in the batch * 65536 + node; 0xffffffff (-1) in padding. [R] */
	rowKey: Int32Array;

	/** Position of each sentence of the batch in its split. [B] */
	sentenceIndex: Int32Array;
	/** Lattice row of each character, and of each word; -1 in padding. [C], [M] */
	characterRow: Int32Array;
	wordRow: Int32Array;
	/** rowKey of each character, and of each word. [C], [M] */
	characterKey: Int32Array;
	wordKey: Int32Array;
	/** Rows of the embedding tables; -1 in padding. [C], [C], [M] */
	characterIds: Int32Array;
	bigramIds: Int32Array;
	wordIds: Int32Array;
	/** Tag ids; 0 in padding and for text without tags. [C] */
	tags: Int32Array;
	/** Number of characters that are no padding. */
	realCharacterCount: number;

	/** What BERT gives each character, where it was computed before; absent where the network computes it. [C, width of BERT] */
	features?: Float32Array;

	/** Pieces of the real characters, where the network has BERT; their starts are one more than those. */
	pieces?: TokenPieces;

	distances: DistinctDistances;
}
