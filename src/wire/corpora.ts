// The part of the wire about a stored corpus: its sentences, changes to it, its checks, exports.

import type { Sentence, SentenceRef, SplitName } from '../data/corpus';
import type { ChangeEffect, CorpusChange } from '../data/corpus-changes';
import type { CheckReport } from '../data/corpus-checks/examine';
import type { CorpusReview } from '../data/corpus-review';
import type { TextFormat } from '../data/formats/format-list';
import type { RelabelPlan, SentenceTokens } from '../data/relabel-mentions';
import type { Span } from '../data/span';
import type { TagScheme } from '../data/tag-scheme';
import type { ItemOf } from '../storage/workspace/item-kinds';

export interface OpenedCorpus {
	item: ItemOf<'corpus'>;
	/** What was done to it since it was imported, in order. */
	changes: CorpusChange[];
	/** Suggestions that were rejected in it, sentences that were confirmed. */
	review: CorpusReview;
	/** What each of the changes did. */
	effects: ChangeEffect[];
	/** Sentences of each split as the changes left them. */
	sentences: Record<SplitName, number>;
	/** Types with their mentions, by falling number. */
	types: { type: string; mentions: number }[];
}

export interface SentenceFilter {
	/** As it is after the changes. */
	split?: SplitName;
	isMarkedForRelabel?: boolean;
	/** Whether somebody has labelled it, if only as without mentions. */
	hasTags?: boolean;
	/** Part of the text; width, letter case and white space do not matter. */
	text?: string;
	/** Only sentences with a mention of this type. */
	entityType?: string;
	/** Only sentences with a mention of at least one of these types. */
	entityTypes?: readonly string[];
	/** This sentence alone, by its number from 1 over all splits. */
	number?: number;
	/** Only these, by their indices in the corpus as imported. */
	refs?: readonly SentenceRef[];
}

/** A sentence as the changes left it, or a piece of one that was clipped. */
export interface SentenceRow {
	/** From 1, over all splits as the changes left them. */
	number: number;
	/** Its index in the corpus as imported. */
	ref: SentenceRef;
	/** The split that it is in now. */
	split: SplitName;
	/** Its first character in the sentence as imported. */
	start: number;
	isMarkedForRelabel: boolean;
	/** From 1; 0 when there is no file. */
	line: Sentence['line'];
	characters: string[];
	spans: Span[];
	hasTags: boolean;
}

export interface SentencePage {
	/** Sentences that the filter lets through. */
	total: number;
	rows: SentenceRow[];
	/** Revision of the corpus that was read. */
	revision: number;
}

/** Most rows of one answer: the page asks for what it shows. */
export const maxRows = 1000;

export interface CorpusCommands {
	'open-corpus': { request: { id: string }; reply: OpenedCorpus };
	/** Refused (`workspace-conflict`) when the corpus was changed since that revision. */
	'save-corpus-changes': {
		request: { id: string; revision: number; changes: CorpusChange[]; review?: CorpusReview };
		reply: { revision: number };
	};
	/** What giving the mentions of these tokens another type would change, from `changes` on; nothing is stored. */
	'plan-relabel': {
		request: { id: string; changes: CorpusChange[]; tokens: SentenceTokens[]; type: string | null };
		reply: RelabelPlan;
	};
	/** The splits as the changes left them, a file each (brat: two). `changes`: in place of those that are saved. */
	'export-corpus': {
		request: { id: string; format: TextFormat; scheme?: TagScheme; withoutTags?: boolean; changes?: CorpusChange[] };
		reply: { files: { name: string; file: Blob }[] };
	};
	'examine-corpus': {
		request: { task: string; id: string; lexiconId: string | null; characterVectorsId: string | null };
		reply: CheckReport;
	};
	/** A part of the sentences that a filter lets through, in corpus order; at most `maxRows`. */
	sentences: { request: { id: string; filter: SentenceFilter; offset: number; limit: number }; reply: SentencePage };
}
