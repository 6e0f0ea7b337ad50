import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTextIndex, occursIn } from './text-index';

test('a word occurs exactly when some sentence holds it', () => {
	const letter = fc.constantFrom('a', 'b', '字', '😀', '𠮷');
	const letters = fc.array(letter, { maxLength: 9 });
	fc.assert(
		fc.property(
			fc.array(letters, { maxLength: 5 }),
			fc.array(letter, { minLength: 2, maxLength: 4 }),
			(lines, word) => {
				const index = buildTextIndex(lines.map((characters) => ({ characters, tags: null, line: 0 })));
				const text = word.join('');
				expect(occursIn(index, text)).toBe(lines.some((characters) => characters.join('').includes(text)));
			},
		),
		{ numRuns: 200 },
	);
});

test('words of one code point are never asked for', () => {
	const index = buildTextIndex([{ characters: ['😀', '好'], tags: null, line: 0 }]);
	expect(['', '好', '😀'].map((word) => occursIn(index, word))).toEqual([false, false, false]);
});
