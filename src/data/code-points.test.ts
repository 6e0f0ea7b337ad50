import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countCodePoints } from './code-points';

test('code points are counted as taking the text apart does', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom('a', '😀', '\ud83d', '\ude00', '字'), { maxLength: 8 }), (parts) => {
			const text = parts.join('');
			expect(countCodePoints(text)).toBe([...text].length);
		}),
	);
});
