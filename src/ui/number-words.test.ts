import { expect, test } from 'vitest';
import { countText, durationText, points, rateText } from './number-words';

test('numbers are written as the design asks', () => {
	expect(points(0.96817)).toBe('96.8');
	expect(points(undefined)).toBe('—');
	expect(rateText(0.0004)).toBe('4.0e−4');
	expect(countText(1234567)).toBe('1\u2009234\u2009567');
	expect(countText(999)).toBe('999');
	expect(durationText(700)).toBe('11 min 40 s');
	expect(durationText(3.14)).toBe('3.1 s');
});
