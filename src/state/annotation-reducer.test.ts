import { describe, expect, test } from 'vitest';
import { type SplitName, splitNames } from '../data/corpus';
import { emptyReview } from '../data/corpus-review';
import type { AnnotationQueue, AnnotationRow, QueueRequest, SentenceSuggestion } from '../wire/annotation';
import type { OpenedCorpus } from '../wire/corpora';
import { select, setType } from './annotation';
import { reduce } from './annotation-reducer';
import { type AnnotationSession, emptySession, keptRefs, openRow, type SessionAction } from './annotation-session';
import type { Problem } from './problem';

const model = { kind: 'checkpoint', id: 'm' } as const;
const request: QueueRequest = { id: 'a', order: 'corpus', model };
const problem: Problem = { kind: 'bug', message: 'wrong' };
const person = { start: 0, end: 1, type: 'PER' };

function queueOf(...names: string[]): AnnotationQueue {
	const refs = names.map((name) => name.split(':'));
	return {
		revision: 1,
		splits: Uint8Array.from(refs, ([split]) => splitNames.indexOf(split as SplitName)),
		indices: Int32Array.from(refs, ([, index]) => Number(index)),
		probabilities: new Float32Array(refs.length).fill(Number.NaN),
	};
}

function rowOf(index: number, spans: AnnotationRow['spans'] = []): AnnotationRow {
	const ref = { split: 'train', index } as const;
	return { ref, split: 'train', isMarkedForRelabel: false, characters: [...'李来了'], spans, hasTags: true };
}

function suggestionOf(...spans: SentenceSuggestion['spans']): SentenceSuggestion {
	return { spans, words: [], probability: 0.5, seen: [] };
}

const reduceAll = (session: AnnotationSession, ...actions: SessionAction[]) => actions.reduce(reduce, session);

const queue = queueOf('train:0', 'train:1', 'train:2');
const suggested = { ...person, probability: 1, alternatives: [] } as unknown as SentenceSuggestion['spans'][number];

/** Three sentences, the first one open, its suggestion awaited. */
const ready = reduceAll(
	emptySession,
	{ kind: 'corpus-opened', id: 'a' },
	{ kind: 'queue-chosen', request },
	{ kind: 'queue-came', number: 2, queue },
	{ kind: 'rows-came', id: 'a', edits: 0, rows: [rowOf(0), rowOf(1), rowOf(2)] },
);
const number = ready.openingNumber;
const editing = ready.editing as NonNullable<typeof ready.editing>;
const unlabelled = { spans: [], hasTags: true, isMarkedForRelabel: false };
const labelled = { ...unlabelled, spans: [person] };
const relabel: SessionAction = {
	kind: 'step-done',
	step: { kind: 'relabel', ref: rowOf(0).ref, before: unlabelled, after: labelled },
};
const opened = { item: { id: 'a' } } as unknown as OpenedCorpus;

const rows: [string, AnnotationSession, SessionAction, Partial<AnnotationSession>][] = [
	[
		'a corpus that is opened drops what was open',
		ready,
		{ kind: 'corpus-opened', id: 'b' },
		{ id: 'b', queue: null, editing: null, isSuggesting: false },
	],
	[
		'a corpus that was read ends an earlier problem',
		{ ...ready, problem },
		{ kind: 'corpus-read', id: 'a', opened, draft: { changes: [], review: emptyReview }, saving: { kind: 'saved' } },
		{ opened, problem: null },
	],
	[
		'a request keeps the queue until its answer comes',
		ready,
		{ kind: 'queue-chosen', request },
		{ queue, isAsking: true, openIndex: 0 },
	],
	[
		'a queue that cannot be read is a problem',
		ready,
		{ kind: 'queue-failed', number: 2, problem },
		{ isAsking: false, problem },
	],
	[
		'a sentence that is opened waits for its suggestions',
		ready,
		{ kind: 'sentence-opened', index: 2 },
		{ openIndex: 2, editingOf: 'train:2', suggestion: null, isSuggesting: true },
	],
	[
		'a followed link opens its sentence at once',
		ready,
		{ kind: 'link-followed', link: { split: 'train', index: 1 } },
		{ openIndex: 1 },
	],
	[
		'a linked number beyond the queue opens the last sentence',
		ready,
		{ kind: 'link-followed', link: 99 },
		{ openIndex: 2 },
	],
	[
		'suggestions that cannot be made are a problem',
		ready,
		{ kind: 'suggestion-failed', number, problem },
		{ isSuggesting: false, problem },
	],
	[
		'an edit changes the open sentence alone',
		ready,
		{ kind: 'editing-changed', editing: select(editing, 1, 2) },
		{ editing: select(editing, 1, 2), edits: 0 },
	],
	[
		'a relabelling changes the row',
		ready,
		relabel,
		{ edits: 1, rows: new Map(ready.rows).set('train:0', { ...rowOf(0), ...labelled }) },
	],
	[
		'a refused edit gives the history back',
		reduceAll(ready, relabel),
		{ kind: 'edit-refused', id: 'a', history: ready.history },
		{ history: ready.history },
	],
	[
		'a type is added once',
		{ ...ready, addedTypes: ['PER'] },
		{ kind: 'type-added', type: 'PER' },
		{ addedTypes: ['PER'] },
	],
	[
		'scoring ends',
		{ ...ready, scoring: { done: 1, total: 2, unit: 'items', secondsLeft: 0 } },
		{ kind: 'scoring-changed', scoring: null },
		{ scoring: null },
	],
	[
		'a save fails',
		ready,
		{ kind: 'saving-changed', saving: { kind: 'failed', problem } },
		{ saving: { kind: 'failed', problem } },
	],
	['a problem is dismissed', { ...ready, problem }, { kind: 'problem-changed', problem: null }, { problem: null }],
];

