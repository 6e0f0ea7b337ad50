import { expect, test } from 'vitest';
import { relativeError } from '../../testing/map-differences';
import { RandomStream } from '../../util/random';
import type { Affinities } from '../affinities';
import { attract, repelExactly } from '../pair-forces';
import { createMapForces } from './map-forces';
import { openMapKernels } from './map-kernels';

const random = new RandomStream(21);

/** Points in a few lumps over a square of this width. [N, 2] */
function drawMap(count: number, width: number): Float32Array {
	const centres = Array.from({ length: 12 }, () => random.uniform() - 0.5);
	return Float32Array.from({ length: 2 * count }, (_, k) => {
		const lump = Math.floor(k / 2) % 6;
		return width * (centres[2 * lump + (k % 2)] + 0.3 * (random.uniform() - 0.5));
	});
}

/** Some pairs for each point; not symmetric, which forces do not ask for. */
function drawPairs(count: number): Affinities {
	const rows = Array.from({ length: count }, (_, row) => Array.from({ length: row % 11 }, () => random.below(count)));
	const rowStarts = new Int32Array(count + 1);
	for (const [row, list] of rows.entries()) rowStarts[row + 1] = rowStarts[row] + list.length;
	const columns = Int32Array.from(rows.flat());
	return { count, rowStarts, columns, values: Float32Array.from(columns, () => random.uniform()) };
}

async function computeBoth(count: number, width: number, repulsion: 'exact' | 'grid') {
	const map = drawMap(count, width);
	const pairs = drawPairs(count);
	const plain = { attraction: new Float32Array(2 * count), repulsion: new Float32Array(2 * count), weightSum: 0 };
	attract(pairs, map, 0, count, plain.attraction);
	plain.weightSum = repelExactly(map, 0, count, plain.repulsion);
	const fast = { attraction: new Float32Array(2 * count), repulsion: new Float32Array(2 * count), weightSum: 0 };
	const forces = createMapForces(await openMapKernels(), pairs, repulsion);
	const slices = forces.compute(map, fast.attraction, fast.repulsion);
	let slice = slices.next();
	while (!slice.done) slice = slices.next();
	fast.weightSum = slice.value;
	return { plain, fast };
}

test.each([1, 3, 4, 5, 101])(
	'attraction and exact repulsion of %d points are those of the plain form',
	async (count) => {
		const { plain, fast } = await computeBoth(count, 8, 'exact');
		for (const [k, value] of plain.attraction.entries()) expect(fast.attraction[k]).toBeCloseTo(value, 4);
		for (const [k, value] of plain.repulsion.entries()) expect(fast.repulsion[k]).toBeCloseTo(value, 4);
		expect(Math.abs(fast.weightSum - plain.weightSum)).toBeLessThan(1e-5 * (1 + plain.weightSum));
	},
);

// Widths that need a fine spacing, grids of 128 and of 192 nodes (three times a power of two), and of 512.
test.each([0.0005, 5, 40, 70, 160])(
	'repulsion by the grid is within a fiftieth of the exact one on a map %d wide',
	async (width) => {
		const { plain, fast } = await computeBoth(700, width, 'grid');
		expect(relativeError(fast.repulsion, plain.repulsion)).toBeLessThan(0.02);
		expect(Math.abs(fast.weightSum / plain.weightSum - 1)).toBeLessThan(0.005);
	},
);
