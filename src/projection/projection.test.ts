import { expect, test } from 'vitest';
import { errorCodeOf, errorCodeOfAsync } from '../testing/error-code';
import { drawClusters } from '../testing/labelled-points';
import { relativeMove } from '../testing/map-differences';
import { alignMap } from './align-maps';
import { createProjection } from './projection';

const quick = { iterations: 120, exaggeratedIterations: 40, perplexity: 8 };

/** Share of points whose nearest point on the map has the same label. */
function nearestAgree(map: Float32Array, labels: Int32Array): number {
	let agreeing = 0;
	for (let point = 0; point < labels.length; point++) {
		let nearest = Number.POSITIVE_INFINITY;
		let label = -1;
		for (let other = 0; other < labels.length; other++) {
			if (other === point) continue;
			const distance = Math.hypot(map[2 * point] - map[2 * other], map[2 * point + 1] - map[2 * other + 1]);
			if (distance < nearest) [nearest, label] = [distance, labels[other]];
		}
		if (label === labels[point]) agreeing++;
	}
	return agreeing / labels.length;
}

test('the divergence falls, and clusters come apart', async () => {
	const points = drawClusters({ count: 90, spread: 2 });
	const projection = await createProjection(points, { settings: quick });
	let progress = projection.step();
	const seen: number[] = [];
	while (!progress.isDone) {
		if (progress.iteration > quick.exaggeratedIterations && seen.at(-1) !== progress.divergence) {
			seen.push(progress.divergence);
		}
		progress = projection.step();
	}
	expect(seen.length).toBeGreaterThan(2);
	expect(seen).toEqual(seen.toSorted((left, right) => right - left));
	expect(progress.divergence).toBeLessThan(0.5 * seen[0]);
	expect(progress.iteration).toBe(120);
	expect(nearestAgree(projection.map, points.labels)).toBeGreaterThan(0.97);
	expect(projection.neighbours?.size).toBe(24);
});

test('the same seed gives the same map bit for bit, however it is sliced; another seed another map', async () => {
	const points = drawClusters({ count: 50 });
	const first = await createProjection(points, { settings: quick });
	first.finish();
	let time = 0;
	const second = await createProjection(points, { settings: quick, now: () => time++ });
	while (!second.step(3).isDone);
	expect(second.map).toEqual(first.map);
	const third = await createProjection(points, { settings: { ...quick, seed: 2 } });
	third.finish();
	expect(third.map).not.toEqual(first.map);
});

test('a map of the same points, started from the last one and aligned to it, moves less than a tenth of its spread', async () => {
	const points = drawClusters({ count: 80 });
	const first = await createProjection(points, { settings: { ...quick, iterations: 300 } });
	first.finish();
	const warm = await createProjection(points, { settings: { ...quick, iterations: 50 }, start: first.map });
	warm.finish();
	expect(relativeMove(alignMap(warm.map, first.map).map, first.map)).toBeLessThan(0.1);
});

test('a projection that is stopped half-way has the map of its last finished step', async () => {
	const projection = await createProjection(drawClusters(), { settings: quick });
	while (projection.progress().iteration < 10) projection.step();
	const map = projection.map;
	const kept = map.slice();
	while (projection.progress().iteration < 12) projection.step();
	expect(map).toEqual(kept);
	expect(projection.map).not.toEqual(kept);
});

test('PCA ends with the two widest axes', async () => {
	const values = Float32Array.from([3, 0, 0, -3, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0]);
	const projection = await createProjection({ values, count: 5, dimension: 3 }, { settings: { method: 'pca' } });
	expect(projection.finish().isDone).toBe(true);
	[3, 0, -3, 0, 0, 1, 0, -1, 0, 0].forEach((value, k) => {
		expect(projection.map[k]).toBeCloseTo(value, 5);
	});
});

test('fewer points than the perplexity needs lower it and say so', async () => {
	const projection = await createProjection(drawClusters({ count: 10 }), { settings: { ...quick, perplexity: 30 } });
	projection.finish();
	expect(projection.notes).toEqual([{ kind: 'perplexity-lowered', asked: 30, used: 3 }]);
	expect(projection.map.every(Number.isFinite)).toBe(true);
});

test.each([1, 2, 3])('%d points are placed without a descent, with a note', async (count) => {
	const projection = await createProjection(drawClusters({ count }), { settings: quick });
	projection.finish();
	expect(projection.map).toHaveLength(2 * count);
	expect(projection.map.every(Number.isFinite)).toBe(true);
	expect(projection.notes).toEqual([{ kind: 'too-few-points', count }]);
});

test('points of which many are equal still get finite positions', async () => {
	const { values, count, dimension } = drawClusters({ count: 40 });
	for (let point = 1; point < 30; point++) values.copyWithin(point * dimension, 0, dimension);
	const projection = await createProjection({ values, count, dimension }, { settings: quick });
	projection.finish();
	expect(projection.map.every(Number.isFinite)).toBe(true);
});

test('refuses no points, points that are all equal, and numbers that are not finite', async () => {
	const open = (values: number[], count: number) =>
		errorCodeOfAsync(() => createProjection({ values: Float32Array.from(values), count, dimension: 2 }));
	expect(await open([], 0)).toBe('projection-no-points');
	expect(await open([1, 2, 1, 2, 1, 2], 3)).toBe('projection-points-equal');
	expect(await open([1, 2, 1, Number.NaN], 2)).toBe('projection-not-finite');
	await expect(
		createProjection({ values: Float32Array.of(1, 2, 1, Number.NaN), count: 2, dimension: 2 }),
	).rejects.toMatchObject({ location: { line: 2, column: 2 } });
});

test('a descent that diverges says so and leaves the last complete map', async () => {
	const projection = await createProjection(drawClusters(), { settings: { ...quick, learningRate: 1e36 } });
	expect(errorCodeOf(() => projection.finish())).toBe('projection-diverged');
	expect(projection.map.every(Number.isFinite)).toBe(true);
	expect(projection.progress().isDone).toBe(true);
});

test('many points take the grid and cells, and still come apart by cluster', async () => {
	const points = drawClusters({ count: 4500, dimension: 6, clusters: 5 });
	const settings = { ...quick, iterations: 30, exaggeratedIterations: 20, neighbours: 'approximate' } as const;
	const projection = await createProjection(points, { settings });
	projection.finish();
	const sample = { map: projection.map.subarray(0, 600), labels: points.labels.subarray(0, 300) };
	expect(nearestAgree(sample.map, sample.labels)).toBeGreaterThan(0.97);
});
