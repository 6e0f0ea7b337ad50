// Do the fast devices update parameters as the reference device does, those of a part that was frozen among them?

import { afterAll, describe, expect, test } from 'vitest';
import { openWasmBuilds } from '../testing/wasm-builds';
import { largestDifference } from './conformance';
import type { Device } from './operations';
import { layOutParameters, trainedAlike } from './parameters';
import { createReferenceDevice } from './reference/device';
import { runUpdateConformance } from './update-conformance';
import { createWasmDevice } from './wasm/device';

const cpu = await createReferenceDevice();
const builds = await openWasmBuilds();
const expected = await runUpdateConformance(cpu);
const devices: [string, Device][] = [['cpu', cpu], ...builds];
afterAll(() => {
	for (const [, device] of devices) device.dispose();
});

test('the reference device gives finite numbers that are not all zero', () => {
	for (const { name, values } of expected) {
		expect(Array.from(values).every(Number.isFinite), name).toBe(true);
		expect(
			Array.from(values).some((value) => value !== 0),
			name,
		).toBe(true);
	}
});

test.each(builds)('%s gives the same as the reference device, and the same bits again', async (_, device) => {
	const given = await runUpdateConformance(device);
	expect(given.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
	const different = expected.filter(({ values }, index) => largestDifference(given[index].values, values) > 2e-6);
	expect(different.map(({ name }) => name)).toEqual([]);
	expect(await runUpdateConformance(device)).toEqual(given);
});

test('the norm has the same bits on several threads', async () => {
	const [one, three] = await Promise.all([1, 3].map((threads) => createWasmDevice({ build: 'plain', threads })));
	const wide = layOutParameters([{ name: 'wide', shape: [300, 1000] }]);
	const gradient = Float32Array.from({ length: 300_000 }, (_, index) => Math.sin(index));
	const normOf = async (device: Device) => {
		device.openParameters(wide);
		device.addVectorBackward(wide.entries[0], device.upload(gradient, 1, gradient.length));
		const norm = await device.gradientNorm(wide.entries);
		device.update({ kind: 'sgd', momentum: 0, learningRate: 1, weightDecay: 0, clipNorm: 2, clipValue: 0 }, [
			{ entry: wide.entries[0], rate: 0.5, decays: true },
		]);
		device.endStep();
		const values = await device.readParameters();
		device.dispose();
		return { norm, values };
	};
	const alone = await normOf(one);
	expect(alone.norm).toBeCloseTo(
		Math.hypot(
			...Array.from({ length: 3 }, (_, part) => Math.hypot(...gradient.subarray(part * 1e5, (part + 1) * 1e5))),
		),
		6,
	);
	expect(await normOf(three)).toEqual(alone);
});

test('wasm says that memory does not suffice to open the frozen part, and goes on without it', async () => {
	const big = layOutParameters([{ name: 'task', shape: [40] }], [{ name: 'frozen', shape: [1000, 1000] }]);
	const device = await createWasmDevice({ maximumBytes: 10 * 2 ** 20 });
	device.openParameters(big);
	const before = device.memory();
	expect(() => device.openFrozen()).toThrow(expect.objectContaining({ code: 'wasm-out-of-memory' }));
	expect(device.memory()).toMatchObject({ allocations: before.allocations, bytes: before.bytes });
	expect(device.trainedSize).toBe(big.frozenOffset);
	expect(await device.readParameters()).toEqual(new Float32Array(big.frozenOffset));
	device.dispose();
});

const layout = layOutParameters([{ name: 'task', shape: [40] }], [{ name: 'frozen', shape: [1000, 8] }]);
const [task, frozen] = layout.entries;
const rule = { kind: 'sgd', momentum: 0.9, learningRate: 0.1, weightDecay: 0, clipNorm: 0, clipValue: 0 } as const;

function giveOnes(device: Device, entry = task): void {
	device.addVectorBackward(entry, device.upload(new Float32Array(entry.size).fill(1), 1, entry.size));
}

describe.each(devices)('%s', (_, device) => {
	test('a frozen part takes memory for its values only, and three times as much once it is open', () => {
		device.openParameters(layOutParameters([{ name: 'task', shape: [40] }]));
		const without = device.memory().bytes;
		device.openParameters(layout);
		const rowLists = device === cpu ? 0 : 9 * frozen.rows; // stamp, list and mark of each row
		expect(device.memory().bytes - without).toBe(4 * frozen.size + rowLists);
		device.openFrozen();
		expect(device.memory().bytes - without).toBe(3 * 4 * frozen.size + rowLists);
	});

	test('opening the frozen part keeps momentum and gradients, and starts its own at 0', async () => {
		device.openParameters(layout);
		giveOnes(device);
		device.update(rule, trainedAlike([task]));
		giveOnes(device);
		expect(device.trainedSize).toBe(layout.frozenOffset);
		const [before, gradients] = [await device.readOptimizerState(), await device.readGradients()];
		expect(before.first).toHaveLength(layout.frozenOffset);
		device.openFrozen();
		expect(device.trainedSize).toBe(layout.size);
		const after = await device.readOptimizerState();
		expect(after.first.subarray(0, layout.frozenOffset)).toEqual(before.first);
		expect(before.first[0]).toBe(1);
		expect(after.first.subarray(layout.frozenOffset)).toEqual(new Float32Array(frozen.size));
		expect((await device.readGradients()).subarray(0, layout.frozenOffset)).toEqual(gradients);
		expect(gradients[0]).toBe(1);
		giveOnes(device, frozen);
		device.update(rule, trainedAlike([task, frozen]));
		const values = await device.readParameters();
		expect(values[0]).toBeCloseTo(-0.1 - 0.19, 6);
		expect(values[frozen.offset]).toBeCloseTo(-0.1, 6);
		device.endStep();
	});

	test("adamw's memory is there for the part that opens, and its state goes out and in again", async () => {
		const adamw = { ...rule, kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, count: 1 } as const;
		device.openParameters(layout);
		giveOnes(device);
		device.update(adamw, trainedAlike([task]));
		device.openFrozen();
		const state = await device.readOptimizerState();
		expect(state.second).toHaveLength(layout.size);
		expect(state.second?.[0]).toBeCloseTo(0.01, 6);
		expect(state.second?.subarray(layout.frozenOffset)).toEqual(new Float32Array(frozen.size));
		const values = await device.readParameters();
		device.openParameters(layout);
		device.openFrozen();
		device.writeParameters(values);
		device.writeOptimizerState(state);
		expect(await device.readOptimizerState()).toEqual(state);
		expect(await device.readParameters()).toEqual(values);
		device.endStep();
	});

	test('an empty state is as before the first update, and takes no memory for a second moment', async () => {
		const adamw = { ...rule, kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, count: 1 } as const;
		device.openParameters(layout);
		const start = device.memory();
		giveOnes(device);
		device.update(adamw, trainedAlike([task]));
		device.endStep();
		expect(device.memory().bytes).toBeGreaterThan(start.bytes);
		device.writeOptimizerState(null);
		expect(device.memory()).toMatchObject({ allocations: start.allocations, bytes: start.bytes });
		expect(await device.readOptimizerState()).toEqual({ first: new Float32Array(layout.frozenOffset), second: null });
	});

	test('a parameter that joins late is corrected as from its own first update', async () => {
		const adamw = { ...rule, kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
		device.openParameters(layout);
		device.openFrozen();
		for (const count of [1, 2, 3]) {
			giveOnes(device);
			device.update({ ...adamw, count }, trainedAlike([task]));
		}
		giveOnes(device, frozen);
		device.update({ ...adamw, count: 4 }, [{ entry: frozen, rate: 0.5, decays: true, updatesBefore: 3 }]);
		device.endStep();
		const values = await device.readParameters({ start: frozen.offset, end: frozen.offset + 3 });
		for (const value of values) expect(value).toBeCloseTo(-0.05, 6); // by the rule's own count 0.029
	});

	test('a frozen parameter takes no gradient and no update, and opens once', () => {
		device.openParameters(layout);
		expect(() => giveOnes(device, frozen)).toThrow('frozen');
		expect(() => device.update(rule, trainedAlike([frozen]))).toThrow('frozen');
		device.openFrozen();
		expect(() => device.openFrozen()).toThrow('open');
		device.endStep();
	});

	test('a clipping norm that the gradients do not reach changes no bit', async () => {
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
});
