import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../util/errors';
import { findJsonError } from './json-error';
import { looksLikeJson, parseJson } from './json-text';

const lines = (text: string) => parseJson(text, 'a').records.map(({ line }) => line);

function errorOf(text: string): UserError {
	try {
		parseJson(text, 'a.json');
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error('nothing was thrown');
}

test('records know the line that they begin in', () => {
	expect(lines('{"a":1}\n\n{"b":"x\\n,["}\n')).toEqual([1, 3]);
	expect(lines('[\n{"a":[1,\n2]},\n {"b":"]"}\n]')).toEqual([2, 4]);
	expect(lines('\n{"a":\n1}')).toEqual([2]);
});

test('an error of syntax is named with line and column in code points', () => {
	expect(errorOf('{"text":"好"}\n{"text":"😀" 1}')).toMatchObject({
		code: 'json-broken',
		location: { line: 2, column: 13 },
	});
	expect(errorOf('[1,\n2').found).toBe('the end of the file');
	expect(errorOf('{"a":1}\n{"a":NaN}').location).toMatchObject({ line: 2, column: 6 });
});

test('the location of an error is the first at which no JSON text continues', () => {
	const piece = fc.constantFrom(
		'{',
		'}',
		'[',
		']',
		',',
		':',
		'"a"',
		'"',
		'1',
		'-',
		'.5',
		'true',
		'nul',
		' ',
		'\\u12',
		'\n',
	);
	const isJson = (text: string) => {
		try {
			JSON.parse(text);
			return true;
		} catch {
			return false;
		}
	};
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
			const text = pieces.join('');
			const { offset, expected } = findJsonError(text);
			expect(offset === text.length && expected === 'the end of the JSON text').toBe(isJson(text));
		}),
		{ numRuns: 2000, seed: 3 },
	);
});

test.each([
	['{"text":1}', true],
	[' [\n{"a":1}]', true],
	['["text",{"entities":[]}]', true],
	['[\tO\n好 O', false],
	['{ O\n} O', false],
	['[笑] 今天', false],
	['好', false],
])('%j looks like JSON: %s', (text, expected) => {
	expect(looksLikeJson(text)).toBe(expected);
});
