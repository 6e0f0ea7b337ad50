import { expect, test } from 'vitest';
import { latticeWords } from './lattice-words';

test('a word that is switched off stays in all its positions, between those that were met', () => {
	const characters = [...'大学旁的𠮷大学'];
	const words = latticeWords(characters, [{ start: 2, end: 4, text: '旁的' }], ['大学']);
	expect(words.map(({ start, end, state }) => [start, end, state])).toEqual([
		[0, 2, 'off'],
		[2, 4, 'plain'],
		[5, 7, 'off'],
	]);
});
