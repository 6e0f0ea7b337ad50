import { expect, test } from 'vitest';
import { drawClusters, neighboursBySorting } from '../testing/labelled-points';
import { alignment, uniformity } from './alignment-uniformity';
import { classDistances } from './class-distances';
import type { LabelledRows } from './labelled-rows';
import { normalizedRows } from './labelled-rows';
import { neighbourPurity } from './neighbour-purity';
import { neighbourPreservation, rankFaithfulness } from './neighbourhood-ranks';
import { segmentationIndex } from './segmentation-index';
import { silhouette } from './silhouette';
import { measureSpace } from './space-measures';

function rowsOf(points: readonly (readonly number[])[], types: readonly number[]): LabelledRows {
	return {
		values: Float32Array.from(points.flat()),
		count: points.length,
		dimension: points[0].length,
		types: Int32Array.from(types),
		typeCount: Math.max(...types) + 1,
	};
}

/** Unit vectors of the plane at these degrees. */
const atDegrees = (...degrees: number[]) =>
	degrees.map((degree) => [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)]);

function drawRows(): LabelledRows {
	const { values, count, dimension, labels } = drawClusters({ count: 45, dimension: 5, spread: 1 });
	const types = labels.map((label, row) => (row % 7 === 0 ? -1 : label));
	return { values, count, dimension, types, typeCount: 3 };
}

const distance = ({ values, dimension }: LabelledRows, a: number, b: number) =>
	Math.hypot(...Array.from({ length: dimension }, (_, k) => values[a * dimension + k] - values[b * dimension + k]));

test('purity counts neighbours of the own type; those outside mentions are no agreement', () => {
	const rows = { count: 4, types: Int32Array.from([0, 0, 1, -1]), typeCount: 3 };
	const { overall, byType } = neighbourPurity(rows, Int32Array.from([1, 2, 0, 3, 0, 3, 2, 1]));
	expect(byType).toEqual([0.5, 0, null]);
	expect(overall).toBeCloseTo(1 / 3, 12);
});

test('the silhouette of four points on a line is that worked out by hand', () => {
	// At 0: a = 1, b = (4 + 6) / 2 = 5; at 1: a = 1, b = 4; at 4: a = 2, b = 3.5; at 6: a = 2, b = 5.5.
	const { overall, byType, sampled } = silhouette(rowsOf([[0], [1], [4], [6]], [0, 0, 1, 1]));
	expect(byType[0]).toBeCloseTo((4 / 5 + 3 / 4) / 2, 6);
	expect(byType[1]).toBeCloseTo((1.5 / 3.5 + 3.5 / 5.5) / 2, 6);
	expect(overall).toBeCloseTo((4 / 5 + 3 / 4 + 1.5 / 3.5 + 3.5 / 5.5) / 4, 6);
	expect(sampled).toBe(4);
});

test('a type of one token has silhouette 0, one type alone has none', () => {
	expect(silhouette(rowsOf([[0], [1], [9]], [0, 0, 1])).byType[1]).toBe(0);
	expect(silhouette(rowsOf([[0], [1]], [0, 0])).overall).toBeNull();
});

test('a sampled silhouette says how many tokens it saw and is repeatable', () => {
	const rows = drawRows();
	const once = silhouette(rows, { most: 20, seed: 3 });
	expect(once.sampled).toBe(20);
	expect(silhouette(rows, { most: 20, seed: 3 })).toEqual(once);
	expect(once.overall).not.toBe(silhouette(rows).overall);
});

test('alignment is the mean squared distance over all pairs of one type', () => {
	const rows = drawRows();
	const units = { ...rows, values: normalizedRows(rows.values, rows.dimension) };
	const squares: number[][] = [[], [], []];
	for (let a = 0; a < rows.count; a++) {
		for (let b = 0; b < a; b++) {
			if (rows.types[a] >= 0 && rows.types[a] === rows.types[b])
				squares[rows.types[a]].push(distance(units, a, b) ** 2);
		}
	}
	const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value) / numbers.length;
	const { overall, byType } = alignment(rows);
	for (const [type, list] of squares.entries()) expect(byType[type]).toBeCloseTo(mean(list), 5);
	expect(overall).toBeCloseTo(mean(squares.flat()), 5);
});

