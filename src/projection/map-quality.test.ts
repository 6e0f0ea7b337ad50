import { expect, test } from 'vitest';
import { drawClusters, neighboursBySorting, resultOf } from '../testing/labelled-points';
import { RandomStream } from '../util/random';
import { mapQuality } from './map-quality';

const flat = drawClusters({ count: 40, dimension: 2 });

test('points of the plane as their own map are kept perfectly', () => {
	const quality = resultOf(mapQuality(flat, flat.values, { neighbours: 6 }));
	expect(quality).toEqual({ trustworthiness: 1, continuity: 1, preservation: 1, neighbours: 6, sampled: 40 });
});

test('a random map has the quality that its definition gives', () => {
	const random = new RandomStream(2);
	const map = flat.values.map(() => random.uniform());
	const size = 5;
	const [inSpace, onMap] = [flat.values, map].map((values) => neighboursBySorting(values, 2, 39));
	const penalty = (lists: number[][], orders: number[][]) => {
		let sum = 0;
		for (const [point, list] of lists.entries()) {
			for (const id of list.slice(0, size)) sum += Math.max(0, orders[point].indexOf(id) + 1 - size);
		}
		return 1 - (2 * sum) / (40 * size * (2 * 40 - 3 * size - 1));
	};
	let kept = 0;
	for (const [point, list] of inSpace.entries()) {
		for (const id of list.slice(0, size)) if (onMap[point].indexOf(id) < size) kept++;
	}
	const quality = resultOf(mapQuality(flat, map, { neighbours: size }));
	expect(quality.trustworthiness).toBeCloseTo(penalty(onMap, inSpace), 10);
	expect(quality.continuity).toBeCloseTo(penalty(inSpace, onMap), 10);
	expect(quality.preservation).toBeCloseTo(kept / 200, 10);
	expect(quality.trustworthiness).toBeLessThan(0.8);
});
