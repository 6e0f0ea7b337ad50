// The traps of TensorFlow.js' WebGPU back end, each closed: errors are heard, nothing stale is read, nothing is left over,
// nothing is computed on the processor behind our back. That operations are right shows composed-numbers.test.ts.

import { readdirSync, readFileSync } from 'node:fs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import { openComposed } from '../../testing/open-webgpu';
import { dropThreshold, elementBits, rowBits } from '../../util/counter-random';
import { RandomStream } from '../../util/random';
import { largestDifference } from '../conformance';
import type { Device } from '../operations';
import { layOutParameters, trainedAlike } from '../parameters';

const opened = await openComposed();
const device = opened as Device;
const backend = () => tf.backend() as WebGPUBackend;
const random = new RandomStream(9);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
const layout = layOutParameters([
	{ name: 'table', shape: [200, 20] },
	{ name: 'weight', shape: [20, 20] },
]);
const [table, weight] = layout.entries;
const batch = arrangeBatch(
	[9, 4].map((length) => ({
		characterRows: new Int32Array(length),
		bigramRows: new Int32Array(length),
		wordRows: Int32Array.of(1),
		wordStart: Int32Array.of(0),
		wordLast: Int32Array.of(1),
		tags: new Int32Array(length),
	})),
	[0, 1],
	{ layout: 'padded', distanceKind: 'pair' },
);

afterEach(() => opened?.endStep());
afterAll(() => opened?.dispose());

const invalidProgram: WebGPUProgram = {
	variableNames: [],
	outputShape: [1],
	workgroupSize: [64, 1, 1],
	dispatch: [1, 1, 1],
	dispatchLayout: { x: [0] },
	shaderKey: 'testBroken',
	getUserCode: () => 'fn main(index : i32) { result[index] = nothing; }',
};

const isSource = (file: string) => file.endsWith('.ts') && !file.endsWith('.test.ts');

