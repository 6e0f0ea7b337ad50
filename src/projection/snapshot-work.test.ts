import { expect, test } from 'vitest';
import { normalizedRows } from '../analysis/labelled-rows';
import { errorCodeOfAsync } from '../testing/error-code';
import { drawClusters, neighboursBySorting, resultOf } from '../testing/labelled-points';
import { relativeMove } from '../testing/map-differences';
import {
	openSnapshotSketch,
	openSnapshotWork,
	purityNeighbours,
	type SnapshotInput,
	type UnfinishedSnapshot,
} from './snapshot-work';

function inputOf(change: Partial<SnapshotInput> = {}, count = 90): SnapshotInput {
	const { values, dimension, labels } = drawClusters({ count, dimension: 6, spread: 2 });
	const types = labels.map((label, point) => (point % 5 === 0 ? -1 : label));
	const isBegin = Uint8Array.from(types, (_, point) => (point >> 1) % 2);
	const work = { earlier: null, earlierValues: null, perplexity: 8, iterations: 120, laterIterations: 30, seed: 3 };
	return { values, count, dimension, types, typeCount: 3, isBegin, ...work, ...change };
}

const snapshotOf = async (input: SnapshotInput) => resultOf(await openSnapshotWork(input));

test('measures are those computed from all pairs', async () => {
	const input = inputOf();
	const { measures } = await snapshotOf(input);
	const { values, dimension, types, count, isBegin } = input;
	const near = neighboursBySorting(values, dimension, purityNeighbours);
	const mentions = Array.from({ length: count }, (_, row) => row).filter((row) => types[row] >= 0);
	const share = (row: number) => near[row].filter((other) => types[other] === types[row]).length / purityNeighbours;
	expect(measures.purity.overall).toBeCloseTo(mentions.reduce((sum, row) => sum + share(row), 0) / mentions.length, 6);

	const units = normalizedRows(values, dimension);
	const mean = (isIn: (row: number) => boolean) => {
		const rows = mentions.filter(isIn);
		return Array.from(
			{ length: dimension },
			(_, k) => rows.reduce((sum, row) => sum + units[row * dimension + k], 0) / rows.length,
		);
	};
	const apart = (a: number[], b: number[]) => Math.hypot(...a.map((value, k) => value - b[k]));
	const centres = [0, 1, 2].map((type) => mean((row) => types[row] === type));
	const between = (apart(centres[0], centres[1]) + apart(centres[0], centres[2]) + apart(centres[1], centres[2])) / 3;
	for (const type of [0, 1, 2]) {
		const torn = apart(
			mean((row) => types[row] === type && isBegin[row] === 1),
			mean((row) => types[row] === type && isBegin[row] === 0),
		);
		expect(measures.segmentation.byType[type]).toBeCloseTo(torn / between, 5);
	}
});

test('the principal axes come first, then intermediate maps, then the snapshot; the same input gives the same snapshot', async () => {
	const shown: UnfinishedSnapshot[] = [];
	const work = await openSnapshotWork(inputOf());
	let next = work.next();
	for (; !next.done; next = work.next()) if (next.value && 'map' in next.value) shown.push(next.value);
	expect(shown.map(({ method }) => method)).toEqual(['pca', ...Array(6).fill('tsne')]);
	expect(shown.every(({ map }) => map.every(Number.isFinite))).toBe(true);
	expect(next.value.method).toBe('tsne');
	expect(next.value.quality?.trustworthiness).toBeGreaterThan(0.8);
	expect(await snapshotOf(inputOf())).toEqual(next.value);
	expect((await snapshotOf(inputOf({ seed: 4 }))).map).not.toEqual(next.value.map);
});

test('a sketch fits the earlier map, and its neighbours give the same snapshot as without it', async () => {
	const { values: others } = drawClusters({ count: 90, dimension: 6, spread: 2, seed: 77 });
	const { map: earlier } = await snapshotOf(inputOf({ values: others, iterations: 300 }));
	const sketch = resultOf(await openSnapshotSketch(inputOf({ earlier })));
	expect(sketch.method).toBe('tsne');
	expect(sketch.neighbours).not.toBeNull();
	const [byChance, near] = [sketch.map.toReversed(), sketch.map].map((map) => relativeMove(map, earlier));
	expect(near).toBeLessThan(byChance);
	const later = { earlier, earlierValues: others };
	const snapshot = await snapshotOf(inputOf({ ...later, neighbours: sketch.neighbours }));
	expect(snapshot).toEqual(await snapshotOf(inputOf(later)));
	expect(resultOf(await openSnapshotSketch(inputOf())).method).toBe('pca');
});

test('where nothing changed, the map starts from its positions and moves little', async () => {
	const first = await snapshotOf(inputOf({ iterations: 400 }));
	const { values } = inputOf();
	const second = await snapshotOf(inputOf({ earlier: first.map, earlierValues: values }));
	expect(relativeMove(second.map, first.map)).toBeLessThan(0.15);
	expect(second.divergence).toBeLessThan(first.divergence! * 1.02);
});

test('where representations changed, the map is as good as a fresh one', async () => {
	const { values: others } = drawClusters({ count: 90, dimension: 6, spread: 2, seed: 77 });
	const first = await snapshotOf(inputOf({ values: others, iterations: 300 }));
	const laterIterations = 300;
	const later = await snapshotOf(inputOf({ earlier: first.map, earlierValues: others, laterIterations }));
	const fresh = await snapshotOf(inputOf({ iterations: 300 }));
	expect(later.divergence).toBeLessThan(fresh.divergence! * 1.2);
});

test('fewer points than the perplexity wants, a single type, two points: a snapshot with a note', async () => {
	const few = await snapshotOf(inputOf({}, 10));
	expect(few.notes).toEqual([{ kind: 'perplexity-lowered', asked: 8, used: 3 }]);
	const one = await snapshotOf(inputOf({ types: new Int32Array(90) }));
	expect(one.measures.segmentation.overall).toBeNull();
	expect(one.measures.silhouette.overall).toBeNull();
	const two = await snapshotOf(inputOf({}, 2));
	expect(two).toMatchObject({ method: 'pca', notes: [{ kind: 'too-few-points', count: 2 }] });
	const alone = await snapshotOf(inputOf({}, 1));
	expect(alone.map).toEqual(Float32Array.of(0, 0));
});

test('representations that are not numbers or all equal are refused', async () => {
	const broken = inputOf();
	broken.values[17] = Number.NaN;
	expect(await errorCodeOfAsync(() => openSnapshotWork(broken))).toBe('projection-not-finite');
	expect(await errorCodeOfAsync(() => openSnapshotWork(inputOf({ values: new Float32Array(540).fill(2) })))).toBe(
		'projection-points-equal',
	);
});
