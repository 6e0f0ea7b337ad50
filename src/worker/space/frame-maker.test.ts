// Frames made on a GPU beside the same ones on wasm, and a GPU that is lost on the way.

import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import type { MapDevice } from '../../projection/map-device';
import { hasWebgpu } from '../../testing/open-webgpu';
import { capturedOf, tinyPoints } from '../../testing/tiny-space';
import { defaultMapSettings } from '../../wire/space';
import { FrameMaker, type Made } from './frame-maker';
import { projectByRequest } from './space-projection';

const points = tinyPoints();
const now = () => performance.now();
const isThere = await hasWebgpu();
const opened: GPUDevice[] = [];
afterAll(() => {
	for (const gpu of opened) gpu.destroy();
});

async function onGpu(): Promise<{ gpu: GPUDevice; device: MapDevice }> {
	const gpu = await openGpu();
	opened.push(gpu);
	return { gpu, device: { device: 'webgpu', gpu } };
}

async function framesOf(ids: readonly number[], device: MapDevice, onMade: (made: Made) => void = () => {}) {
	const made: Made[] = [];
	const maker = new FrameMaker({
		points,
		lastMap: null,
		chooseDevice: async () => device,
		now,
		onMade: (one) => {
			made.push(one);
			onMade(one);
		},
	});
	for (const id of ids) {
		maker.add(id, capturedOf(points, id));
		while (await maker.work(20));
	}
	return made.flatMap((one) => (one.kind === 'frame' ? [one.result] : []));
}

test('a moment that cannot be measured is told, and the next one is made all the same', async () => {
	const made: Made[] = [];
	const maker = new FrameMaker({ points, lastMap: null, now, onMade: (one) => void made.push(one) });
	const broken = capturedOf(points, 1);
	broken.vectors[3] = Number.NaN;
	maker.add(1, broken);
	maker.add(2, capturedOf(points, 2));
	while (await maker.work(20));
	const [failed] = made.filter(({ kind }) => kind === 'failed');
	expect(failed).toMatchObject({ id: 1, error: { parts: { code: 'projection-not-finite' } } });
	expect(made.at(-1)).toMatchObject({ kind: 'frame', id: 2 });
});

describe.skipIf(!isThere)('on a GPU', () => {
	test('a frame has the measures of the one on wasm, and its map is as true', async () => {
		const { device } = await onGpu();
		const [gpuFrame] = await framesOf([1], device);
		const [wasmFrame] = await framesOf([1], { device: 'wasm' });
		expect(gpuFrame.measures).toEqual(wasmFrame.measures);
		expect(gpuFrame.notes).toEqual(wasmFrame.notes);
		expect(gpuFrame.divergence! / wasmFrame.divergence!).toBeLessThan(1.15); // of few points, in another valley
		expect(gpuFrame.quality!.trustworthiness).toBeGreaterThan(wasmFrame.quality!.trustworthiness - 0.03);
	});

	test('that is lost on the way, the frame is made on wasm and says so; later ones stay there in silence', async () => {
		const { gpu, device } = await onGpu();
		const frames = await framesOf([1, 2], device, (made) => {
			if (made.kind === 'map' && made.shown.method === 'tsne') gpu.destroy();
		});
		const expected = await framesOf([1, 2], { device: 'wasm' });
		expect(frames.map(({ map }) => map)).toEqual(expected.map(({ map }) => map));
		expect(frames.map(({ notes }) => notes.some(({ kind }) => kind === 'gpu-lost'))).toEqual([true, false]);
	});

	test('that is lost during a map by request, wasm makes it and it says so', async () => {
		const { gpu, device } = await onGpu();
		const { vectors: values, dimension } = capturedOf(points, 1);
		const request = {
			name: 'task',
			points: { values, count: points.count, dimension },
			settings: { ...defaultMapSettings, iterations: 100 },
			alignTo: null,
		};
		const report = async () => gpu.destroy();
		const made = await projectByRequest({ report }, request, {
			emit: () => {},
			now,
			chooseDevice: async () => device,
		});
		expect(made.map.every(Number.isFinite)).toBe(true);
		expect(made.notes.map(({ kind }) => kind)).toContain('gpu-lost');
	});
});
