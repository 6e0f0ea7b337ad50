import { expect, test } from 'vitest';
import { arrangePieces, chosenWindows, pieceWindows } from './piece-batch';

const ends = (count: number, capacity: number, stride: number) =>
	pieceWindows(count, capacity, stride).map(({ start, end }) => [start, end]);

test('windows start a stride apart and end with the sentence', () => {
	expect(ends(46, 46, 22)).toEqual([[0, 46]]);
	expect(ends(47, 46, 10)).toEqual([
		[0, 46],
		[10, 47],
	]);
	expect(ends(0, 46, 10)).toEqual([[0, 0]]);
});

test('a piece belongs to the window where it is furthest from an edge, the earlier of equals', () => {
	expect([...chosenWindows(7, pieceWindows(7, 5, 2))]).toEqual([0, 0, 0, 0, 1, 1, 1]);
	expect([...chosenWindows(8, pieceWindows(8, 4, 2))]).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
});

test('sentences stand one after the other, each between its [CLS] and [SEP]', () => {
	const options = { first: 2, last: 3, positions: 6, stride: null, sentenceKeys: [7, 1] };
	const batch = arrangePieces([[10, 11], [12]], options);
	expect([...batch.pieces]).toEqual([2, 10, 11, 3, 2, 12, 3]);
	expect([...batch.positions]).toEqual([0, 1, 2, 3, 0, 1, 2]);
	expect([...batch.starts]).toEqual([0, 4, 7]);
	expect([...batch.pieceRow]).toEqual([1, 2, 5]);
	expect([...batch.sentenceStart]).toEqual([0, 2, 3]);
	expect(batch.rowKeys[4]).toBe(4096);
});

test('the keys of a sentence are the same in every batch', () => {
	const options = { first: 2, last: 3, positions: 5, stride: 1 };
	const alone = arrangePieces([[5, 6, 7, 8]], { ...options, sentenceKeys: [9] });
	const second = arrangePieces([[4], [5, 6, 7, 8]], { ...options, sentenceKeys: [3, 9] });
	expect([...second.rowKeys.slice(3)]).toEqual([...alone.rowKeys]);
});
