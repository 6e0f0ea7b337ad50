import { UMAP } from 'umap-js';
import { expect, test } from 'vitest';
import { drawClusters, resultOf } from '../testing/labelled-points';
import { relativeMove } from '../testing/map-differences';
import { RandomStream } from '../util/random';
import { alignMap } from './align-maps';
import { mapQuality } from './map-quality';
import { createProjection } from './projection';
import { fitCurve } from './umap';

const settings = { method: 'umap', iterations: 100, umapNeighbours: 10 } as const;

// What umap-learn finds for spread 1 (its find_ab_params).
test.each([
	[0.1, 1.577, 0.895],
	[0.5, 0.583, 1.334],
])('the curve for a least distance of %d is the published one', (leastDistance, a, b) => {
	expect(fitCurve(leastDistance).a).toBeCloseTo(a, 2);
	expect(fitCurve(leastDistance).b).toBeCloseTo(b, 2);
});

test('UMAP is as trustworthy as umap-js on the same points', async () => {
	const points = drawClusters({ count: 160, dimension: 20, clusters: 6, spread: 0.7 });
	const projection = await createProjection(points, { settings: { ...settings, umapNeighbours: 15 } });
	projection.finish();
	const random = new RandomStream(4);
	const other = new UMAP({ nNeighbors: 15, nEpochs: settings.iterations, random: () => random.uniform() });
	const rows = Array.from({ length: 160 }, (_, row) => [...points.values.subarray(20 * row, 20 * (row + 1))]);
	const theirs = Float32Array.from(other.fit(rows).flat());
	const trust = (map: Float32Array) => resultOf(mapQuality(points, map, { neighbours: 15 })).trustworthiness;
	expect(trust(projection.map)).toBeGreaterThan(trust(theirs) - 0.02);
	expect(trust(projection.map)).toBeGreaterThan(0.85);
});

test('the same seed gives the same UMAP bit for bit, however it is sliced; another seed another map', async () => {
	const points = drawClusters({ count: 60 });
	const first = await createProjection(points, { settings });
	const progress = first.finish();
	expect(progress).toMatchObject({ iteration: settings.iterations, isDone: true });
	let time = 0;
	const second = await createProjection(points, { settings, now: () => time++ });
	while (!second.step(3).isDone);
	expect(second.map).toEqual(first.map);
	const third = await createProjection(points, { settings: { ...settings, seed: 2 } });
	third.finish();
	expect(third.map).not.toEqual(first.map);
});

test('a UMAP that starts from its last map and is aligned to it moves less than a fifth of its spread', async () => {
	const points = drawClusters({ count: 120 });
	const first = await createProjection(points, { settings });
	first.finish();
	const warm = await createProjection(points, { settings: { ...settings, iterations: 30 }, start: first.map });
	warm.finish();
	expect(relativeMove(alignMap(warm.map, first.map).map, first.map)).toBeLessThan(0.2);
});

test('points of which many are equal, and fewer points than neighbours, still get finite positions', async () => {
	const { values, count, dimension } = drawClusters({ count: 40 });
	for (let point = 1; point < 30; point++) values.copyWithin(point * dimension, 0, dimension);
	const equal = await createProjection({ values, count, dimension }, { settings });
	equal.finish();
	expect(equal.map.every(Number.isFinite)).toBe(true);
	const few = await createProjection(drawClusters({ count: 6 }), { settings });
	few.finish();
	expect(few.map.every(Number.isFinite)).toBe(true);
	expect(few.neighbours?.size).toBe(5);
});
