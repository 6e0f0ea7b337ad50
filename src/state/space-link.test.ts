import { expect, test } from 'vitest';
import { samplePoints } from '../testing/space-samples';
import { alignedOnto, followLink, linkPoints } from './space-link';

const first = samplePoints([
	['王芳在', 'B-PER I-PER O'],
	['武大', 'B-ORG I-ORG'],
]);
const second = samplePoints([['王芳住', 'B-PER I-PER O']], 'other');

test('the same token of two runs is linked, a token that only one has is not', () => {
	const link = linkPoints(first, second);
	expect([...link]).toEqual([0, 1, -1, -1, -1]);
	expect(followLink(link, [1, 2, 4])).toEqual([1]);
	expect([...linkPoints(first, first)]).toEqual([0, 1, 2, 3, 4]);
	expect([...linkPoints(first, { ...second, corpusId: 'another' })]).toEqual([-1, -1, -1, -1, -1]);
});

test('a map that was turned, scaled and moved comes back onto the other', () => {
	const target = Float32Array.of(0, 0, 4, 0, 4, 3, 0, 3);
	const [cosine, sine] = [Math.cos(1), Math.sin(1)];
	// Points in another order, twice as large, turned by 1 radian, mirrored and moved.
	const order = [2, 0, 3, 1];
	const map = Float32Array.from(
		order.flatMap((point) => {
			const [x, y] = [-2 * target[2 * point], 2 * target[2 * point + 1]];
			return [x * cosine - y * sine + 7, x * sine + y * cosine - 5];
		}),
	);
	const link = Int32Array.from([0, 1, 2, 3], (point) => order.indexOf(point));
	const aligned = alignedOnto(map, target, link);
	for (const [point, own] of link.entries()) {
		expect(aligned[2 * own]).toBeCloseTo(target[2 * point], 4);
		expect(aligned[2 * own + 1]).toBeCloseTo(target[2 * point + 1], 4);
	}
});

test('with fewer than three shared points a map stays as it is', () => {
	const map = Float32Array.of(1, 2, 3, 4);
	expect(alignedOnto(map, map, Int32Array.of(0, 1))).toBe(map);
});
