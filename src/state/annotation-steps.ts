// What a command of the user does to the open sentence, as steps of the history, and a step as an edit of the stored corpus. Pure.

import type { SentenceRef } from '../data/corpus';
import { areSpansEqual } from '../data/corpus-changes';
import { hasMark } from '../data/corpus-review';
import type { AnnotationRow } from '../wire/annotation';
import { type Editing, openSuggestions, spanKey } from './annotation';
import {
	type AnnotationStep,
	type HistoryDirection,
	marksOf,
	type SentenceLabels,
	type TakenStep,
} from './annotation-history';
import { type AnnotationSession, openRow } from './annotation-session';
import { addChanges, allSteps, clearMarks, type EditStep, setMarks, takeBackChanges } from './corpus-edits';

/** From the editing of the open row to the next one: suggestions that were rejected, then labels that were changed. */
export function stepsOfEdit(session: AnnotationSession, row: AnnotationRow, next: Editing): AnnotationStep[] {
	const { editing, suggestion, request } = session;
	if (!editing) return [];
	const { ref } = row;
	const isNew = (key: string) => next.rejected.has(key) && !editing.rejected.has(key);
	const steps = next.suggestions
		.filter((one) => isNew(spanKey(one)))
		.map(({ start, end, type }): AnnotationStep => {
			return { kind: 'reject', ref, suggestion: { sentence: ref, start, end, type } };
		});
	if (areSpansEqual(next.spans, editing.spans)) return steps;
	const isAnswered = suggestion !== null || !request?.model;
	const confirms = isAnswered && openSuggestions(next).length === 0 && !isConfirmed(session, ref);
	return [...steps, relabelStep(row, next, confirms)];
}

/** Says that the labels are right as they are; null for a sentence that is confirmed already. */
export function confirmStep(session: AnnotationSession): AnnotationStep | null {
	const row = openRow(session);
	const { editing } = session;
	if (!row || !editing) return null;
	const confirms = !isConfirmed(session, row.ref);
	if (!row.hasTags || row.isMarkedForRelabel) return relabelStep(row, editing, confirms);
	return confirms ? { kind: 'confirm', ref: row.ref } : null;
}

/** Marks the open sentence to be labelled later; null where it is marked already. */
export function markStep(session: AnnotationSession): AnnotationStep | null {
	const row = openRow(session);
	if (!row || row.isMarkedForRelabel) return null;
	const before = labelsOf(row);
	return { kind: 'mark', ref: row.ref, before, after: { ...before, isMarkedForRelabel: true } };
}

/** The edit of the corpus by which a step, or a change of an earlier visit, is made or taken back. */
export function corpusEdit({ step, change }: Omit<TakenStep, 'history'>, direction: HistoryDirection): EditStep {
	const changes = change ? [change] : [];
	const { set: marks, cleared } = step ? marksOf(step) : { set: [], cleared: [] };
	if (direction === 'redo') return allSteps(addChanges(...changes), setMarks(...marks), clearMarks(...cleared));
	return allSteps(takeBackChanges(...changes), clearMarks(...marks), setMarks(...cleared));
}

function relabelStep(row: AnnotationRow, { spans }: Editing, confirms: boolean): AnnotationStep {
	const after = { spans, hasTags: true, isMarkedForRelabel: false };
	return { kind: 'relabel', ref: row.ref, before: labelsOf(row), after, confirms };
}

function isConfirmed({ history }: AnnotationSession, sentence: SentenceRef): boolean {
	return hasMark(history.review, { kind: 'confirmed', sentence });
}

function labelsOf({ spans, hasTags, isMarkedForRelabel }: AnnotationRow): SentenceLabels {
	return { spans, hasTags, isMarkedForRelabel };
}
