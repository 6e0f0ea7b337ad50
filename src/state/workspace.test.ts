import { expect, test } from 'vitest';
import { freeName } from './workspace';

test('a name that is taken gets the first free number', () => {
	expect(freeName('a', ['b'])).toBe('a');
	expect(freeName('a', ['a', 'a 2'])).toBe('a 3');
});
