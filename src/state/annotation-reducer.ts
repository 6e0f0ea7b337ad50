// The annotation session after an action. Pure: annotation-effects.ts asks the worker and saves.

import type { SentenceRef } from '../data/corpus';
import { areSpansEqual } from '../data/corpus-changes';
import type { AnnotationQueue, AnnotationRow, SentenceSuggestion } from '../wire/annotation';
import { maxRows as maxKeptRows } from '../wire/corpora';
import { type Editing, startEditing, takeSuggestions } from './annotation';
import {
	type AnnotationStep,
	doStep,
	type HistoryDirection,
	rebaseHistory,
	refName,
	rejectedOf,
	type SentenceLabels,
	takeStep,
} from './annotation-history';
import { indexOfRef, queueLength } from './annotation-queue';
import {
	type AnnotationSession,
	emptySession,
	openRef,
	openRow,
	type SessionAction,
	type SessionLink,
} from './annotation-session';

/** The session after an action; the same object where the action changes nothing. */
export function reduce(session: AnnotationSession, action: SessionAction): AnnotationSession {
	switch (action.kind) {
		case 'corpus-opened':
			return openCorpus(session, action.id);
		case 'corpus-read':
			return takeCorpus(session, action);
		case 'queue-chosen':
			return askAgain({ ...session, request: action.request, linked: action.link ?? null, problem: null });
		case 'queue-asked-again':
			return askAgain(session);
		case 'queue-came':
			return action.number === session.queueNumber ? takeQueue(session, action.queue) : session;
		case 'queue-failed':
			return action.number === session.queueNumber ? { ...session, isAsking: false, problem: action.problem } : session;
		case 'rows-came':
			return action.id === session.id ? takeRows(session, action.rows, action.edits) : session;
		case 'rows-trimmed':
			return { ...session, rows: new Map([...session.rows].slice(-maxKeptRows)) };
		case 'sentence-opened':
			return openAt(session, action.index);
		case 'link-followed':
			return followLink(session, action.link);
		case 'suggestion-came':
			return action.number === session.openingNumber ? takeSuggestion(session, action.suggestion) : session;
		case 'suggestion-failed':
			if (action.number !== session.openingNumber) return session;
			return { ...session, isSuggesting: false, problem: action.problem };
		case 'editing-changed':
			return { ...session, editing: action.editing };
		case 'step-done':
			return addStep(session, action.step);
		case 'step-taken':
			return travel(session, action.direction);
		case 'edit-refused':
			return action.id === session.id ? { ...session, history: action.history } : session;
		case 'type-added':
			return { ...session, addedTypes: [...new Set([...session.addedTypes, action.type])] };
		case 'scoring-changed':
			return { ...session, scoring: action.scoring };
		case 'saving-changed':
			return { ...session, saving: action.saving };
		case 'problem-changed':
			return { ...session, problem: action.problem };
		default:
			throw action satisfies never;
	}
}

function openCorpus(
	{ queueNumber, openingNumber, edits, lastEdits }: AnnotationSession,
	id: string,
): AnnotationSession {
	// The numbers keep counting: answers for the earlier corpus are ignored, and after a return to it those from before an edit.
	return { ...emptySession, id, edits, lastEdits, queueNumber: queueNumber + 1, openingNumber: openingNumber + 1 };
}

function takeCorpus(
	session: AnnotationSession,
	{ id, opened, draft, saving }: Extract<SessionAction, { kind: 'corpus-read' }>,
): AnnotationSession {
	if (id !== session.id) return session;
	const history = rebaseHistory(session.history, draft.changes, draft.review);
	return { ...session, opened, history, saving, problem: null };
}

function askAgain(session: AnnotationSession): AnnotationSession {
	return session.request ? { ...session, isAsking: true, queueNumber: session.queueNumber + 1 } : session;
}

/** Queue and open sentence change together; the same sentence with the same model stays as it is, caret and all. */
function takeQueue(session: AnnotationSession, queue: AnnotationQueue): AnnotationSession {
	const openIndex = indexIn(session, queue);
	const next = { ...session, queue, openIndex, linked: null, isAsking: false };
	const ref = openRef(next);
	const isOther = ref !== null && refName(ref) !== session.editingOf;
	const isOtherModel = JSON.stringify(session.request?.model) !== JSON.stringify(session.suggester);
	return isOther || isOtherModel ? openSentence(next) : next;
}

