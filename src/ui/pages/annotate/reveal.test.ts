import { expect, test } from 'vitest';
import { countLeading } from './reveal';

test('the part of a sentence in view is found for every end, few positions being measured', () => {
	for (const length of [0, 1, 2, 7, 5006]) {
		for (const seen of new Set([0, 1, length >> 1, length].filter((count) => count <= length))) {
			let measured = 0;
			const isSeen = (position: number) => {
				measured++;
				return position < seen;
			};
			expect(countLeading(length, isSeen)).toBe(seen);
			expect(measured).toBeLessThanOrEqual(13);
		}
	}
});
