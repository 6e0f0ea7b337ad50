// One update of all parameters over the flat buffers, four numbers a thread; every gradient becomes 0. Untouched rows of
// the tables decay like the others: reading and writing everything densely is one pass over memory. `mask` has one bit
// for each 16 numbers, set where they are trained. (Loshchilov and Hutter 2019; reference/trajectory)

import type { ProgramText } from './program';

const common = ['rateFloat', 'decayFloat', 'clipFloat'];

const trained = `
	let bit = index / 4;
	let gradient = clamp(gradients[index], vec4<f32>(-u.clipFloat), vec4<f32>(u.clipFloat));
	gradients[index] = vec4<f32>(0.0);
	if (((u32(mask[bit / 32]) >> u32(bit % 32)) & 1u) == 0u) { return; }
	let value = values[index];`;

/** m = momentum * m + (g + decay * p); p = p - rate * m. */
export const sgdProgram: ProgramText = {
	name: 'sgd',
	words: [...common, 'momentumFloat'],
	threads: 'elements',
	isVector: true,
	body: `${trained}
	let moved = u.momentumFloat * first[index] + (gradient + u.decayFloat * value);
	first[index] = moved;
	values[index] = value - u.rateFloat * moved;`,
};

/** p = p - rate * (m / c1 / (sqrt(v / c2) + epsilon) + decay * p). */
export const adamwProgram: ProgramText = {
	name: 'adamw',
	words: [
		...common,
		'beta1Float',
		'rest1Float',
		'beta2Float',
		'rest2Float',
		'scale1Float',
		'scale2Float',
		'epsilonFloat',
	],
	threads: 'elements',
	isVector: true,
	body: `${trained}
	let mean = u.beta1Float * first[index] + u.rest1Float * gradient;
	let square = u.beta2Float * second[index] + u.rest2Float * (gradient * gradient);
	first[index] = mean;
	second[index] = square;
	let step = (mean / u.scale1Float) / (sqrt(square / u.scale2Float) + u.epsilonFloat);
	values[index] = value - u.rateFloat * (step + u.decayFloat * value);`,
};

/** The mask for the trained entries of a layout of so many numbers. */
export function trainedMask(size: number, trained: readonly { offset: number; size: number }[]): Int32Array {
	const blocks = Math.ceil(size / 16);
	const mask = new Int32Array(Math.ceil(blocks / 32));
	for (const entry of trained)
		for (let block = entry.offset / 16; block < (entry.offset + entry.size) / 16; block++)
			mask[block >> 5] |= 1 << (block & 31);
	return mask;
}
