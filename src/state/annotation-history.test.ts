import { expect, test } from 'vitest';
import type { CorpusChange } from '../data/corpus-changes';
import {
	type AnnotationHistory,
	type AnnotationStep,
	countDone,
	countLabellings,
	doStep,
	historyOf,
	redoStep,
	rejectedOf,
	undoStep,
} from './annotation-history';

const ref = (index: number) => ({ split: 'train' as const, index });
const labels = (end: number) => ({
	spans: end > 0 ? [{ start: 0, end, type: 'PER' }] : [],
	hasTags: true,
	isMarkedForRelabel: false,
});
const relabel = (index: number, end: number): AnnotationStep => ({
	kind: 'relabel',
	ref: ref(index),
	before: labels(0),
	after: labels(end),
});
const refuse = (index: number): AnnotationStep => ({
	kind: 'reject',
	ref: ref(index),
	suggestion: { sentence: ref(index), start: 0, end: 1, type: 'LOC' },
});
const earlier: CorpusChange = { kind: 'ignore-types', types: ['GPE'] };

function after(...steps: AnnotationStep[]): AnnotationHistory {
	return steps.reduce(doStep, historyOf([earlier]));
}

test('a labelling is a change of the corpus, a rejection is none', () => {
	const history = after(relabel(0, 2), refuse(1));
	expect(history.changes.done).toEqual([
		earlier,
		{ kind: 'relabel', sentence: ref(0), spans: [{ start: 0, end: 2, type: 'PER' }] },
	]);
	expect([...rejectedOf(history, ref(1))]).toEqual(['0-1 LOC']);
	expect([...rejectedOf(history, ref(0))]).toEqual([]);
	expect([countLabellings(history), countDone(history)]).toEqual([1, 2]);
});

test('undo takes back steps one by one, then changes of earlier visits, and redo does them again', () => {
	const full = after(relabel(0, 2), refuse(1), relabel(1, 3));
	const taken: (string | null)[] = [];
	let history = full;
	for (let step = undoStep(history); step; step = undoStep(history)) {
		taken.push(step.step?.kind ?? null);
		history = step.history;
	}
	expect(taken).toEqual(['relabel', 'reject', 'relabel', null]);
	expect(history.changes.done).toEqual([]);
	const again: (string | null)[] = [];
	for (let step = redoStep(history); step; step = redoStep(history)) {
		again.push(step.step?.kind ?? null);
		history = step.history;
	}
	expect(again).toEqual([null, 'relabel', 'reject', 'relabel']);
	expect(history).toEqual(full);
});

test('a new step forgets what was taken back, also after a rejection', () => {
	const back = undoStep(after(relabel(0, 2)))?.history as AnnotationHistory;
	const history = doStep(back, refuse(0));
	expect(history.changes.undone).toEqual([]);
	expect(redoStep(history)).toBeNull();
});

test('a mark is a change, and a fresh history has nothing to take back', () => {
	const mark: AnnotationStep = {
		kind: 'mark',
		ref: ref(3),
		before: labels(0),
		after: { ...labels(0), isMarkedForRelabel: true },
	};
	expect(after(mark).changes.done.at(-1)).toEqual({ kind: 'mark-for-relabel', sentences: [ref(3)] });
	expect(undoStep(historyOf([]))).toBeNull();
});
