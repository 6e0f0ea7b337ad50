// LayerNorm(input + residual) and its gradients, without barriers: one thread a row for the row's two numbers, then one
// thread an element. `stats` is [n, 2]: mean, 1 / sqrt(variance + epsilon).

import type { ProgramText } from './program';

const normal = '(input[index] + residual[index] - stats[2 * row]) * stats[2 * row + 1]';

export const layerNormStatsProgram: ProgramText = {
	name: 'layerNormStats',
	inputs: ['input', 'residual'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let start = index * uniforms.columns;
		var sum = 0.0;
		for (var c = start; c < start + uniforms.columns; c = c + 1) { sum = sum + (input[c] + residual[c]); }
		let mean = sum / f32(uniforms.columns);
		var squares = 0.0;
		for (var c = start; c < start + uniforms.columns; c = c + 1) {
			let centred = input[c] + residual[c] - mean;
			squares = squares + centred * centred;
		}
		result[2 * index] = mean;
		result[2 * index + 1] = 1.0 / sqrt(squares / f32(uniforms.columns) + 1e-5);`,
};

/** gain * normal + bias */
export const layerNormProgram: ProgramText = {
	name: 'layerNorm',
	inputs: ['input', 'residual', 'stats', 'gain', 'bias'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let row = index / uniforms.columns;
		let column = index % uniforms.columns;
		result[index] = ${normal} * gain[column] + bias[column];`,
};

/** Means over a row of the gradient with respect to normal, and of that times normal. [n, 2] */
export const layerNormMeansProgram: ProgramText = {
	name: 'layerNormMeans',
	inputs: ['gradient', 'gain', 'input', 'residual', 'stats'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let row = index;
		let start = row * uniforms.columns;
		var sum = 0.0;
		var along = 0.0;
		for (var c = 0; c < uniforms.columns; c = c + 1) {
			let value = gradient[start + c] * gain[c];
			sum = sum + value;
			along = along + value * ((input[start + c] + residual[start + c] - stats[2 * row]) * stats[2 * row + 1]);
		}
		result[2 * row] = sum / f32(uniforms.columns);
		result[2 * row + 1] = along / f32(uniforms.columns);`,
};

/** Gradient with respect to input + residual. */
export const layerNormInputGradientProgram: ProgramText = {
	name: 'layerNormInputGradient',
	inputs: ['gradient', 'gain', 'input', 'residual', 'stats', 'means'],
	uniforms: { columns: 'i32' },
	threads: 'elements',
	body: `
		let row = index / uniforms.columns;
		let value = gradient[index] * gain[index % uniforms.columns];
		result[index] = (value - means[2 * row] - ${normal} * means[2 * row + 1]) * stats[2 * row + 1];`,
};

/** result[c] += sum over rows of gradient * normal. */
export const layerNormGainGradientProgram: ProgramText = {
	name: 'layerNormGainGradient',
	inputs: ['gradient', 'input', 'residual', 'stats'],
	uniforms: { rows: 'i32' },
	threads: 'elements',
	body: `
		var sum = 0.0;
		for (var row = 0; row < uniforms.rows; row = row + 1) {
			let c = row * uniforms.count + index;
			sum = sum + gradient[c] * ((input[c] + residual[c] - stats[2 * row]) * stats[2 * row + 1]);
		}
		result[index] = result[index] + sum;`,
};
