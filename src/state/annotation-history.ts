// What was done while labelling: each step with the labels before and after, so that it is taken back and done again at
// once, beside the corpus's own list of changes. Steps have no end within a visit; behind them undo goes on in the changes
// of earlier visits. Pure.

import { type ChangeHistory, redoChange, undoChange } from '../data/change-history';
import type { SentenceRef } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';
import {
	addMarks,
	type CorpusReview,
	emptyReview,
	type RejectedSuggestion,
	type ReviewMark,
	rejectedIn,
	removeMarks,
} from '../data/corpus-review';
import type { Span } from '../data/span';
import { refKey } from '../data/take-back';

/** The labels of a sentence as they stand. */
export interface SentenceLabels {
	spans: readonly Span[];
	/** False for text that nobody has labelled. */
	hasTags: boolean;
	isMarkedForRelabel: boolean;
}

export type AnnotationStep =
	/** `confirms`: nothing is left to decide in the sentence, which was not confirmed before. */
	| { kind: 'relabel'; ref: SentenceRef; before: SentenceLabels; after: SentenceLabels; confirms?: boolean }
	| { kind: 'mark'; ref: SentenceRef; before: SentenceLabels; after: SentenceLabels }
	/** The labels are right as they are. */
	| { kind: 'confirm'; ref: SentenceRef }
	/** A suggestion of this span and type is not made again. */
	| { kind: 'reject'; ref: SentenceRef; suggestion: RejectedSuggestion }
	/** Rejected suggestions may be made again. `ref`: the sentence that is open. */
	| { kind: 'offer-again'; ref: SentenceRef; suggestions: readonly RejectedSuggestion[] };

/** A step with the change of the corpus that it made; null where it made none. */
export type DoneStep = AnnotationStep & { change: CorpusChange | null };

export interface AnnotationHistory {
	/** `undone`: changes of earlier visits that were taken back in this one. */
	changes: ChangeHistory;
	review: CorpusReview;
	/** Of this visit, oldest first. */
	steps: readonly DoneStep[];
	/** Taken back, the last one first. */
	undone: readonly DoneStep[];
}

export function historyOf(changes: readonly CorpusChange[], review: CorpusReview = emptyReview): AnnotationHistory {
	return { changes: { done: changes, undone: [] }, review, steps: [], undone: [] };
}

/** The history over a corpus that was read again: steps whose change is gone are gone too. */
export function rebaseHistory(
	{ changes, steps, undone }: AnnotationHistory,
	done: readonly CorpusChange[],
	review: CorpusReview,
): AnnotationHistory {
	const there = new Set(done);
	const left = steps.filter(({ change }) => change === null || there.has(change));
	return { changes: { ...changes, done }, review, steps: left, undone };
}

export function refName(ref: SentenceRef): string {
	return refKey(ref);
}

/** The history with one more step; what was taken back before it is gone. */
export function doStep({ changes, review, steps }: AnnotationHistory, step: AnnotationStep): AnnotationHistory {
	const done = { ...step, change: changeOf(step) };
	return {
		changes: { done: done.change ? [...changes.done, done.change] : changes.done, undone: [] },
		review: reviewAfter(review, step),
		steps: [...steps, done],
		undone: [],
	};
}

function changeOf(step: AnnotationStep): CorpusChange | null {
	switch (step.kind) {
		case 'relabel':
			return { kind: 'relabel', sentence: step.ref, spans: [...step.after.spans] };
		case 'mark':
			return { kind: 'mark-for-relabel', sentences: [step.ref] };
		case 'confirm':
		case 'reject':
		case 'offer-again':
			return null;
		default:
			throw step satisfies never;
	}
}

