import { afterEach, describe, expect, test } from 'vitest';
import { drawNumbers, firstDifference } from '../../testing/numeric-gradient';
import { openWasmBuilds } from '../../testing/wasm-builds';
import type { UpdateRule } from '../operations';
import { layOutParameters, type ParameterEntry, trainedAlike } from '../parameters';
import type { WasmDevice } from './device';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});
const layout = layOutParameters([
	{ name: 'first', shape: [3, 7] },
	{ name: 'frozen', shape: [5] },
	{ name: 'last', shape: [18] },
]);
const [first, frozen, last] = layout.entries;
const inParameters = drawNumbers(1, layout.size).map((value, index) =>
	layout.entries.some(({ offset, size }) => index >= offset && index < offset + size) ? value : 0,
);

/** Puts a gradient on the device: the column sums of one row are the row itself. */
function setGradients(device: WasmDevice, entry: ParameterEntry, values: Float32Array): void {
	device.addVectorBackward(entry, device.upload(values, 1, entry.size));
}

function gradientsOf(step: number): Map<ParameterEntry, Float32Array> {
	return new Map(layout.entries.map((entry, index) => [entry, drawNumbers(step * 10 + index, entry.size, 3)]));
}

/** Three updates of two of the three parameters. */
async function updateThrice(device: WasmDevice, ruleOf: (count: number) => UpdateRule): Promise<Float32Array> {
	device.openParameters(layout);
	device.writeParameters(inParameters);
	for (const count of [1, 2, 3]) {
		for (const [entry, values] of gradientsOf(count)) setGradients(device, entry, values);
		device.update(ruleOf(count), trainedAlike([first, last]));
		expect(new Set(await device.readGradients())).toEqual(new Set([0]));
		device.endStep();
	}
	return device.readParameters();
}

/** The same in float64, by a function of one parameter, its gradient and its memory. */
function oracle(rule: (count: number) => (p: number, g: number, memory: { m: number; v: number }) => number): number[] {
	const values = Array.from(inParameters);
	for (const entry of [first, last]) {
		for (let i = 0; i < entry.size; i++) {
			const memory = { m: 0, v: 0 };
			for (const count of [1, 2, 3]) {
				const gradient = gradientsOf(count).get(entry)![i];
				const index = entry.offset + i;
				values[index] = rule(count)(values[index], gradient, memory);
			}
		}
	}
	return values;
}

const clip = (value: number, limit: number) => (limit > 0 ? Math.max(-limit, Math.min(limit, value)) : value);

describe.each(devices)('%s', (_, device) => {
	test.each([0, 1.5])('sgd clips by value (%f), then decays, then adds to the momentum', async (clipValue) => {
		const rule = { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.05, clipNorm: 0, clipValue } as const;
		const actual = await updateThrice(device, () => rule);
		const expected = oracle(() => (p, g, memory) => {
			memory.m = 0.9 * memory.m + clip(g, clipValue) + 0.05 * p;
			return p - 0.1 * memory.m;
		});
		expect(firstDifference(actual, expected, 1e-6)).toBe(null);
	});

	test('adamw corrects its bias and decays apart from the gradient', async () => {
		const fixed = {
			kind: 'adamw',
			learningRate: 0.01,
			beta1: 0.9,
			beta2: 0.999,
			epsilon: 1e-8,
			weightDecay: 0.1,
		} as const;
		const actual = await updateThrice(device, (count) => ({ ...fixed, clipNorm: 0, clipValue: 2, count }));
		const expected = oracle((count) => (p, gradient, memory) => {
			const g = clip(gradient, 2);
			memory.m = 0.9 * memory.m + 0.1 * g;
			memory.v = 0.999 * memory.v + 0.001 * g * g;
			const step = memory.m / (1 - 0.9 ** count) / (Math.sqrt(memory.v / (1 - 0.999 ** count)) + 1e-8);
			return p - 0.01 * (step + 0.1 * p);
		});
		expect(firstDifference(actual, expected, 1e-6)).toBe(null);
	});

	test('parameters that are not trained keep their bits and their momentum', async () => {
		const rule = {
			kind: 'sgd',
			learningRate: 0.1,
			momentum: 0.9,
			weightDecay: 0.05,
			clipNorm: 0,
			clipValue: 5,
		} as const;
		const values = await updateThrice(device, () => rule);
		const part = (array: Float32Array) => array.slice(frozen.offset, frozen.offset + frozen.size);
		expect(part(values)).toEqual(part(inParameters));
		expect(part((await device.readOptimizerState()).first)).toEqual(new Float32Array(frozen.size));
	});

	test('the optimiser state goes out and in again', async () => {
		const rule = {
			kind: 'adamw',
			learningRate: 0.01,
			beta1: 0.9,
			beta2: 0.99,
			epsilon: 1e-8,
			weightDecay: 0.1,
			clipNorm: 0,
			clipValue: 0,
		} as const;
		await updateThrice(device, (count) => ({ ...rule, count }));
		const [values, state] = [await device.readParameters(), await device.readOptimizerState()];
		const next = async () => {
			setGradients(device, first, drawNumbers(99, first.size));
			device.update({ ...rule, count: 4 }, trainedAlike([first]));
			return device.readParameters();
		};
		const expected = await next();
		device.openParameters(layout);
		expect((await device.readOptimizerState()).second).toBe(null);
		device.writeParameters(values);
		device.writeOptimizerState(state);
		expect(await next()).toEqual(expected);
		device.endStep();
	});

	test('a gradient that is not a number stays visible in the parameter', async () => {
		device.openParameters(layout);
		setGradients(device, last, new Float32Array(last.size).fill(Number.NaN));
		device.update(
			{ kind: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0, clipNorm: 0, clipValue: 5 },
			trainedAlike([last]),
		);
		const values = await device.readParameters();
		expect(values.subarray(last.offset, last.offset + last.size).every(Number.isNaN)).toBe(true);
		device.endStep();
	});
});
