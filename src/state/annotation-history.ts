// What was done while labelling: each step with the labels before and after, so that it is taken back and done again at
// once, beside the corpus's own list of changes. Steps have no end within a visit; behind them undo goes on in the changes
// of earlier visits. Pure.

import { type ChangeHistory, redoChange, undoChange } from '../data/change-history';
import type { SentenceRef, Span } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';

/** The labels of a sentence as they stand. */
export interface SentenceLabels {
	spans: readonly Span[];
	/** False for text that nobody has labelled. */
	hasTags: boolean;
	isMarkedForRelabel: boolean;
}

export type AnnotationStep =
	| { kind: 'relabel'; ref: SentenceRef; before: SentenceLabels; after: SentenceLabels }
	| { kind: 'mark'; ref: SentenceRef; before: SentenceLabels; after: SentenceLabels }
	/** A suggestion is not offered again in this visit. `key`: spanKey. */
	| { kind: 'reject'; ref: SentenceRef; key: string };

export interface AnnotationHistory {
	changes: ChangeHistory;
	/** Of this visit, oldest first. */
	steps: readonly AnnotationStep[];
	/** Taken back, the last one first. */
	undone: readonly AnnotationStep[];
}

export function historyOf(changes: readonly CorpusChange[]): AnnotationHistory {
	return { changes: { done: changes, undone: [] }, steps: [], undone: [] };
}

export function refName({ split, index }: SentenceRef): string {
	return `${split}:${index}`;
}

/** The history with one more step; what was taken back before it is gone. */
export function doStep({ changes, steps }: AnnotationHistory, step: AnnotationStep): AnnotationHistory {
	const change = changeOf(step);
	const done = change ? [...changes.done, change] : changes.done;
	return { changes: { done, undone: [] }, steps: [...steps, step], undone: [] };
}

function changeOf(step: AnnotationStep): CorpusChange | null {
	switch (step.kind) {
		case 'relabel':
			return { kind: 'relabel', sentence: step.ref, spans: [...step.after.spans] };
		case 'mark':
			return { kind: 'mark-for-relabel', sentences: [step.ref] };
		case 'reject':
			return null;
		default:
			throw step satisfies never;
	}
}

export interface TakenStep {
	history: AnnotationHistory;
	/** The step, or null for a change of an earlier visit: the corpus must be read again then. */
	step: AnnotationStep | null;
}

/** Null when there is nothing to take back. */
export function undoStep({ changes, steps, undone }: AnnotationHistory): TakenStep | null {
	const step = steps.at(-1) ?? null;
	if (!step && changes.done.length === 0) return null;
	return {
		history: {
			changes: step?.kind === 'reject' ? changes : undoChange(changes),
			steps: steps.slice(0, -1),
			undone: step ? [step, ...undone] : undone,
		},
		step,
	};
}

/** Null when nothing was taken back. */
export function redoStep({ changes, steps, undone }: AnnotationHistory): TakenStep | null {
	// Changes of earlier visits were taken back after all steps, so they are done again first.
	const isEarlier = changes.undone.length > undone.filter(({ kind }) => kind !== 'reject').length;
	const step = isEarlier ? null : (undone[0] ?? null);
	if (!isEarlier && !step) return null;
	return {
		history: {
			changes: step?.kind === 'reject' ? changes : redoChange(changes),
			steps: step ? [...steps, step] : steps,
			undone: step ? undone.slice(1) : undone,
		},
		step,
	};
}

/** spanKeys of the suggestions of a sentence that were rejected. */
export function rejectedOf({ steps }: AnnotationHistory, ref: SentenceRef): Set<string> {
	const name = refName(ref);
	return new Set(steps.flatMap((step) => (step.kind === 'reject' && refName(step.ref) === name ? [step.key] : [])));
}

/** Labellings that are in force: one for each time that a sentence was given labels. */
export function countLabellings({ changes }: AnnotationHistory): number {
	return changes.done.filter(({ kind }) => kind === 'relabel').length;
}

/** Sentences that were worked on in this visit. */
export function countDone({ steps }: AnnotationHistory): number {
	return new Set(steps.map(({ ref }) => refName(ref))).size;
}
