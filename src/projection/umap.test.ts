import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { mapQuality } from './map-quality';
import { openUmap } from './umap';

const settings = { neighbours: 10, leastDistance: 0.1, iterations: 80, seed: 3 };
const mapOf = async (change = {}, points = drawClusters({ count: 90 })) =>
	resultOf(await openUmap(points, { ...settings, ...change }));

test('clusters come apart and neighbours stay', async () => {
	const points = drawClusters({ count: 90 });
	const { map } = await mapOf({}, points);
	expect(resultOf(mapQuality(points, map)).trustworthiness).toBeGreaterThan(0.85);
});

test('the same seed gives the same map, another one another map', async () => {
	const { map } = await mapOf();
	expect((await mapOf()).map).toEqual(map);
	expect((await mapOf({ seed: 4 })).map).not.toEqual(map);
});

test('progress rises to the end, with whole maps on the way', async () => {
	const work = await openUmap(drawClusters({ count: 60 }), settings);
	let last = -1;
	for (let next = work.next(); !next.done; next = work.next()) {
		expect(next.value.share).toBeGreaterThanOrEqual(last);
		last = next.value.share;
		if (next.value.map) expect(next.value.map.every(Number.isFinite)).toBe(true);
	}
	expect(last).toBe(1);
});

test('few points get fewer neighbours, too few a note, equal ones are refused', async () => {
	expect((await mapOf({}, drawClusters({ count: 6 }))).map).toHaveLength(12);
	const { map, notes } = await mapOf({}, drawClusters({ count: 3 }));
	expect(map).toHaveLength(6);
	expect(notes).toEqual([{ kind: 'too-few-points', count: 3 }]);
	const equal = { values: new Float32Array(40).fill(1), count: 5, dimension: 8 };
	expect(await errorCodeOfAsync(() => openUmap(equal, settings))).toBe('projection-points-equal');
});