test.each(rows)('%s', (_, session, action, expected) => {
	expect(reduce(session, action)).toMatchObject(expected);
});

const ignored: [string, SessionAction][] = [
	['a queue of an earlier request', { kind: 'queue-came', number: 1, queue: queueOf('train:2') }],
	['a failure of an earlier request', { kind: 'queue-failed', number: 1, problem }],
	['suggestions for an earlier sentence', { kind: 'suggestion-came', number: number - 1, suggestion: suggestionOf() }],
	['a failure of suggestions for an earlier sentence', { kind: 'suggestion-failed', number: number - 1, problem }],
	['rows of another corpus', { kind: 'rows-came', id: 'b', edits: 0, rows: [rowOf(0, [person])] }],
	[
		'another corpus that was read',
		{ kind: 'corpus-read', id: 'b', opened, draft: { changes: [], review: emptyReview }, saving: { kind: 'saved' } },
	],
	['a refused edit of another corpus', { kind: 'edit-refused', id: 'b', history: emptySession.history }],
	['the sentence that is open already', { kind: 'sentence-opened', index: 0 }],
	['an index beyond the queue', { kind: 'sentence-opened', index: 3 }],
	['a link to a sentence that is not in the queue', { kind: 'link-followed', link: { split: 'test', index: 7 } }],
	['an undo without anything done', { kind: 'step-taken', direction: 'undo' }],
	['a redo without anything undone', { kind: 'step-taken', direction: 'redo' }],
];

test.each(ignored)('%s changes nothing', (_, action) => {
	expect(reduce(ready, action)).toBe(ready);
});

test('before a queue was chosen none is asked for again', () => {
	expect(reduce(emptySession, { kind: 'queue-asked-again' })).toBe(emptySession);
	expect(reduce(emptySession, { kind: 'link-followed', link: 0 })).toBe(emptySession);
});

