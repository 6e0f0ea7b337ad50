// Linear layers whose products take large tiles, at sizes that end inside a tile on every side, beside the reference device.

import { afterAll, expect, test } from 'vitest';
import { closeFused, hasWebgpu, openFused } from '../../testing/open-webgpu';
import { tinyBatch } from '../../testing/tiny-batch';
import { RandomStream } from '../../util/random';
import { largestDifference } from '../conformance';
import type { Device } from '../operations';
import { layOutParameters } from '../parameters';
import { createReferenceDevice } from '../reference/device';
import { blockedTile } from './blocked-gemm-program';
import type { FusedDevice } from './device';

const isThere = await hasWebgpu();
afterAll(closeFused);

const [rows, inputs, outputs] = [70, 68, 132];
const layout = layOutParameters([
	{ name: 'layer.weight', shape: [outputs, inputs] },
	{ name: 'layer.bias', shape: [outputs] },
]);
const [entry, bias] = layout.entries;

/** Output, input gradient and parameter gradients of a layer with a bias and a ReLU, and of one without. */
async function linearNumbers(device: Device): Promise<Float32Array[]> {
	const random = new RandomStream(3);
	const draw = (length: number) => Float32Array.from({ length }, () => random.uniform() - 0.5);
	device.openParameters(layout);
	device.writeParameters(draw(layout.size));
	device.beginStep(tinyBatch([{ characters: 2, words: 0 }], { layout: device.rowLayout }));
	const numbers: Float32Array[] = [];
	const input = device.upload(draw(rows * inputs), rows, inputs);
	for (const relu of [true, false]) {
		const weight = { entry, columnStart: 0, columnCount: inputs };
		const call = { input, weight, bias: relu ? bias : null, relu };
		const output = device.linear(call);
		const gradient = device.upload(draw(rows * outputs), rows, outputs);
		const given = device.linearBackward(call, output, gradient, { inputs: true, parameters: true });
		numbers.push(await device.read(output));
		if (given) numbers.push(await device.read(given));
		numbers.push(await device.readGradients());
	}
	device.endStep();
	return numbers;
}

test.skipIf(!isThere)('large tiles give what the reference device gives, and small tiles the same', async () => {
	expect([rows, inputs, outputs].every((size) => size > blockedTile && size % blockedTile > 0)).toBe(true);
	const cpu = await createReferenceDevice();
	const expected = await linearNumbers(cpu);
	cpu.dispose();
	expect(expected).toHaveLength(6);
	const counts: number[] = [];
	for (const gemmForm of ['tiled', 'blocked'] as const) {
		const device = (await openFused({ gemmForm })) as FusedDevice;
		const labels = new Set<string>();
		const { engine } = device as unknown as { engine: { run(text: { name: string }, call: unknown): void } };
		const run = engine.run.bind(engine);
		engine.run = (text, call) => {
			labels.add(text.name);
			run(text, call);
		};
		const given = await linearNumbers(device);
		for (const [index, list] of given.entries()) expect(largestDifference(list, expected[index])).toBeLessThan(5e-6);
		counts.push([...labels].filter((name) => name.startsWith('gemm blocked')).length);
	}
	expect(counts).toEqual([0, 6]);
});
