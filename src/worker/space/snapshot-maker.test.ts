// Snapshots made on a GPU beside the same ones on wasm, and a GPU that is lost on the way.

import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../kernels/webgpu/open-gpu';
import type { MapDevice } from '../../projection/map-device';
import { hasWebgpu } from '../../testing/open-webgpu';
import { capturedOf, tinyPoints } from '../../testing/tiny-space';
import { defaultMapSettings } from '../../wire/space';
import { type Made, SnapshotMaker } from './snapshot-maker';
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

async function snapshotsOf(ids: readonly number[], device: MapDevice, onMade: (made: Made) => void = () => {}) {
	const made: Made[] = [];
	const maker = new SnapshotMaker({
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
	return made.flatMap((one) => (one.kind === 'snapshot' ? [one.result] : []));
}

test('a snapshot that cannot be measured is reported, and the next one is made all the same', async () => {
	const made: Made[] = [];
	const maker = new SnapshotMaker({ points, lastMap: null, now, onMade: (one) => void made.push(one) });
	const broken = capturedOf(points, 1);
	broken.vectors[3] = Number.NaN;
	maker.add(1, broken);
	maker.add(2, capturedOf(points, 2));
	while (await maker.work(20));
	const [failed] = made.filter(({ kind }) => kind === 'failed');
	expect(failed).toMatchObject({ id: 1, error: { parts: { code: 'projection-not-finite' } } });
	expect(made.at(-1)).toMatchObject({ kind: 'snapshot', id: 2 });
});

describe.skipIf(!isThere)('on a GPU', () => {
	test('a snapshot has the measures of the one on wasm, and its map is as faithful', async () => {
		const { device } = await onGpu();
		const [gpuSnapshot] = await snapshotsOf([1], device);
		const [wasmSnapshot] = await snapshotsOf([1], { device: 'wasm' });
		expect(gpuSnapshot.measures).toEqual(wasmSnapshot.measures);
		expect(gpuSnapshot.notes).toEqual(wasmSnapshot.notes);
		expect(gpuSnapshot.divergence! / wasmSnapshot.divergence!).toBeLessThan(1.15); // of few points, in another valley
		expect(gpuSnapshot.quality!.trustworthiness).toBeGreaterThan(wasmSnapshot.quality!.trustworthiness - 0.03);
	});

	test('that is lost on the way, the snapshot is made on wasm and says so; later ones are made there without a note', async () => {
		const { gpu, device } = await onGpu();
		const snapshots = await snapshotsOf([1, 2], device, (made) => {
			if (made.kind === 'map' && made.shown.method === 'tsne') gpu.destroy();
		});
		const expected = await snapshotsOf([1, 2], { device: 'wasm' });
		expect(snapshots.map(({ map }) => map)).toEqual(expected.map(({ map }) => map));
		expect(snapshots.map(({ notes }) => notes.some(({ kind }) => kind === 'gpu-lost'))).toEqual([true, false]);
	});

	test('that is lost during a map by request, wasm makes it and the map says so', async () => {
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
