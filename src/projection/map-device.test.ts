import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../kernels/webgpu/open-gpu';
import { hasWebgpu } from '../testing/open-webgpu';
import { chooseMapDevice, isGpuRight } from './map-device';
import { GpuRoom } from './webgpu/gpu-room';

const gpu = (await hasWebgpu()) ? await openGpu() : null;
afterAll(() => gpu?.destroy());

test('few points stay on wasm', async () => {
	expect(await chooseMapDevice(100)).toBe('wasm');
});

describe.skipIf(!gpu)('a GPU', () => {
	test('that computes correctly passes the check and leaves nothing behind', async () => {
		const room = new GpuRoom(gpu as GPUDevice, false);
		expect(await isGpuRight(room)).toBe(true);
		room.close();
	});

	test('whose answers are wrong is detected', async () => {
		const room = new GpuRoom(gpu as GPUDevice, false);
		const read = room.read.bind(room);
		room.read = async (regions) => {
			const parts = await read(regions);
			for (const part of parts) new Uint32Array(part)[7] ^= 3;
			return parts;
		};
		expect(await isGpuRight(room)).toBe(false);
		room.close();
	});
});
