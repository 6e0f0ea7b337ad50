import { describe, expect, test } from 'vitest';
import {
	accept,
	acceptAlternative,
	chosenSpan,
	chosenSuggestion,
	type Editing,
	moveByWord,
	moveCaret,
	moveToEdge,
	nextTarget,
	openSuggestions,
	reject,
	removeLabels,
	select,
	selectionOf,
	selectUnit,
	setType,
	startEditing,
	takeSuggestions,
	wordAt,
} from './annotation';

const span = (start: number, end: number, type = 'PER') => ({ start, end, type });
const plain = { extends: false };
const extending = { extends: true };

/** Ten characters with one label and two suggestions. */
function state(): Editing {
	const labelled = startEditing(10, [span(4, 6, 'LOC')]);
	return takeSuggestions(labelled, [span(7, 9, 'ORG'), span(0, 2)]);
}

describe('caret and selection', () => {
	test('arrows stay within the sentence', () => {
		const start = startEditing(2, []);
		expect(moveCaret(start, -1, plain).caret).toBe(0);
		const end = moveToEdge(start, 1, plain);
		expect(moveCaret(end, 1, plain)).toEqual(end);
	});

	test('extending backwards over the anchor turns the selection round', () => {
		let moved = select(startEditing(9, []), 4, 5);
		moved = moveCaret(moveCaret(moved, -1, extending), -1, extending);
		expect(selectionOf(moved)).toEqual({ start: 3, end: 4 });
	});

	test('an arrow without shift leaves a selection at its edge', () => {
		const selected = select(startEditing(9, []), 2, 5);
		expect(moveCaret(selected, -1, plain)).toMatchObject({ caret: 2, anchor: 2 });
		expect(moveCaret(selected, 1, plain)).toMatchObject({ caret: 5, anchor: 5 });
	});

	test('Home and End select to the edge with shift', () => {
		expect(selectionOf(moveToEdge(select(startEditing(9, []), 4, 4), 1, extending))).toEqual({ start: 4, end: 9 });
	});

	test('a click selects what the character belongs to, a suggestion before a label, else the character', () => {
		expect(selectionOf(selectUnit(state(), 8))).toEqual({ start: 7, end: 9 });
		expect(selectionOf(selectUnit(state(), 4))).toEqual({ start: 4, end: 6 });
		expect(selectionOf(selectUnit(state(), 3))).toEqual({ start: 3, end: 4 });
	});
});

describe('lexicon words', () => {
	const words = [
		{ start: 2, end: 4 },
		{ start: 2, end: 5 },
		{ start: 3, end: 5 },
		{ start: 6, end: 8 },
	];

	test('the next one is the longest at the nearest place behind the selection', () => {
		const first = moveByWord(startEditing(9, []), 1, words, plain);
		expect(selectionOf(first)).toEqual({ start: 2, end: 5 });
		expect(selectionOf(moveByWord(first, 1, words, plain))).toEqual({ start: 6, end: 8 });
	});

	test('backwards likewise', () => {
		const end = select(startEditing(9, []), 9, 9);
		const last = moveByWord(end, -1, words, plain);
		expect(selectionOf(last)).toEqual({ start: 6, end: 8 });
		expect(selectionOf(moveByWord(last, -1, words, plain))).toEqual({ start: 2, end: 5 });
	});

	test('where none is left the caret goes on by one', () => {
		expect(moveByWord(select(startEditing(9, []), 6, 8), 1, words, plain)).toMatchObject({ caret: 8, anchor: 8 });
	});

	test('extending adds the word at the caret, or one character', () => {
		const started = select(startEditing(9, []), 1, 2);
		const longer = moveByWord(started, 1, words, extending);
		expect(selectionOf(longer)).toEqual({ start: 1, end: 5 });
		expect(selectionOf(moveByWord(longer, 1, words, extending))).toEqual({ start: 1, end: 6 });
	});

	test('a place has the longest word that holds it', () => {
		expect(wordAt(words, 3)).toEqual({ start: 2, end: 5 });
		expect(wordAt(words, 5)).toBeNull();
	});
});

