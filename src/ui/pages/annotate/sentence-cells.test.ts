import { expect, test } from 'vitest';
import { select, startEditing, takeSuggestions } from '../../../state/annotation';
import { cellRuns } from './sentence-cells';

const labelled = startEditing(6, [{ start: 1, end: 3, type: 'PER' }]);

test('cells are grouped by label and cover the sentence once', () => {
	const runs = cellRuns(labelled);
	expect(runs.map(({ type, cells }) => [type, cells.map(({ position }) => position)])).toEqual([
		[null, [0]],
		['PER', [1, 2]],
		[null, [3, 4, 5]],
	]);
	expect(runs[1].cells.map(({ edge }) => edge)).toEqual(['first', 'last']);
	expect(runs[0].cells[0].hasCaret).toBe(true);
});

test('a selection has a frame and no caret', () => {
	const cells = cellRuns(select(labelled, 2, 5)).flatMap((run) => run.cells);
	expect(cells.map(({ selected }) => selected)).toEqual([null, null, 'first', 'middle', 'last', null]);
	expect(cells.some(({ hasCaret }) => hasCaret)).toBe(false);
});

test('a suggestion is named once, with its confidence, and the chosen one of two is drawn', () => {
	const suggestions = [
		{ start: 3, end: 5, type: 'LOC', confidence: 0.587 },
		{ start: 4, end: 5, type: 'ORG' },
	];
	const [, , rest] = cellRuns(takeSuggestions(labelled, suggestions));
	expect(rest.cells.map(({ suggestionLabel }) => suggestionLabel)).toEqual(['LOC 58?', null, null]);
	const other = cellRuns(select(takeSuggestions(labelled, suggestions), 4, 5)).flatMap((run) => run.cells);
	expect(other[4].suggestionLabel).toBe('ORG?');
	expect(other[3].suggested).toEqual({ type: 'LOC', edge: 'first' });
});
