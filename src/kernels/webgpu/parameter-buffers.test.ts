// Parameters in segments on the fused device: updates are those of the reference device, a part may be frozen, and no buffer is
// larger than a segment.

import { afterAll, describe, expect, test } from 'vitest';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { largestDifference } from '../conformance';
import { layOutParameters, trainedAlike } from '../parameters';
import { createReferenceDevice } from '../reference/device';
import { runUpdateConformance } from '../update-conformance';
import type { FusedDevice } from './device';

const isThere = await hasWebgpu();
afterAll(closeFused);

const layout = layOutParameters([{ name: 'task', shape: [40] }], [{ name: 'frozen', shape: [1000, 8] }]);
const [task, frozen] = layout.entries;
const rule = { kind: 'sgd', momentum: 0.9, learningRate: 0.1, weightDecay: 0, clipNorm: 0, clipValue: 0 } as const;

const open = async (segmentBytes?: number) => (await openFused({ segmentBytes })) as FusedDevice;

function giveOnes(device: FusedDevice, entry = task): void {
	device.addVectorBackward(entry, device.upload(new Float32Array(entry.size).fill(1), 1, entry.size));
}

describe.skipIf(!isThere)('parameters on the fused device', () => {
	test.each([undefined, 256])('in segments of %s bytes updates are those of the reference device', async (bytes) => {
		const cpu = await createReferenceDevice();
		const expected = await runUpdateConformance(cpu);
		cpu.dispose();
		const device = await open(bytes);
		const given = await runUpdateConformance(device);
		expect(given.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
		const different = expected.filter(({ values }, index) => largestDifference(given[index].values, values) > 2e-6);
		expect(different.map(({ name }) => name)).toEqual([]);
		expect(await runUpdateConformance(device)).toEqual(given);
	});

	test('that are frozen take memory for their values only, and keep the others when they are opened', async () => {
		const device = await open();
		device.openParameters(layOutParameters([{ name: 'task', shape: [40] }]));
		const without = device.memory().bytes;
		device.openParameters(layout);
		const frozenBytes = device.memory().bytes - without;
		expect(frozenBytes).toBeGreaterThanOrEqual(4 * frozen.size);
		expect(frozenBytes).toBeLessThan(1.25 * 4 * frozen.size);
		giveOnes(device);
		device.update(rule, trainedAlike([task]));
		giveOnes(device);
		expect(device.trainedSize).toBe(layout.frozenOffset);
		expect(() => giveOnes(device, frozen)).toThrow('frozen');
		expect(() => device.update(rule, trainedAlike([frozen]))).toThrow('frozen');
		const before = await device.readOptimizerState();
		device.openFrozen();
		expect(() => device.openFrozen()).toThrow('open already');
		expect(device.memory().bytes - without).toBeGreaterThan(3 * 4 * frozen.size);
		const { first, second } = await device.readOptimizerState();
		expect(first.subarray(0, layout.frozenOffset)).toEqual(before.first);
		expect(before.first[0]).toBe(1);
		expect(first.subarray(layout.frozenOffset)).toEqual(new Float32Array(frozen.size));
		expect(second).toBeNull();
		giveOnes(device, frozen);
		expect(await device.gradientNorm([task, frozen])).toBeCloseTo(Math.sqrt(40 + frozen.size), 3);
		device.update(rule, trainedAlike([task, frozen]));
		expect((await device.readParameters({ start: 0, end: 1 }))[0]).toBeCloseTo(-0.1 - 0.19, 6);
		expect((await device.readParameters({ start: frozen.offset, end: layout.size })).at(-1)).toBeCloseTo(-0.1, 6);
		device.endStep();
	});

	test('a norm that the gradients do not reach changes no bit', async () => {
		const device = await open();
		const update = async (clipNorm: number) => {
			device.openParameters(layout);
			giveOnes(device);
			device.update({ ...rule, clipNorm }, trainedAlike([task]));
			device.endStep();
			return device.readParameters();
		};
		expect(await update(1e6)).toEqual(await update(0));
		expect((await update(2))[0]).toBeCloseTo((-0.1 * 2) / Math.sqrt(40), 6);
	});

	test('of more than one GPU buffer may hold go into several', async () => {
		const device = await open();
		const limit = device.gpu.limits.maxStorageBufferBindingSize;
		const sizes: number[] = [];
		const { gpu } = device;
		const create = gpu.createBuffer.bind(gpu);
		gpu.createBuffer = (descriptor) => {
			sizes.push(descriptor.size);
			return create({ ...descriptor, size: Math.min(descriptor.size, 256) });
		};
		try {
			const tables = Array.from({ length: 5 }, (_, index) => ({ name: `table${index}.weight`, shape: [12_000, 1000] }));
			device.openParameters(layOutParameters([{ name: 'task', shape: [40] }], tables)); // 229 MiB of values
		} finally {
			gpu.createBuffer = create;
		}
		expect(limit).toBeGreaterThanOrEqual(2 ** 27);
		expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(5 * 12e6 * 4);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 27);
	});
});