describe('labels', () => {
	test('a selection gets a type and takes the place of labels that it overlaps', () => {
		const next = setType(select(state(), 5, 8), 'GPE');
		expect(next?.spans).toEqual([span(5, 8, 'GPE')]);
	});

	test('labels stay in the order of the sentence', () => {
		expect(setType(select(state(), 0, 1), 'GPE')?.spans).toEqual([span(0, 1, 'GPE'), span(4, 6, 'LOC')]);
	});

	test('without a selection the label at the caret changes its type', () => {
		expect(setType(select(state(), 5, 5), 'GPE')?.spans).toEqual([span(4, 6, 'GPE')]);
		expect(setType(select(state(), 6, 6), 'GPE')).toBeNull();
	});

	test('the label at the caret, or those that the selection touches, are removed', () => {
		expect(removeLabels(select(state(), 4, 4))?.spans).toEqual([]);
		expect(removeLabels(select(state(), 0, 5))?.spans).toEqual([]);
		expect(removeLabels(select(state(), 0, 4))).toBeNull();
	});

	test('the chosen label is the selected one', () => {
		expect(chosenSpan(select(state(), 4, 6))).toEqual(span(4, 6, 'LOC'));
		expect(chosenSpan(select(state(), 4, 5))).toBeNull();
	});
});

describe('suggestions', () => {
	test('the first open one is selected when they come, unless the user is at work', () => {
		expect(chosenSuggestion(state())).toEqual(span(0, 2));
		const atWork = takeSuggestions(select(startEditing(10, []), 3, 4), [span(0, 2)]);
		expect(selectionOf(atWork)).toEqual({ start: 3, end: 4 });
		const atHome = takeSuggestions(moveToEdge(startEditing(10, []), -1, plain), [span(0, 2)]);
		expect(selectionOf(atHome)).toBeNull();
	});

	test('those that are labels already are not open', () => {
		expect(openSuggestions(takeSuggestions(startEditing(9, [span(0, 2)]), [span(0, 2), span(0, 2, 'LOC')]))).toEqual([
			span(0, 2, 'LOC'),
		]);
	});

	test('accepting goes on to the next one', () => {
		const next = accept(state());
		expect(next?.spans).toEqual([span(0, 2), span(4, 6, 'LOC')]);
		expect(next && chosenSuggestion(next)).toEqual(span(7, 9, 'ORG'));
	});

	test('accepting the last one leaves it selected as a label', () => {
		const last = accept(accept(state()) as Editing) as Editing;
		expect(openSuggestions(last)).toEqual([]);
		expect(chosenSpan(last)).toEqual(span(7, 9, 'ORG'));
		expect(accept(last)).toBeNull();
	});

	test('rejecting keeps the labels and goes on, back to the first where none is behind', () => {
		const last = select(state(), 7, 9);
		const next = reject(last) as Editing;
		expect(next.spans).toEqual(last.spans);
		expect(chosenSuggestion(next)).toEqual(span(0, 2));
		expect(openSuggestions(next)).toEqual([span(0, 2)]);
		expect(reject(select(next, 3, 4))).toBeNull();
	});

	test('a border that was moved is accepted with the type that it had', () => {
		const moved = moveCaret(select(state(), 0, 2), 1, extending);
		expect(accept(moved)?.spans).toEqual([span(0, 3), span(4, 6, 'LOC')]);
		const shorter = select(state(), 4, 5);
		expect(accept(shorter)?.spans).toEqual([span(4, 5, 'LOC')]);
		expect(accept(select(state(), 0, 6))).toBeNull();
	});

	test('another reading takes the place of the suggestion, and none rejects it', () => {
		const other = acceptAlternative(state(), { ...span(0, 3, 'ORG'), probability: 0.2 });
		expect(other?.spans).toEqual([span(0, 3, 'ORG'), span(4, 6, 'LOC')]);
		const none = acceptAlternative(state(), { start: 0, end: 2, type: null, probability: 0.2 });
		expect(none && openSuggestions(none)).toEqual([span(7, 9, 'ORG')]);
	});
});

test('Tab goes through labels and suggestions in order, out of the sentence at the end, and back', () => {
	const visited: unknown[] = [];
	let current: Editing | null = select(state(), 0, 0);
	while ((current = nextTarget(current, 1))) visited.push(selectionOf(current)?.start);
	expect(visited).toEqual([0, 4, 7]);
	let back: Editing | null = select(state(), 10, 10);
	const returned: unknown[] = [];
	while ((back = nextTarget(back, -1))) returned.push(selectionOf(back)?.start);
	expect(returned).toEqual([7, 4, 0]);
});
