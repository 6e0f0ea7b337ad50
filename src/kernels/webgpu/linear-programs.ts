// A linear layer, one thread a number: relu and bias in the same pass, gradients of weights added where they lie. The
// weight is columns [start, start + inputs) of a matrix with `stride` columns, [outputs, inputs]. The back end's own
// matrix products need several dispatches for the same, and their barriers are very slow on software adapters.

import type { ProgramText } from './program';

const sizes = { inputSize: 'i32', outputSize: 'i32', stride: 'i32', start: 'i32' } as const;

/** result[n, o] = sum over i of input[n, i] * weight[o, i] + bias[o], then max(0, .) if `relu`; no bias if not `hasBias`. */
export const linearProgram: ProgramText = {
	name: 'linear',
	inputs: ['input', 'weight', 'bias'],
	uniforms: { ...sizes, relu: 'i32', hasBias: 'i32' },
	threads: 'elements',
	body: `
		let unit = index % uniforms.outputSize;
		let row = (index / uniforms.outputSize) * uniforms.inputSize;
		let line = unit * uniforms.stride + uniforms.start;
		var sum = 0.0;
		for (var i = 0; i < uniforms.inputSize; i = i + 1) { sum = sum + input[row + i] * weight[line + i]; }
		if (uniforms.hasBias == 1) { sum = sum + bias[unit]; }
		if (uniforms.relu == 1) { sum = max(sum, 0.0); }
		result[index] = sum;`,
};

/** The gradient before relu: 0 where relu gave 0. */
const passed = (place: string) => `select(gradient[${place}], 0.0, uniforms.relu == 1 && output[${place}] <= 0.0)`;

/** result[n, i] = sum over o of gradient[n, o] * weight[o, i]. */
export const linearInputGradientProgram: ProgramText = {
	name: 'linearInputGradient',
	inputs: ['gradient', 'output', 'weight'],
	uniforms: { ...sizes, relu: 'i32' },
	threads: 'elements',
	body: `
		let column = uniforms.start + index % uniforms.inputSize;
		let row = (index / uniforms.inputSize) * uniforms.outputSize;
		var sum = 0.0;
		for (var o = 0; o < uniforms.outputSize; o = o + 1) {
			sum = sum + ${passed('row + o')} * weight[o * uniforms.stride + column];
		}
		result[index] = sum;`,
};

/** result[o, i] += sum over n of gradient[n, o] * input[n, i]. */
export const linearWeightGradientProgram: ProgramText = {
	name: 'linearWeightGradient',
	inputs: ['gradient', 'output', 'input'],
	uniforms: { ...sizes, relu: 'i32', rows: 'i32' },
	threads: 'elements',
	body: `
		let unit = index / uniforms.inputSize;
		let column = index % uniforms.inputSize;
		var sum = 0.0;
		for (var n = 0; n < uniforms.rows; n = n + 1) {
			sum = sum + ${passed('n * uniforms.outputSize + unit')} * input[n * uniforms.inputSize + column];
		}
		let place = unit * uniforms.stride + uniforms.start + column;
		result[place] = result[place] + sum;`,
};

/** result[o] += sum over n of gradient[n, o]. */
export const linearBiasGradientProgram: ProgramText = {
	name: 'linearBiasGradient',
	inputs: ['gradient', 'output'],
	uniforms: { relu: 'i32', rows: 'i32' },
	threads: 'elements',
	body: `
		var sum = 0.0;
		for (var n = 0; n < uniforms.rows; n = n + 1) { sum = sum + ${passed('n * uniforms.count + index')}; }
		result[index] = result[index] + sum;`,
};