describe('queues', () => {
	test('a late answer of an earlier queue does nothing, not even after the later one', () => {
		const asked = reduceAll(ready, { kind: 'queue-chosen', request }, { kind: 'queue-asked-again' });
		const late: SessionAction = { kind: 'queue-came', number: asked.queueNumber - 1, queue: queueOf('train:2') };
		expect(reduce(asked, late)).toBe(asked);
		const answered = reduce(asked, { kind: 'queue-came', number: asked.queueNumber, queue: queueOf('train:1') });
		expect(answered).toMatchObject({ isAsking: false, openIndex: 0, editingOf: 'train:1' });
		expect(reduce(answered, late)).toBe(answered);
	});

	test('an answer for an earlier corpus does nothing although the new corpus has asked for none', () => {
		const asked = reduce(ready, { kind: 'queue-asked-again' });
		const other = reduce(asked, { kind: 'corpus-opened', id: 'b' });
		expect(reduce(other, { kind: 'queue-came', number: asked.queueNumber, queue })).toBe(other);
		expect(reduce(other, { kind: 'suggestion-came', number, suggestion: suggestionOf() })).toBe(other);
	});

	test('a link to a sentence waits for the queue that was asked for, and that queue keeps the sentence', () => {
		const asked = reduceAll(
			ready,
			{ kind: 'queue-chosen', request: { ...request, order: 'uncertain' } },
			{ kind: 'link-followed', link: { split: 'train', index: 5 } },
		);
		expect(asked).toMatchObject({ openIndex: 0, editingOf: 'train:0' });
		expect(keptRefs(asked)).toEqual([
			{ split: 'train', index: 5 },
			{ split: 'train', index: 0 },
		]);
		const came = queueOf('train:3', 'train:4', 'train:5');
		const answered = reduce(asked, { kind: 'queue-came', number: asked.queueNumber, queue: came });
		expect(answered).toMatchObject({ openIndex: 2, linked: null, editing: null });
		const open = reduce(answered, { kind: 'rows-came', id: 'a', edits: 0, rows: [rowOf(5)] });
		expect(open).toMatchObject({ editingOf: 'train:5', isSuggesting: true });
	});

	test('a link of the request counts in its queue, and a sentence that is not in it leaves the open one open', () => {
		const ask = (link?: number | { split: SplitName; index: number }) => {
			const asked = reduce(ready, { kind: 'queue-chosen', request, link });
			const came = queueOf('train:2', 'train:0');
			return reduce(asked, { kind: 'queue-came', number: asked.queueNumber, queue: came }).openIndex;
		};
		expect([ask(0), ask(9), ask({ split: 'train', index: 2 }), ask({ split: 'test', index: 7 }), ask()]).toEqual([
			0, 1, 0, 1, 1,
		]);
	});

	test('a newer order keeps the open sentence as it is, caret, suggestions and all', () => {
		const begun = reduceAll(
			ready,
			{ kind: 'suggestion-came', number, suggestion: suggestionOf() },
			{ kind: 'editing-changed', editing: select(editing, 1, 2) },
			{ kind: 'queue-asked-again' },
		);
		const turned = queueOf('train:2', 'train:1', 'train:0');
		const answered = reduce(begun, { kind: 'queue-came', number: begun.queueNumber, queue: turned });
		expect(answered).toMatchObject({ openIndex: 2, openingNumber: number });
		expect([answered.editing, answered.suggestion]).toEqual([begun.editing, begun.suggestion]);
	});

	test('another model asks for suggestions for the open sentence', () => {
		const other = { ...request, model: { kind: 'checkpoint', id: 'other' } } as const;
		const asked = reduce(ready, { kind: 'queue-chosen', request: other });
		const answered = reduce(asked, { kind: 'queue-came', number: asked.queueNumber, queue });
		expect(answered).toMatchObject({ openingNumber: number + 1, suggester: other.model, isSuggesting: true });
		const none = reduce(ready, { kind: 'queue-chosen', request: { ...request, model: null } });
		const silent = reduce(none, { kind: 'queue-came', number: none.queueNumber, queue });
		expect(silent).toMatchObject({ suggester: null, isSuggesting: false });
	});

	test('an empty queue opens nothing', () => {
		const asked = reduce(ready, { kind: 'queue-asked-again' });
		const answered = reduce(asked, { kind: 'queue-came', number: asked.queueNumber, queue: queueOf() });
		expect([answered.openIndex, openRow(answered)]).toEqual([-1, null]);
	});
});

describe('rows', () => {
	test('labels that were changed here since the rows were asked for stay', () => {
		const done = reduce(ready, relabel);
		const late = reduce(done, { kind: 'rows-came', id: 'a', edits: 0, rows: [rowOf(0), rowOf(1, [person])] });
		expect(late.rows.get('train:0')?.spans).toEqual([person]);
		expect(late.rows.get('train:1')?.spans).toEqual([person]);
		const fresh = reduce(done, { kind: 'rows-came', id: 'a', edits: done.edits, rows: [rowOf(0)] });
		expect(fresh.rows.get('train:0')?.spans).toEqual([]);
	});

	test('the open sentence starts again only where its labels are others', () => {
		const moved = reduce(ready, { kind: 'editing-changed', editing: select(editing, 1, 2) });
		const same = reduce(moved, { kind: 'rows-came', id: 'a', edits: 0, rows: [rowOf(0)] });
		expect(same).toMatchObject({ openingNumber: number, editing: { anchor: 1, caret: 2 } });
		const other = reduce(moved, { kind: 'rows-came', id: 'a', edits: 0, rows: [rowOf(0, [person])] });
		expect(other).toMatchObject({ openingNumber: number + 1, editing: { caret: 0, spans: [person] } });
	});

	test('of very many rows the latest stay while they are read again', () => {
		const many = new Map(Array.from({ length: 1005 }, (_, index) => [`train:${index}`, rowOf(index)]));
		const { rows: kept } = reduce({ ...ready, rows: many }, { kind: 'rows-trimmed' });
		expect([kept.size, kept.has('train:4'), kept.has('train:1004')]).toEqual([1000, false, true]);
	});
});