test('uniformity over all pairs is its formula; a sample comes near it', () => {
	const rows = drawRows();
	const units = { ...rows, values: normalizedRows(rows.values, rows.dimension) };
	let sum = 0;
	for (let a = 0; a < rows.count; a++) for (let b = 0; b < a; b++) sum += Math.exp(-2 * distance(units, a, b) ** 2);
	const expected = Math.log(sum / ((rows.count * (rows.count - 1)) / 2));
	const { value, pairs } = uniformity(rows);
	expect(value).toBeCloseTo(expected, 5);
	expect(pairs).toBe(990);
	expect(Math.abs(uniformity(rows, { maxPairs: 800 }).value! - expected)).toBeLessThan(0.3);
});

test('equal tokens are perfectly aligned and not uniform at all', () => {
	const rows = rowsOf([[2, 0], [2, 0], [1, 0]], [0, 0, 0]); // biome-ignore format: three points
	expect(alignment(rows).overall).toBeCloseTo(0, 6);
	expect(uniformity(rows).value).toBeCloseTo(0, 6);
});

test('distances within and between types are those worked out by hand', () => {
	// Type 0 around (1, 0) at distance 1, type 1 around (1, 4) at distance 3, type 2 has no token.
	const rows = rowsOf([[0, 0], [2, 0], [-2, 4], [4, 4]], [0, 0, 1, 1]); // biome-ignore format: four points
	const { within, between, ratio } = classDistances({ ...rows, typeCount: 3 });
	expect(within).toEqual({ overall: 2, byType: [1, 3, null] });
	expect(between).toEqual({ overall: 4, byType: [4, 4, null] });
	expect(ratio).toBe(0.5);
});

test('the segmentation index is the gap between B and I over the gap between types', () => {
	// Type 0: B at 0 degrees, I at 60; type 1: B at 180, I at 240; so each gap is 1, centroids lie at 30 and 210 degrees,
	// cos 30 from the middle, 2 cos 30 = sqrt 3 apart. Lengths do not count.
	const points = atDegrees(0, 0, 0, 0, 0, 60, 60, 60, 60, 60, 180, 180, 180, 180, 180, 240, 240, 240, 240, 240);
	const scaled = points.map(([x, y], row) => [x * (row + 1), y * (row + 1)]);
	const begin = Uint8Array.from(points, (_, row) => (row % 10 < 5 ? 1 : 0));
	const { overall, byType } = segmentationIndex(
		rowsOf(
			scaled,
			Array.from(points, (_, row) => (row < 10 ? 0 : 1)),
		),
		begin,
	);
	expect(byType[0]).toBeCloseTo(1 / Math.sqrt(3), 6);
	expect(byType[1]).toBeCloseTo(1 / Math.sqrt(3), 6);
	expect(overall).toBeCloseTo(1 / Math.sqrt(3), 6);
});

test('a type with four inside tokens has no segmentation index, nor has the only type that is left', () => {
	const points = atDegrees(0, 0, 0, 0, 0, 60, 60, 60, 60, 60, 180, 180, 180, 180, 180, 240, 240, 240, 240);
	const types = Array.from(points, (_, row) => (row < 10 ? 0 : 1));
	const begin = Uint8Array.from(points, (_, row) => (row % 10 < 5 ? 1 : 0));
	expect(segmentationIndex(rowsOf(points, types), begin)).toEqual({ overall: null, byType: [null, null] });
});

test('faithfulness is 1 for true neighbours and falls by the stated penalty for a false one', () => {
	const count = 10;
	expect(rankFaithfulness(Int32Array.from([1, 2, 2, 1]), 2, count)).toBe(1);
	// One of four is of rank 5: penalty 3; 1 - 2 * 3 / (2 rows * 2 * (20 - 6 - 1)).
	expect(rankFaithfulness(Int32Array.from([1, 5, 2, 1]), 2, count)).toBeCloseTo(1 - 6 / 52, 12);
	expect(neighbourPreservation(Int32Array.from([1, 5, 2, 1]), 2)).toBe(0.75);
});

test('all measures of a space come from one call', () => {
	const rows = drawRows();
	const ids = Int32Array.from(neighboursBySorting(rows.values, rows.dimension, 4).flat());
	const begin = rows.types.map((_, row) => row % 2);
	const work = measureSpace(rows, Uint8Array.from(begin), ids);
	let next = work.next();
	while (!next.done) next = work.next();
	const measures = next.value;
	expect(measures.purity).toEqual(neighbourPurity(rows, ids));
	expect(measures.segmentation.byType).toHaveLength(3);
	expect(measures.segmentation.overall).toBeGreaterThan(0);
});