/** Where a new queue opens: at the link, else at the sentence that is open, else at the same index. */
function indexIn(session: AnnotationSession, queue: AnnotationQueue): number {
	const named = session.linked === null ? -1 : indexOfLink(queue, session.linked);
	if (named >= 0) return named;
	const open = openRef(session);
	const kept = open ? indexOfRef(queue, open) : -1;
	return kept >= 0 ? kept : Math.min(Math.max(session.openIndex, 0), queueLength(queue) - 1);
}

/** -1 for a sentence that is not part of the queue. */
function indexOfLink(queue: AnnotationQueue, link: SessionLink): number {
	return typeof link === 'number' ? Math.min(link, queueLength(queue) - 1) : indexOfRef(queue, link);
}

function takeRows(session: AnnotationSession, came: readonly AnnotationRow[], edits: number): AnnotationSession {
	const rows = new Map(session.rows);
	for (const row of came) {
		const name = refName(row.ref);
		if ((session.lastEdits.get(name) ?? 0) <= edits) rows.set(name, row);
	}
	const next = { ...session, rows };
	const row = openRow(next);
	if (!row) return next;
	const { editing, editingOf, history } = next;
	const isSame = editing && refName(row.ref) === editingOf && areSpansEqual(row.spans, editing.spans);
	return isSame ? { ...next, editing: { ...editing, rejected: rejectedOf(history, row.ref) } } : openSentence(next);
}

function openAt(session: AnnotationSession, index: number): AnnotationSession {
	const { queue, openIndex } = session;
	if (!queue || index < 0 || index >= queueLength(queue) || index === openIndex) return session;
	return openSentence({ ...session, openIndex: index });
}

function followLink(session: AnnotationSession, link: SessionLink): AnnotationSession {
	const { queue, isAsking } = session;
	if (isAsking) return { ...session, linked: link };
	return queue ? openAt(session, indexOfLink(queue, link)) : session;
}

/** Starts the open sentence afresh, without suggestions; with a model they are awaited from here on. */
function openSentence(session: AnnotationSession): AnnotationSession {
	const row = openRow(session);
	const suggester = session.request?.model ?? null;
	const next = { ...session, suggester, openingNumber: session.openingNumber + 1, suggestion: null };
	if (!row) return { ...next, editing: null, editingOf: null, isSuggesting: false };
	return { ...next, editing: editingFor(session, row), editingOf: refName(row.ref), isSuggesting: suggester !== null };
}

function editingFor({ history }: AnnotationSession, row: AnnotationRow): Editing {
	return startEditing(row.characters.length, row.spans, rejectedOf(history, row.ref));
}

function takeSuggestion(session: AnnotationSession, suggestion: SentenceSuggestion): AnnotationSession {
	const { editing } = session;
	const taken = editing && takeSuggestions(editing, suggestion.spans);
	return { ...session, suggestion, isSuggesting: false, editing: taken };
}

function addStep(session: AnnotationSession, step: AnnotationStep): AnnotationSession {
	const next = withLabels({ ...session, history: doStep(session.history, step) }, step.ref, afterOf(step));
	return step.kind === 'offer-again' ? openSentence(next) : next;
}

/** Shows the sentence of the step. A change of an earlier visit has no step: only the worker knows what it did. */
function travel(session: AnnotationSession, direction: HistoryDirection): AnnotationSession {
	const taken = takeStep(session.history, direction);
	if (!taken) return session;
	const { step, history } = taken;
	if (!step) return { ...session, history };
	const labels = direction === 'undo' && 'before' in step ? step.before : afterOf(step);
	const next = withLabels({ ...session, history }, step.ref, labels);
	const index = next.queue ? indexOfRef(next.queue, step.ref) : -1;
	if (index >= 0 && index !== session.openIndex) return openSentence({ ...next, openIndex: index });
	const row = openRow(next);
	if (!row || !next.editing) return next;
	const fresh = editingFor(next, row);
	return { ...next, editing: next.suggestion ? takeSuggestions(fresh, next.suggestion.spans) : fresh };
}

/** The labels that a step leaves; null where it changes none. */
function afterOf(step: AnnotationStep): SentenceLabels | null {
	return 'after' in step ? step.after : null;
}

function withLabels(session: AnnotationSession, ref: SentenceRef, labels: SentenceLabels | null): AnnotationSession {
	const name = refName(ref);
	const row = session.rows.get(name);
	if (!row || !labels) return session;
	const edits = session.edits + 1;
	const rows = new Map(session.rows).set(name, { ...row, ...labels, spans: [...labels.spans] });
	return { ...session, edits, lastEdits: new Map(session.lastEdits).set(name, edits), rows };
}