describe('steps', () => {
	test('unsaved work on a full disk stays in the session, and its sentence stays in the queue', () => {
		const typed = setType(select(editing, 0, 1), 'PER') ?? editing;
		const full = reduceAll(ready, { kind: 'editing-changed', editing: typed }, relabel, {
			kind: 'saving-changed',
			saving: { kind: 'failed', problem },
		});
		const moved = reduce(full, { kind: 'sentence-opened', index: 1 });
		expect(moved).toMatchObject({ saving: { kind: 'failed' }, history: { steps: [{ kind: 'relabel' }] } });
		expect(moved.rows.get('train:0')?.spans).toEqual([person]);
		expect(keptRefs(moved)).toContainEqual({ split: 'train', index: 0 });
		// The corpus is read with the edits that are not stored yet.
		const draft = { changes: full.history.changes.done, review: emptyReview };
		const read: SessionAction = { kind: 'corpus-read', id: 'a', opened, draft, saving: full.saving };
		expect(reduce(moved, read)).toMatchObject({
			saving: { kind: 'failed' },
			history: { steps: [{ kind: 'relabel' }] },
		});
	});

	test('undo and redo open the sentence that they change', () => {
		const away = reduceAll(ready, relabel, { kind: 'sentence-opened', index: 2 });
		const undone = reduce(away, { kind: 'step-taken', direction: 'undo' });
		expect(undone).toMatchObject({ openIndex: 0, editing: { spans: [] }, history: { steps: [] } });
		const redone = reduce(undone, { kind: 'step-taken', direction: 'redo' });
		expect(redone).toMatchObject({ openIndex: 0, editing: { spans: [person] }, openingNumber: undone.openingNumber });
	});

	test('undo in the open sentence keeps its suggestions', () => {
		const done = reduceAll(ready, { kind: 'suggestion-came', number, suggestion: suggestionOf(suggested) }, relabel);
		const undone = reduce(done, { kind: 'step-taken', direction: 'undo' });
		expect(undone).toMatchObject({ openingNumber: number, isSuggesting: false, editing: { spans: [] } });
		expect(undone.editing?.suggestions).toHaveLength(1);
	});

	test('a rejected suggestion is open again, in a sentence that starts again, when it is allowed', () => {
		const suggestion = { sentence: rowOf(0).ref, ...person };
		const rejected = reduceAll(
			ready,
			{ kind: 'step-done', step: { kind: 'reject', ref: rowOf(0).ref, suggestion } },
			{ kind: 'sentence-opened', index: 1 },
			{ kind: 'sentence-opened', index: 0 },
		);
		expect([...(rejected.editing?.rejected ?? [])]).toEqual(['0-1 PER']);
		const step = { kind: 'offer-again', ref: rowOf(0).ref, suggestions: [suggestion] } as const;
		const again = reduce(rejected, { kind: 'step-done', step });
		expect(again.openingNumber).toBe(rejected.openingNumber + 1);
		expect(again.editing?.rejected.size).toBe(0);
	});

	test('taking back a change of an earlier visit leaves the rows until they are read again', () => {
		const change = { kind: 'relabel' as const, sentence: rowOf(0).ref, spans: [person] };
		const draft = { changes: [change], review: emptyReview };
		const read = reduce(ready, { kind: 'corpus-read', id: 'a', opened, draft, saving: { kind: 'saved' } });
		const undone = reduce(read, { kind: 'step-taken', direction: 'undo' });
		expect(undone.history.changes).toEqual({ done: [], undone: [change] });
		expect(undone.rows).toBe(read.rows);
	});
});
