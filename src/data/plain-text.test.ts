import { expect, test } from 'vitest';
import { plainLines } from './plain-text';

test('every line that is not blank is there with its number, white space in it too', () => {
	const blank: number[] = [];
	const lines = plainLines('\ufeff海淀 区\r\n\n　 \n😀𠮷\u0301', (line) => blank.push(line));
	expect(lines).toEqual([
		{ text: '海淀 区', line: 1 },
		{ text: '😀𠮷\u0301', line: 4 },
	]);
	expect(blank).toEqual([3]);
});

test('an empty text has no line', () => {
	expect(plainLines('')).toEqual([]);
});
