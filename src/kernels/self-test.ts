// A few numbers by which a device shows that it computes at all: a linear layer, a softmax, their gradients and an
// update, held against the same in double precision. Some drivers return wrong numbers without any error.

import type { Device } from './operations';
import { findParameter, layOutParameters, trainedAlike } from './parameters';

const input = [1, 2, 3, -1, 0.5, 0.25]; // [3, 2]
const weight = [0.5, -1, 1, 0.25]; // [2, 2]
const bias = [0.1, -0.2];
const outputGradient = [1, 0, 0, 2, -1, 0.5]; // [3, 2]
const learningRate = 0.5;

/** Null when the device's numbers are right, else what is wrong. Leaves the device without parameters of its own. */
export async function selfTest(device: Device): Promise<string | null> {
	const layout = layOutParameters([
		{ name: 'weight', shape: [2, 2] },
		{ name: 'bias', shape: [2] },
	]);
	const entries = { weight: findParameter(layout, 'weight'), bias: findParameter(layout, 'bias') };
	const start = new Float32Array(layout.size);
	start.set(weight, entries.weight.offset);
	start.set(bias, entries.bias.offset);
	device.openParameters(layout);
	device.writeParameters(start);
	const call = {
		input: device.upload(Float32Array.from(input), 3, 2),
		weight: { entry: entries.weight, columnStart: 0, columnCount: 2 },
		bias: entries.bias,
		relu: false,
	};
	const logits = device.linear(call);
	const probabilities = device.softmaxGroups(logits, 2);
	const gradient = device.upload(Float32Array.from(outputGradient), 3, 2);
	const logitsGradient = device.softmaxGroupsBackward(probabilities, 2, gradient);
	const inputGradient = device.linearBackward(call, logits, logitsGradient, { inputs: true, parameters: true });
	const rule = { kind: 'sgd', learningRate, momentum: 0.9, weightDecay: 0.1, clipNorm: 0, clipValue: 5 } as const;
	device.update(rule, trainedAlike([entries.weight, entries.bias]));
	const given = {
		softmax: await device.read(probabilities),
		gradient: inputGradient === null ? new Float32Array(0) : await device.read(inputGradient),
		update: await device.readParameters(),
	};
	device.endStep();
	const expected = expectedNumbers();
	const updated = new Float32Array(layout.size);
	updated.set(expected.weight, entries.weight.offset);
	updated.set(expected.bias, entries.bias.offset);
	return (
		differenceBetween('softmax', given.softmax, expected.softmax) ??
		differenceBetween('gradient', given.gradient, expected.gradient) ??
		differenceBetween('update', given.update, updated) ??
		device.failure()?.message ??
		null
	);
}

/** The same computation on the host, in double precision. */
function expectedNumbers() {
	const softmax: number[] = [];
	const gradient: number[] = [];
	const weightGradient = [0, 0, 0, 0];
	const biasGradient = [0, 0];
	for (let row = 0; row < 3; row++) {
		const [first, second] = [input[row * 2], input[row * 2 + 1]];
		const left = first * weight[0] + second * weight[1] + bias[0];
		const right = first * weight[2] + second * weight[3] + bias[1];
		const share = 1 / (1 + Math.exp(right - left));
		softmax.push(share, 1 - share);
		const slope = share * (1 - share) * (outputGradient[row * 2] - outputGradient[row * 2 + 1]);
		gradient.push(slope * (weight[0] - weight[2]), slope * (weight[1] - weight[3]));
		[first, second].forEach((value, column) => {
			weightGradient[column] += slope * value;
			weightGradient[2 + column] -= slope * value;
		});
		biasGradient[0] += slope;
		biasGradient[1] -= slope;
	}
	const moved = (values: number[], gradients: number[]) =>
		values.map((value, index) => value - learningRate * (gradients[index] + 0.1 * value));
	return { softmax, gradient, weight: moved(weight, weightGradient), bias: moved(bias, biasGradient) };
}

function differenceBetween(name: string, given: ArrayLike<number>, expected: ArrayLike<number>): string | null {
	if (given.length !== expected.length) return `${name}: ${given.length} numbers instead of ${expected.length}`;
	for (let index = 0; index < expected.length; index++)
		if (!(Math.abs(given[index] - expected[index]) <= 1e-4))
			return `${name}: ${given[index]} instead of ${expected[index]}`;
	return null;
}
