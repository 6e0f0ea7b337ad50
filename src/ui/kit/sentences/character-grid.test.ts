import { expect, test } from 'vitest';
import { type LatticeWord, packWords } from './CharacterGrid';

const word = (start: number, end: number): LatticeWord => ({
	start,
	end,
	text: 'x'.repeat(end - start),
	state: 'plain',
});

test('words that overlap take rows of their own, others share', () => {
	const { placed, hidden } = packWords([word(0, 3), word(0, 2), word(2, 5), word(5, 7)], 6);
	expect(placed.map(({ word: { start, end }, row }) => [start, end, row])).toEqual([
		[0, 3, 0],
		[0, 2, 1],
		[2, 5, 1],
		[5, 7, 0],
	]);
	expect(hidden).toBe(0);
});

test('words without a row are counted', () => {
	expect(packWords([word(0, 3), word(0, 2), word(1, 3)], 2).hidden).toBe(1);
});
