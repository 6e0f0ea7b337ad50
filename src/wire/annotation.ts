// The part of the wire about labelling a corpus by hand: in which order its sentences come, what a model suggests for one,
// how sure a model is of each, and models that a run can begin from.

import type { TaggedSpan, TaggedWord } from '../analysis/tagged-sentence';
import type { SentenceRef, SplitName } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';
import type { CorpusReview } from '../data/corpus-review';
import type { Span } from '../data/span';
import type { ModelRef } from './models';

/**
 * `corpus`: in its own order; `uncertain`: those that the model is least sure of first, without those that were confirmed; `marked`: to be
 * labelled again.
 */
export type QueueOrder = 'corpus' | 'uncertain' | 'marked';
export const queueOrders: readonly QueueOrder[] = ['uncertain', 'corpus', 'marked'];

/** Which sentences, in which order. Whole ones: clipping is for training. */
export interface QueueRequest {
	id: string;
	order: QueueOrder;
	/** As it is after the changes. */
	split?: SplitName;
	/** Only these, by their indices in the corpus as imported. */
	refs?: readonly SentenceRef[];
	/** Whose sureness counts; null for none. */
	model: ModelRef | null;
	/** Sentences that stay in a queue by uncertainty although they are confirmed: those of this visit, and an open one. */
	keeps?: readonly SentenceRef[];
	/** The corpus as the page has it, where not all of that is stored; absent for the stored one. */
	draft?: CorpusDraft;
}

/** What people did to a corpus, as one state: it is read, changed and saved as a whole (state/corpus-writer.ts). */
export interface CorpusDraft {
	changes: readonly CorpusChange[];
	review: CorpusReview;
}

/** The sentences of a queue, packed: one number a sentence in each array. */
export interface AnnotationQueue {
	/** Revision of the corpus that was read. */
	revision: number;
	/** Index into splitNames, and index in that split, as imported. */
	splits: Uint8Array;
	indices: Int32Array;
	/** Probability of the model's best labelling, from 0 to 1; NaN where the model was not asked yet. */
	probabilities: Float32Array;
}

export interface AnnotationRow {
	ref: SentenceRef;
	/** The split that it is in now. */
	split: SplitName;
	isMarkedForRelabel: boolean;
	characters: string[];
	spans: Span[];
	/** False for text that nobody has labelled. */
	hasTags: boolean;
}

/** How often a text is a mention in train, by type, the commonest first. */
export interface SeenMention {
	text: string;
	counts: { type: string; count: number }[];
}

export interface SentenceSuggestion {
	spans: TaggedSpan[];
	words: TaggedWord[];
	/** Of this labelling of the whole sentence, from 0 to 1. */
	probability: number;
	/** For the suggested texts that are mentions somewhere in train. */
	seen: SeenMention[];
}

export interface AnnotationCommands {
	'annotation-queue': { request: QueueRequest; reply: AnnotationQueue };
	/** At most `maxRows` sentences, in the order of the refs; those that were dropped are left out. */
	'annotation-rows': {
		request: { id: string; refs: readonly SentenceRef[]; draft?: CorpusDraft };
		reply: { rows: AnnotationRow[] };
	};
	'suggest-labels': {
		request: { task: string; id: string; ref: SentenceRef; model: ModelRef };
		reply: SentenceSuggestion;
	};
	/** Asks the model for every sentence that it has not been asked for; what was done stays when it is cancelled. Progress
	 *  counts `secondsLeft`. */
	'score-sentences': {
		request: { task: string; id: string; model: ModelRef; split?: SplitName; refs?: readonly SentenceRef[] };
		reply: { scored: number };
	};
	/** The most frequent mentions of each type in train, as examples of how the corpus is labelled. */
	'mention-examples': {
		request: { id: string };
		reply: { types: { type: string; mentions: number; examples: { text: string; count: number }[] }[] };
	};
	/** Stores a model that comes with the page, under an id that follows from its name, so that a run can begin from it. */
	'keep-model': { request: { task: string; model: ModelRef; name: string }; reply: { id: string } };
}
