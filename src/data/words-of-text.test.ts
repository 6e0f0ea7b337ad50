import { expect, test } from 'vitest';
import { cutIntoWords, unitOfTokens, wordPositions } from './words-of-text';

const words = (text: string) => wordPositions(text).map((position) => position.text);

test('marks are words of their own, but not those within words and numbers', () => {
	expect(words('Peter’s wife, Mary-Ann O’Neil, paid 1,200.50 in New York.')).toEqual([
		'Peter',
		'’s',
		'wife',
		',',
		'Mary-Ann',
		'O’Neil',
		',',
		'paid',
		'1,200.50',
		'in',
		'New',
		'York',
		'.',
	]);
	expect(words("AT&T doesn't (yet)!")).toEqual(['AT&T', "doesn't", '(', 'yet', ')', '!']);
	expect(words("it's Paris' air")).toEqual(['it', "'s", 'Paris', "'", 'air']);
	expect(words(' \t ')).toEqual([]);
});

test('positions count code points', () => {
	expect(wordPositions('😀 é 𠮷 ok')).toEqual([
		{ text: '😀', start: 0, end: 1 },
		{ text: 'é', start: 2, end: 3 },
		{ text: '𠮷', start: 4, end: 5 },
		{ text: 'ok', start: 6, end: 8 },
	]);
});

test('a line is cut where a sentence ends, not behind titles and initials', () => {
	const pieces = cutIntoWords('Mr. Smith met J. Doe in New York. Did they talk? Yes! no.');
	expect(pieces.map((piece) => piece.join(' '))).toEqual([
		'Mr . Smith met J . Doe in New York .',
		'Did they talk ?',
		'Yes ! no .',
	]);
});

test('tokens tell whether they are words or characters', () => {
	expect(unitOfTokens(['the', 'a', 'of'])).toBe('word');
	expect(unitOfTokens(['南', '京', '𠮷', '2003'])).toBe('character');
	expect(unitOfTokens([])).toBe('character');
});
