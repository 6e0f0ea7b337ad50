import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, pageNames, parseRoute } from './route';

test('a hash becomes page, path and query', () => {
	expect(parseRoute('#/data/import')).toEqual({ page: 'data', path: ['import'], query: {} });
	expect(parseRoute('#/space/run%2F1?e=69&colour=type')).toEqual({
		page: 'space',
		path: ['run/1'],
		query: { e: '69', colour: 'type' },
	});
});

test('no hash, an unknown page and a broken escape are no crash', () => {
	expect(parseRoute('')).toBeNull();
	expect(parseRoute('#/nowhere/x')).toBeNull();
	expect(parseRoute('#/data/%E0%A4%A')?.path).toEqual(['%E0%A4%A']);
});

test('every route survives its hash, but for empty values', () => {
	const text = fc.string({ minLength: 1, unit: 'grapheme' });
	const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');
	fc.assert(
		fc.property(fc.constantFrom(...pageNames), fc.array(text), fc.dictionary(key, text), (page, path, query) => {
			expect(parseRoute(formatRoute({ page, path, query }))).toEqual({ page, path, query: { ...query } });
		}),
	);
});

test('a key without a value is left out of the hash', () => {
	expect(formatRoute({ page: 'data', path: ['sample'], query: { q: '', split: 'dev' } })).toBe(
		'#/data/sample?split=dev',
	);
});
