// Programs that change parameters, gradients and the optimiser's memory where they lie; see Device.update.

import type { ProgramText } from './program';

/** result += gradient */
export const accumulateProgram: ProgramText = {
	name: 'accumulate',
	inputs: ['gradient'],
	uniforms: {},
	threads: 'elements',
	body: 'result[index] = result[index] + gradient[index];',
};

/** result += weight * sum over rows of parts; parts are [rows, size of result]. */
export const accumulateRowsProgram: ProgramText = {
	name: 'accumulateRows',
	inputs: ['parts'],
	uniforms: { rows: 'i32', weight: 'f32' },
	threads: 'elements',
	body: `
		var sum = 0.0;
		for (var row = 0; row < uniforms.rows; row = row + 1) { sum = sum + parts[row * uniforms.count + index]; }
		result[index] = result[index] + uniforms.weight * sum;`,
};

export const clearProgram: ProgramText = {
	name: 'clear',
	inputs: [],
	uniforms: {},
	threads: 'elements',
	body: 'result[index] = 0.0;',
};

const clipped = 'clamp(gradient[index], -uniforms.clip, uniforms.clip)';

/** momentum = rate * momentum + clipped gradient + decay * value */
export const sgdMomentumProgram: ProgramText = {
	name: 'sgdMomentum',
	inputs: ['gradient', 'value'],
	uniforms: { clip: 'f32', momentum: 'f32', decay: 'f32' },
	threads: 'elements',
	body: `result[index] = uniforms.momentum * result[index] + (${clipped} + uniforms.decay * value[index]);`,
};

/** value -= rate * momentum */
export const sgdValueProgram: ProgramText = {
	name: 'sgdValue',
	inputs: ['momentum'],
	uniforms: { rate: 'f32' },
	threads: 'elements',
	body: 'result[index] = result[index] - uniforms.rate * momentum[index];',
};

/** first = beta * first + (1 - beta) * clipped gradient */
export const adamFirstProgram: ProgramText = {
	name: 'adamFirst',
	inputs: ['gradient'],
	uniforms: { clip: 'f32', beta: 'f32', rest: 'f32' },
	threads: 'elements',
	body: `result[index] = uniforms.beta * result[index] + uniforms.rest * ${clipped};`,
};

/** second = beta * second + (1 - beta) * clipped gradient squared */
export const adamSecondProgram: ProgramText = {
	name: 'adamSecond',
	inputs: ['gradient'],
	uniforms: { clip: 'f32', beta: 'f32', rest: 'f32' },
	threads: 'elements',
	body: `
		let clipped = ${clipped};
		result[index] = uniforms.beta * result[index] + uniforms.rest * clipped * clipped;`,
};

/** value -= rate * (first / firstScale / (sqrt(second / secondScale) + epsilon) + decay * value) */
export const adamValueProgram: ProgramText = {
	name: 'adamValue',
	inputs: ['first', 'second'],
	uniforms: { rate: 'f32', decay: 'f32', epsilon: 'f32', firstScale: 'f32', secondScale: 'f32' },
	threads: 'elements',
	body: `
		let deviation = sqrt(second[index] / uniforms.secondScale) + uniforms.epsilon;
		let direction = first[index] / uniforms.firstScale / deviation;
		result[index] = result[index] - uniforms.rate * (direction + uniforms.decay * result[index]);`,
};
