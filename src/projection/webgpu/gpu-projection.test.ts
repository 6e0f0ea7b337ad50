// A whole projection on the GPU beside the same one on wasm, and its end in every way: done, closed, lost.

import { afterAll, describe, expect, test } from 'vitest';
import { probeAdapter } from '../../kernels/webgpu/adapter';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import { errorCodeOfAsync } from '../../testing/error-code';
import { drawClusters } from '../../testing/labelled-points';
import { relativeMove } from '../../testing/map-differences';
import { hasWebgpu } from '../../testing/open-webgpu';
import { alignMap } from '../align-maps';
import { createProjection, type ProjectionOptions } from '../projection';

const isThere = await hasWebgpu();
const opened: GPUDevice[] = [];
/** One for most tests: each new one compiles all programs again. */
const common = isThere ? await openCounted() : null;
afterAll(() => {
	for (const gpu of opened) gpu.destroy();
});

const settings = { iterations: 60, exaggeratedIterations: 20, perplexity: 8 };
const points = drawClusters({ count: 120, spread: 1 });
/** A map to start from, so that the grid is laid out again only a few times: each time takes an emulated GPU a second. */
const start = drawClusters({ count: 120, dimension: 2, clusters: 6, seed: 8 }).values;

/** A GPU that counts how many of its buffers are not destroyed. */
async function openCounted() {
	const gpu = await openGpu();
	opened.push(gpu);
	const living = new Set<GPUBuffer>();
	const create = gpu.createBuffer.bind(gpu);
	gpu.createBuffer = (descriptor) => {
		const buffer = create(descriptor);
		const destroy = buffer.destroy.bind(buffer);
		living.add(buffer);
		buffer.destroy = () => {
			living.delete(buffer);
			return destroy();
		};
		return buffer;
	};
	return { gpu, living };
}

async function project(options: ProjectionOptions) {
	const gpu = options.device === 'webgpu' ? common?.gpu : undefined;
	const projection = await createProjection(points, { gpu, ...options });
	const progress = await projection.finishAsync();
	return { map: projection.map, progress, neighbours: projection.neighbours };
}

describe.skipIf(!isThere)('a projection on the GPU', () => {
	test('runs on an adapter that has a name', async () => {
		const { adapter } = await probeAdapter();
		expect(`${adapter?.vendor}${adapter?.description}`).not.toBe('');
	});

	test.each(['exact', 'grid'] as const)(
		'has the divergence of the one on wasm, with %s repulsion',
		async (repulsion) => {
			const same = { settings: { ...settings, iterations: 15, repulsion }, start };
			const onGpu = await project({ ...same, device: 'webgpu' });
			const onWasm = await project(same);
			expect(onGpu.neighbours).toEqual(onWasm.neighbours);
			expect(onGpu.progress).toMatchObject({ isDone: true, iteration: 15 });
			expect(Math.abs(onGpu.progress.divergence / onWasm.progress.divergence - 1)).toBeLessThan(0.02);
			expect(common?.living.size).toBe(0);
		},
	);

	test('follows the one on wasm closely in its first steps', async () => {
		const short = { ...settings, iterations: 15, repulsion: 'exact' } as const;
		const onGpu = await project({ settings: short, device: 'webgpu' });
		const onWasm = await project({ settings: short });
		expect(relativeMove(onGpu.map, onWasm.map)).toBeLessThan(1e-3);
	});

	test('lowers the divergence from one reading to the next', async () => {
		const projection = await createProjection(points, {
			settings: { ...settings, iterations: 150, repulsion: 'exact' },
			device: 'webgpu',
			gpu: common?.gpu,
		});
		const seen: number[] = [];
		for (let progress = await projection.stepAsync(); !progress.isDone; progress = await projection.stepAsync()) {
			const isPlain = progress.phase === 'descent' && progress.iteration > 25;
			if (isPlain && seen.at(-1) !== progress.divergence) seen.push(progress.divergence);
		}
		expect(seen.length).toBeGreaterThan(2);
		expect(seen).toEqual(seen.toSorted((left, right) => right - left));
	});

	test('gives the same map bit for bit, however many steps are sent at once', async () => {
		const same = { settings: { ...settings, iterations: 8, repulsion: 'grid' }, device: 'webgpu', start } as const;
		const quick = await project({ ...same, now: () => 0 });
		let time = 0;
		const slow = await project({ ...same, now: () => (time += 100) });
		expect(slow.map).toEqual(quick.map);
	});

	test('changes its grid as the map grows from next to nothing', async () => {
		const few = { ...settings, iterations: 5, exaggeratedIterations: 5, repulsion: 'grid' } as const;
		const onGpu = await project({ settings: few, device: 'webgpu' });
		const onWasm = await project({ settings: few });
		expect(onGpu.progress.iteration).toBe(5);
		expect(relativeMove(onGpu.map, onWasm.map)).toBeLessThan(0.05);
	});

	test('starts from an earlier map and moves little', async () => {
		const first = await project({ settings: { ...settings, iterations: 200 }, device: 'webgpu' });
		const warm = await project({ settings: { ...settings, iterations: 30 }, device: 'webgpu', start: first.map });
		expect(relativeMove(alignMap(warm.map, first.map).map, first.map)).toBeLessThan(0.1);
	});

	test('never waits inside a step, and stops half-way with a complete map and no buffer left', async () => {
		const { gpu, living } = common as NonNullable<typeof common>;
		const projection = await createProjection(points, { settings, device: 'webgpu', gpu });
		let steps = 0;
		while (projection.progress().iteration < 10) {
			projection.step();
			if (steps++ % 8 === 0) await new Promise((resume) => setTimeout(resume));
		}
		const { iteration } = projection.progress();
		const map = projection.map.slice();
		expect(living.size).toBeGreaterThan(0);
		projection.close();
		expect(living.size).toBe(0);
		await gpu.queue.onSubmittedWorkDone();
		expect(projection.step()).toMatchObject({ isDone: true, iteration });
		expect(projection.map).toEqual(map);
		expect(map.some((value) => value !== 0)).toBe(true);
	});

	test('that loses its GPU says so and keeps the last complete map', async () => {
		const { gpu } = await openCounted();
		const projection = await createProjection(points, { settings, device: 'webgpu', gpu });
		while (projection.progress().iteration < 10) await projection.stepAsync();
		gpu.destroy();
		expect(await errorCodeOfAsync(() => projection.finishAsync())).toBe('projection-gpu-lost');
		expect(projection.progress().isDone).toBe(true);
		expect(projection.map.every(Number.isFinite)).toBe(true);
		expect(projection.map.some((value) => value !== 0)).toBe(true);
	});

	test('that diverges on a GPU of its own says so and keeps the last complete map', async () => {
		const projection = await createProjection(points, {
			settings: { ...settings, learningRate: 1e36 },
			device: 'webgpu',
		});
		expect(await errorCodeOfAsync(() => projection.finishAsync())).toBe('projection-diverged');
		expect(projection.map.every(Number.isFinite)).toBe(true);
	});
});
