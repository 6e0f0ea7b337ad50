// What a model says of a sentence of plain text, as training makes it and the page shows it.

import type { Span } from '../data/span';
import type { SpanAlternative } from './span-alternatives';

export interface TaggedSpan extends Span {
	/** Probability of exactly this span and type, from 0 to 1 (span-marginals.ts); only when asked for. */
	confidence?: number;
	/** Other readings of the position, best first; only when asked for. */
	alternatives?: SpanAlternative[];
}

/** A lexicon word of a sentence: [start, end) in characters. */
export interface TaggedWord {
	start: number;
	end: number;
	text: string;
}

export interface TaggedSentence {
	/** One code point each. */
	characters: string[];
	/** In order, without overlap; positions count characters. */
	spans: TaggedSpan[];
	/** Words that the model met, ordered by start; only when asked for. */
	words?: TaggedWord[];
	/** Probability of these spans as the labelling of the whole sentence, from 0 to 1 (path-probability.ts); of
	 *  pieces of a long one the product; only when asked for. */
	probability?: number;
}