describe.skipIf(!opened)('the reference device on webgpu', () => {
	test('names its adapter', () => {
		expect(device.info.name).toBe('webgpu');
		expect(device.info.label).toMatch(/^WebGPU, \w+/);
	});

	test('nothing in the kernels reads a tensor synchronously', () => {
		for (const folder of ['.', '../webgpu'])
			for (const name of readdirSync(`${import.meta.dirname}/${folder}`).filter(isSource))
				expect(readFileSync(`${import.meta.dirname}/${folder}/${name}`, 'utf8'), name).not.toMatch(
					/\.(dataSync|arraySync|readSync|bufferSync)\(/,
				);
	});

	test('small tensors are computed on the GPU too', async () => {
		expect(tf.env().getBool('WEBGPU_CPU_FORWARD')).toBe(false);
		const sum = device.add(device.upload(Float32Array.of(1), 1, 1), device.upload(Float32Array.of(2), 1, 1));
		const { tensor } = sum as unknown as { tensor: tf.Tensor };
		expect(backend().tensorMap.get(tensor.dataId).resource).toBeInstanceOf(GPUBuffer);
		expect(await device.read(sum)).toEqual(Float32Array.of(3));
	});

	test('a parameter that was read and then updated in place is read again', async () => {
		device.openParameters(layout);
		device.writeParameters(new Float32Array(layout.size).fill(1));
		expect((await device.readParameters())[weight.offset]).toBe(1);
		const gradient = device.upload(new Float32Array(400).fill(1), 1, 400);
		device.addVectorBackward(weight, gradient);
		expect((await device.readGradients())[weight.offset]).toBe(1);
		const rule = { kind: 'sgd', learningRate: 0.5, momentum: 0.9, weightDecay: 0, clipNorm: 0, clipValue: 5 } as const;
		device.update(rule, trainedAlike([weight]));
		expect((await device.readParameters())[weight.offset]).toBe(0.5);
		expect((await device.readParameters())[table.offset]).toBe(1);
		expect((await device.readGradients()).every((value) => value === 0)).toBe(true);
		device.addVectorBackward(weight, gradient);
		expect((await device.readGradients())[weight.offset]).toBe(1);
	});

	test('new parameters have no gradients of earlier ones', async () => {
		device.openParameters(layout);
		device.beginStep(batch);
		device.addVectorBackward(weight, device.upload(draw(3 * 400), 3, 400));
		device.endStep();
		device.openParameters(layOutParameters([{ name: 'other', shape: [4] }]));
		device.zeroGradients();
		expect([...(await device.readGradients()).subarray(0, 4)]).toEqual([0, 0, 0, 0]);
	});

	test('the gradient of an embedding table is the same within rounding every time', async () => {
		const ids = Int32Array.from({ length: 3000 }, () => random.below(40));
		const gradient = draw(3000 * 20);
		const runs: Float32Array[] = [];
		for (let round = 0; round < 3; round++) {
			device.openParameters(layout);
			device.embeddingRowsBackward(table, device.uploadIndices(ids), device.upload(gradient, 3000, 20));
			runs.push(await device.readGradients());
			device.endStep();
		}
		expect(runs[0].some((value) => value !== 0)).toBe(true);
		expect(largestDifference(runs[1], runs[0])).toBeLessThan(1e-5);
		expect(largestDifference(runs[2], runs[0])).toBeLessThan(1e-5);
	});

	test('dropout draws the bits of the host', async () => {
		const rowKeys = Int32Array.of(0, 65537, -1, 65536 * 39 + 160);
		const dropout = { rate: 0.5, key: 0xfedcba98, rowKeys: device.uploadIndices(rowKeys) };
		const values = await device.read(device.dropout(device.upload(new Float32Array(800).fill(1), 4, 200), dropout));
		const threshold = dropThreshold(0.5);
		const expected = values.map((_, index) => {
			const bits = elementBits(rowBits(dropout.key, rowKeys[Math.floor(index / 200)]), index % 200);
			return bits < threshold ? 0 : 2;
		});
		expect(values).toEqual(expected);
	});

	test('fifty steps leave no tensor and no GPU memory behind', async () => {
		device.openParameters(layout);
		device.writeParameters(draw(layout.size));
		const keys = batch.rowKey;
		const ids = Int32Array.from({ length: batch.rowCount }, (_, row) => (row % 5) - 1);
		const step = async () => {
			device.beginStep(batch);
			const indices = device.uploadIndices(ids);
			const input = device.embeddingRows(table, indices);
			const call = {
				input,
				weight: { entry: weight, columnStart: 0, columnCount: 20 },
				bias: null,
				relu: true,
			};
			const hidden = device.linear(call);
			const dropped = device.dropout(hidden, { rate: 0.2, key: 5, rowKeys: device.uploadIndices(keys) });
			const tuples = device.zeros(batch.distances.count, 20);
			const scores = device.relativeScores(dropped, dropped, dropped, tuples, 2);
			const probabilities = device.maskedSoftmax(scores);
			const mixed = device.weightedValues(probabilities, dropped);
			const { value } = device.weightedValuesBackward(probabilities, dropped, mixed);
			const gradient = device.linearBackward(call, hidden, value, { inputs: true, parameters: true });
			device.embeddingRowsBackward(table, indices, gradient!);
			const rule = {
				kind: 'sgd',
				learningRate: 1e-4,
				momentum: 0.9,
				weightDecay: 0.01,
				clipNorm: 0,
				clipValue: 5,
			} as const;
			device.update(rule, trainedAlike(layout.entries));
			const loss = device.sliceRows(mixed, 0, 1);
			await device.read(loss);
			device.endStep();
			const { numBytesInGPU, numBytesAllocatedInGPU } = backend().memory();
			return { ...device.memory(), numBytesInGPU, numBytesAllocatedInGPU };
		};
		await step();
		const afterTwo = await step();
		for (let round = 2; round < 49; round++) await step();
		expect(await step()).toEqual(afterTwo);
		expect(device.failure()).toBeNull();
	});
});

describe.skipIf(!opened)('a failing GPU', () => {
	test('an invalid program fails the device at the next read, and a new device works', async () => {
		opened?.dispose();
		const broken = (await openComposed()) as Device;
		const matrix = broken.upload(Float32Array.of(1), 1, 1);
		backend().runWebGPUProgram(invalidProgram, [], 'float32');
		await expect(broken.read(broken.add(matrix, matrix))).rejects.toThrow('the GPU reported an error');
		expect(broken.failure()?.message).toContain('GPU');
		broken.dispose();
		const fresh = (await openComposed()) as Device;
		expect(await fresh.read(fresh.zeros(1, 2))).toEqual(new Float32Array(2));
		expect(fresh.failure()).toBeNull();
		fresh.dispose();
	});

	test('a lost GPU fails the device and rejects reads', async () => {
		const lost = (await openComposed()) as Device;
		const matrix = lost.zeros(2, 2);
		const { device: gpu } = backend();
		gpu.destroy();
		await expect(lost.read(matrix)).rejects.toThrow('GPU');
		await gpu.lost;
		expect(lost.failure()).not.toBeNull();
		lost.dispose();
	});
});