/** Marks that a step sets, and those that it clears. */
export function marksOf(step: AnnotationStep): { set: ReviewMark[]; cleared: ReviewMark[] } {
	switch (step.kind) {
		case 'relabel':
			return { set: step.confirms ? [{ kind: 'confirmed', sentence: step.ref }] : [], cleared: [] };
		case 'confirm':
			return { set: [{ kind: 'confirmed', sentence: step.ref }], cleared: [] };
		case 'reject':
			return { set: [{ kind: 'rejected', suggestion: step.suggestion }], cleared: [] };
		case 'offer-again':
			return { set: [], cleared: step.suggestions.map((suggestion) => ({ kind: 'rejected', suggestion })) };
		case 'mark':
			return { set: [], cleared: [] };
		default:
			throw step satisfies never;
	}
}

function reviewAfter(review: CorpusReview, step: AnnotationStep): CorpusReview {
	const { set, cleared } = marksOf(step);
	return removeMarks(addMarks(review, set), cleared);
}

function reviewBefore(review: CorpusReview, step: AnnotationStep): CorpusReview {
	const { set, cleared } = marksOf(step);
	return addMarks(removeMarks(review, set), cleared);
}

export type HistoryDirection = 'undo' | 'redo';

export interface TakenStep {
	history: AnnotationHistory;
	/** The step, or null for a change of an earlier visit: the corpus must be read again then. */
	step: DoneStep | null;
	/** What is taken back or made again. */
	change: CorpusChange | null;
}

/**
 * Null when there is nothing to take back. A step is taken back wherever its change is in the list; whether a newer change builds on it is
 * found when that is saved (state/corpus-edits.ts).
 */
export function undoStep({ changes, review, steps, undone }: AnnotationHistory): TakenStep | null {
	const step = steps.at(-1) ?? null;
	if (!step) {
		const change = changes.done.at(-1) ?? null;
		return change && { history: { changes: undoChange(changes), review, steps, undone }, step, change };
	}
	const done = step.change ? changes.done.filter((change) => change !== step.change) : changes.done;
	const history = {
		changes: { ...changes, done },
		review: reviewBefore(review, step),
		steps: steps.slice(0, -1),
		undone: [step, ...undone],
	};
	return { history, step, change: step.change };
}

/** Null when nothing was taken back. */
export function redoStep({ changes, review, steps, undone }: AnnotationHistory): TakenStep | null {
	const [earlier] = changes.undone;
	if (earlier) return { history: { changes: redoChange(changes), review, steps, undone }, step: null, change: earlier };
	const [step] = undone;
	if (!step) return null;
	const history = {
		changes: step.change ? { ...changes, done: [...changes.done, step.change] } : changes,
		review: reviewAfter(review, step),
		steps: [...steps, step],
		undone: undone.slice(1),
	};
	return { history, step, change: step.change };
}

export function takeStep(history: AnnotationHistory, direction: HistoryDirection): TakenStep | null {
	return direction === 'undo' ? undoStep(history) : redoStep(history);
}

/** Keys (spanKey of state/annotation.ts) of the suggestions of a sentence that were rejected, in this visit or before. */
export function rejectedOf({ review }: AnnotationHistory, ref: SentenceRef): Set<string> {
	return new Set(rejectedIn(review, ref).map(({ start, end, type }) => `${start}-${end} ${type}`));
}

/** Names of the sentences that nobody needs to see again: worked on in this visit, or confirmed before. */
export function finishedNames({ steps, review }: AnnotationHistory): Set<string> {
	return new Set([...steps.map(({ ref }) => refName(ref)), ...review.confirmed.map(refName)]);
}

/** Labellings that are in force: one for each time that a sentence was given labels. */
export function countLabellings({ changes }: AnnotationHistory): number {
	return changes.done.reduce((count, change) => {
		if (change.kind === 'relabel-sentences') return count + change.sentences.length;
		return change.kind === 'relabel' ? count + 1 : count;
	}, 0);
}

/** Sentences that were worked on in this visit. */
export function countDone({ steps }: AnnotationHistory): number {
	return new Set(steps.map(({ ref }) => refName(ref))).size;
}
