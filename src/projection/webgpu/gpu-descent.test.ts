import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import { relativeError } from '../../testing/map-differences';
import { hasWebgpu } from '../../testing/open-webgpu';
import { RandomStream } from '../../util/random';
import type { Affinities } from '../affinities';
import { finishSlices } from '../awaited';
import type { DescentState } from '../map-descent';
import { attract, divergenceOf, repelExactly } from '../pair-forces';
import { GpuDescent } from './gpu-descent';
import { GpuRoom } from './gpu-room';

const gpu = (await hasWebgpu()) ? await openGpu() : null;
afterAll(() => gpu?.destroy());
const still = { iterations: 0, exaggeration: 1, exaggeratedIterations: 0, learningRate: 1 };

/** Points in a few lumps over a square of this width. [N, 2] */
function drawMap(count: number, width: number, random: RandomStream): Float32Array {
	const centres = Array.from({ length: 12 }, () => random.uniform() - 0.5);
	return Float32Array.from({ length: 2 * count }, (_, k) => {
		const lump = Math.floor(k / 2) % 6;
		return width * (centres[2 * lump + (k % 2)] + 0.3 * (random.uniform() - 0.5));
	});
}

/** Random pairs, each in both directions; values sum to 1. */
function drawPairs(count: number, random: RandomStream): Affinities {
	const rows = Array.from({ length: count }, () => new Map<number, number>());
	for (let pair = 0; pair < 5 * count; pair++) {
		const [a, b, value] = [random.below(count), random.below(count), random.uniform()];
		if (a !== b)
			for (const [from, to] of [
				[a, b],
				[b, a],
			])
				rows[from].set(to, value);
	}
	const sorted = rows.map((row) => [...row].sort(([left], [right]) => left - right));
	const rowStarts = new Int32Array(count + 1);
	for (const [row, list] of sorted.entries()) rowStarts[row + 1] = rowStarts[row] + list.length;
	const values = sorted.flatMap((row) => row.map(([, value]) => value));
	const total = values.reduce((sum, value) => sum + value, 0);
	return {
		count,
		rowStarts,
		columns: Int32Array.from(sorted.flatMap((row) => row.map(([column]) => column))),
		values: Float32Array.from(values, (value) => value / total),
	};
}

/** Forces and divergence of a map that does not move. */
async function compute(affinities: Affinities, map: Float32Array, repulsion: 'exact' | 'grid', isEmulated?: boolean) {
	const room = new GpuRoom(gpu as GPUDevice, false, isEmulated);
	const state: DescentState = { iteration: 0, divergence: Number.NaN };
	const descent = new GpuDescent(room, affinities, map, still, repulsion);
	await finishSlices(
		descent.run(
			state,
			() => {},
			() => 0,
		),
	);
	const forces = await descent.forces();
	room.close();
	return { ...forces, divergence: state.divergence };
}

function plainly(affinities: Affinities, map: Float32Array) {
	const [attraction, repulsion] = [new Float32Array(map.length), new Float32Array(map.length)];
	attract(affinities, map, 0, affinities.count, attraction);
	const weightSum = repelExactly(map, 0, affinities.count, repulsion);
	return { attraction, repulsion, weightSum, divergence: divergenceOf(affinities, map, weightSum) };
}

describe.skipIf(!gpu)('the descent on the GPU', () => {
	// More than one workgroup, and more than one stretch of points.
	test.each([5, 101, 1500])('has the forces and the divergence of the plain form for %d points', async (count) => {
		const random = new RandomStream(count);
		const affinities = drawPairs(count, random);
		const map = drawMap(count, 8, random);
		const expected = plainly(affinities, map);
		const found = await compute(affinities, map, 'exact');
		expect(relativeError(found.attraction, expected.attraction)).toBeLessThan(1e-5);
		expect(relativeError(found.repulsion, expected.repulsion)).toBeLessThan(1e-5);
		expect(found.weightSum / expected.weightSum).toBeCloseTo(1, 5);
		expect(found.divergence).toBeCloseTo(expected.divergence, 4);
	});

	test('has the gradient of finite differences', async () => {
		const random = new RandomStream(3);
		const affinities = drawPairs(7, random);
		const map = drawMap(7, 4, random);
		const { attraction, repulsion, weightSum } = await compute(affinities, map, 'exact');
		const step = 2 ** -6; // exact in float32
		const at = (k: number, change: number) => {
			const moved = map.slice();
			moved[k] += change;
			return plainly(affinities, moved).divergence;
		};
		for (let k = 0; k < map.length; k++) {
			const numeric = (at(k, step) - at(k, -step)) / (2 * step);
			expect(4 * (attraction[k] - repulsion[k] / weightSum)).toBeCloseTo(numeric, 4);
		}
	});

	// Widths that need a fine spacing, and grids of 128, 256 and 512 nodes.
	test.each([0.0005, 5, 70, 160])('has the repulsion within a fiftieth by the grid on a map %d wide', async (width) => {
		const random = new RandomStream(21);
		const affinities = drawPairs(700, random);
		const map = drawMap(700, width, random);
		const expected = plainly(affinities, map);
		const found = await compute(affinities, map, 'grid');
		expect(relativeError(found.attraction, expected.attraction)).toBeLessThan(1e-5);
		expect(relativeError(found.repulsion, expected.repulsion)).toBeLessThan(0.02);
		expect(Math.abs(found.weightSum / expected.weightSum - 1)).toBeLessThan(0.005);
	});
	// Their memory in common takes an emulated GPU seconds to compile: the smallest grid only.
	test('has the same field by the programs for real GPUs', async () => {
		const random = new RandomStream(22);
		const affinities = drawPairs(90, random);
		const map = drawMap(90, 12, random);
		const emulated = await compute(affinities, map, 'grid');
		const real = await compute(affinities, map, 'grid', false);
		expect(relativeError(real.repulsion, emulated.repulsion)).toBeLessThan(1e-5);
		expect(real.weightSum / emulated.weightSum).toBeCloseTo(1, 5);
		expect(real.divergence).toBeCloseTo(emulated.divergence, 4);
	});
});
