import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, parseRoute, placeNames } from './route';

test('a hash becomes place, path and query', () => {
	expect(parseRoute('#/data/import')).toEqual({ place: 'data', path: ['import'], query: {} });
	expect(parseRoute('#/space/run%2F1?e=69&colour=type')).toEqual({
		place: 'space',
		path: ['run/1'],
		query: { e: '69', colour: 'type' },
	});
});

test('no hash, an unknown place and a broken escape are no crash', () => {
	expect(parseRoute('')).toBeNull();
	expect(parseRoute('#/nowhere/x')).toBeNull();
	expect(parseRoute('#/data/%E0%A4%A')?.path).toEqual(['%E0%A4%A']);
});

test('every route survives its hash, but for empty values', () => {
	const text = fc.string({ minLength: 1, unit: 'grapheme' });
	const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');
	fc.assert(
		fc.property(fc.constantFrom(...placeNames), fc.array(text), fc.dictionary(key, text), (place, path, query) => {
			expect(parseRoute(formatRoute({ place, path, query }))).toEqual({ place, path, query: { ...query } });
		}),
	);
});

test('a key without a value is left out of the hash', () => {
	expect(formatRoute({ place: 'data', path: ['sample'], query: { q: '', split: 'dev' } })).toBe(
		'#/data/sample?split=dev',
	);
});
