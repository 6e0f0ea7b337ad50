import { expect, test } from 'vitest';
import { readPlainText } from './plain-text';

test('every line that is not blank is a sentence of code points', () => {
	expect(readPlainText('\ufeff海淀 区\r\n\n　 \n😀𠮷\u0301')).toEqual([
		{ characters: ['海', '淀', ' ', '区'], tags: null, line: 1 },
		{ characters: ['😀', '𠮷', '\u0301'], tags: null, line: 4 },
	]);
});

test('an empty text has no sentence', () => {
	expect(readPlainText('')).toEqual([]);
});
