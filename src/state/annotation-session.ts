// The annotation of a corpus as one state, and the actions that change it (annotation-reducer.ts): the queue, the open sentence with its
// labels and suggestions, what was done, and whether it is saved.

import type { SentenceRef } from '../data/corpus';
import type { AnnotationQueue, AnnotationRow, CorpusDraft, QueueRequest, SentenceSuggestion } from '../wire/annotation';
import type { OpenedCorpus } from '../wire/corpora';
import type { Editing } from './annotation';
import {
	type AnnotationHistory,
	type AnnotationStep,
	type HistoryDirection,
	historyOf,
	refName,
} from './annotation-history';
import { queueLength, refAt } from './annotation-queue';
import type { Saving } from './corpus-writer';
import type { Problem } from './problem';

/** A sentence, or an index in the queue from 0: its last one where it is shorter. */
export type SessionLink = SentenceRef | number;

/** A model being loaded, or sentences being scored. */
export interface Scoring {
	done: number;
	total: number | null;
	unit: 'bytes' | 'items' | 'share';
	secondsLeft: number;
}

export interface AnnotationSession {
	id: string | null;
	/** Null while it is read. */
	opened: OpenedCorpus | null;
	request: QueueRequest | null;
	/** Null until the first answer. */
	queue: AnnotationQueue | null;
	/** True while the queue is of an earlier request, or may have a newer order. */
	isAsking: boolean;
	/** Number of the latest question for a queue: answers to earlier ones are ignored. */
	queueNumber: number;
	/** Where the queue that was asked for opens; null keeps the open sentence. */
	linked: SessionLink | null;
	/** Loaded sentences by refName, with the labels as they are here. */
	rows: ReadonlyMap<string, AnnotationRow>;
	/** How many times labels were changed here. */
	edits: number;
	/** By refName, the value of `edits` after the latest change: rows that were asked for before it are out of date. */
	lastEdits: ReadonlyMap<string, number>;
	/** Index of the open sentence in the queue, or -1. */
	openIndex: number;
	/** Null while the open sentence is read. */
	editing: Editing | null;
	/** refName of the sentence that `editing` is of: the queue may change under it. */
	editingOf: string | null;
	/** Number of the latest opening of a sentence: suggestions for earlier ones are ignored. */
	openingNumber: number;
	/** The model whose suggestions the open sentence has, or waits for. */
	suggester: QueueRequest['model'];
	suggestion: SentenceSuggestion | null;
	isSuggesting: boolean;
	/** Null when neither a model nor scores are awaited. */
	scoring: Scoring | null;
	history: AnnotationHistory;
	/** Types that were added by hand and may label nothing yet. */
	addedTypes: readonly string[];
	saving: Saving;
	problem: Problem | null;
}

export type SessionAction =
	/** Another corpus: nothing of the earlier one is kept. */
	| { kind: 'corpus-opened'; id: string }
	/** `draft`: with the edits that are not stored yet. */
	| { kind: 'corpus-read'; id: string; opened: OpenedCorpus; draft: CorpusDraft; saving: Saving }
	| { kind: 'queue-chosen'; request: QueueRequest; link?: SessionLink }
	/** The same request again, as the corpus or the scores have changed. */
	| { kind: 'queue-asked-again' }
	| { kind: 'queue-came'; number: number; queue: AnnotationQueue }
	| { kind: 'queue-failed'; number: number; problem: Problem }
	/** `edits`: of the session when the rows were asked for. */
	| { kind: 'rows-came'; id: string; edits: number; rows: readonly AnnotationRow[] }
	/** Drops all but the latest rows before they are read again. */
	| { kind: 'rows-trimmed' }
	| { kind: 'sentence-opened'; index: number }
	/** Opens what the link names in the queue that was asked for last, as soon as that has come. */
	| { kind: 'link-followed'; link: SessionLink }
	| { kind: 'suggestion-came'; number: number; suggestion: SentenceSuggestion }
	| { kind: 'suggestion-failed'; number: number; problem: Problem }
	| { kind: 'editing-changed'; editing: Editing }
	| { kind: 'step-done'; step: AnnotationStep }
	/** Takes the latest step back, or does it again. */
	| { kind: 'step-taken'; direction: HistoryDirection }
	/** The writer refused an edit: the history is as it was before it. */
	| { kind: 'edit-refused'; id: string; history: AnnotationHistory }
	| { kind: 'type-added'; type: string }
	| { kind: 'scoring-changed'; scoring: Scoring | null }
	| { kind: 'saving-changed'; saving: Saving }
	| { kind: 'problem-changed'; problem: Problem | null };

export const emptySession: AnnotationSession = {
	id: null,
	opened: null,
	request: null,
	queue: null,
	isAsking: false,
	queueNumber: 0,
	linked: null,
	rows: new Map(),
	edits: 0,
	lastEdits: new Map(),
	openIndex: -1,
	editing: null,
	editingOf: null,
	openingNumber: 0,
	suggester: null,
	suggestion: null,
	isSuggesting: false,
	scoring: null,
	history: historyOf([]),
	addedTypes: [],
	saving: { kind: 'saved' },
	problem: null,
};

/** The sentence at the open index. */
export function openRef({ queue, openIndex }: AnnotationSession): SentenceRef | null {
	return queue && openIndex >= 0 && openIndex < queueLength(queue) ? refAt(queue, openIndex) : null;
}

/** Null while it is not loaded. */
export function openRow(session: AnnotationSession): AnnotationRow | null {
	const ref = openRef(session);
	return (ref && session.rows.get(refName(ref))) ?? null;
}

/** Sentences that stay in a queue by uncertainty although they are confirmed. */
export function keptRefs(session: AnnotationSession): SentenceRef[] {
	const { linked, history } = session;
	const open = openRef(session);
	const named = linked !== null && typeof linked === 'object' ? [linked] : [];
	return [...history.steps.map(({ ref }) => ref), ...named, ...(open ? [open] : [])];
}
