import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import { drawClusters, neighboursBySorting, resultOf } from '../../testing/labelled-points';
import { hasWebgpu } from '../../testing/open-webgpu';
import { finishSlices } from '../awaited';
import { exactNeighbours } from '../neighbours';
import { PointProducts } from '../point-products';
import type { Points } from '../projection-settings';
import { gpuNeighbours } from './gpu-neighbours';
import { GpuRoom } from './gpu-room';

const gpu = (await hasWebgpu()) ? await openGpu() : null;
afterAll(() => gpu?.destroy());

async function search(points: Points, size: number, isEmulated?: boolean) {
	const room = new GpuRoom(gpu as GPUDevice, false, isEmulated);
	let time = 0;
	const products = await PointProducts.open(points);
	const found = await finishSlices(gpuNeighbours(room, products, size, () => time++));
	room.close();
	return found;
}

describe.skipIf(!gpu)('neighbours on the GPU', () => {
	test.each([
		[2, 3, 1],
		[70, 5, 69],
		[200, 17, 20],
	])('of %d points of %d dimensions are the %d nearest', async (count, dimension, size) => {
		const points = drawClusters({ count, dimension });
		const found = await search(points, size);
		expect(Array.from(found.ids)).toEqual(neighboursBySorting(points.values, dimension, size).flat());
	});

	test('have the very distances of the wasm form, over several blocks of rows', async () => {
		const points = drawClusters({ count: 700, dimension: 40, spread: 1 });
		const found = await search(points, 30);
		const expected = resultOf(exactNeighbours(await PointProducts.open(points), 30));
		expect(found).toEqual(expected);
	});

	test('are the same by the programs for real GPUs', async () => {
		const points = drawClusters({ count: 150, dimension: 20 });
		const expected = resultOf(exactNeighbours(await PointProducts.open(points), 12));
		expect(await search(points, 12, false)).toEqual(expected);
	});

	test('of points that are equal are those with the lowest numbers', async () => {
		const values = new Float32Array(600).fill(1);
		values.fill(5, 400);
		const found = await search({ values, count: 300, dimension: 2 }, 4);
		expect(Array.from(found.ids.subarray(0, 8))).toEqual([1, 2, 3, 4, 0, 2, 3, 4]);
		expect(Array.from(found.ids.subarray(4 * 299))).toEqual([200, 201, 202, 203]);
	});
});
