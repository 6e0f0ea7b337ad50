// LayerNorm(input + residual), or of the input alone, and its gradients, one dispatch each way and one for the parameters. `stats`
// is [R, 2]: mean, 1 / sqrt(variance + epsilon). (Ba et al. 2016)

import type { ProgramText } from './program';
import { type RowLanes, rowProgram } from './row-reduction';

/** What is normalised, at an element of the matrices. */
const given = (hasResidual: boolean, at: string) =>
	hasResidual ? `(arena[u.input + ${at}] + arena[u.residual + ${at}])` : `arena[u.input + ${at}]`;

const named = (name: string, hasResidual: boolean) => (hasResidual ? name : `${name} alone`);

const operands = (hasResidual: boolean) => (hasResidual ? ['input', 'residual'] : ['input']);

/** out = gain * (x - mean) / deviation + bias, x = input + residual. */
export const layerNormProgram = (lanes: RowLanes, hasResidual: boolean): ProgramText =>
	rowProgram(lanes, {
		name: named('layerNorm', hasResidual),
		words: ['out', 'stats', ...operands(hasResidual), 'gain', 'bias', 'columns', 'epsilonFloat'],
		writes: ['out', 'stats'],
		body: `
	let start = row * u.columns;
	var sum = 0.0;
	for (var c = part; c < u.columns; c = c + LANES) { sum = sum + ${given(hasResidual, 'start + c')}; }
	let mean = sumOver(part, sum) / f32(u.columns);
	var squares = 0.0;
	for (var c = part; c < u.columns; c = c + LANES) {
		let centred = ${given(hasResidual, 'start + c')} - mean;
		squares = squares + centred * centred;
	}
	let scale = 1.0 / sqrt(sumOver(part, squares) / f32(u.columns) + u.epsilonFloat);
	if (part == 0) {
		arena[u.stats + 2 * row] = mean;
		arena[u.stats + 2 * row + 1] = scale;
	}
	for (var c = part; c < u.columns; c = c + LANES) {
		let normal = (${given(hasResidual, 'start + c')} - mean) * scale;
		arena[u.out + start + c] = normal * values[u.gain + c] + values[u.bias + c];
	}`,
	});

/** out = (g - mean(g) - normal * mean(g * normal)) * scale, g = gradient * gain. */
export const layerNormGradientProgram = (lanes: RowLanes, hasResidual: boolean): ProgramText =>
	rowProgram(lanes, {
		name: named('layerNormGradient', hasResidual),
		words: ['out', 'gradient', 'stats', ...operands(hasResidual), 'gain', 'columns'],
		body: `
	let start = row * u.columns;
	let mean = arena[u.stats + 2 * row];
	let scale = arena[u.stats + 2 * row + 1];
	var sum = 0.0;
	var along = 0.0;
	for (var c = part; c < u.columns; c = c + LANES) {
		let value = arena[u.gradient + start + c] * values[u.gain + c];
		sum = sum + value;
		along = along + value * ((${given(hasResidual, 'start + c')} - mean) * scale);
	}
	let meanSum = sumOver(part, sum) / f32(u.columns);
	let meanAlong = sumOver(part, along) / f32(u.columns);
	for (var c = part; c < u.columns; c = c + LANES) {
		let value = arena[u.gradient + start + c] * values[u.gain + c];
		let normal = (${given(hasResidual, 'start + c')} - mean) * scale;
		arena[u.out + start + c] = (value - meanSum - normal * meanAlong) * scale;
	}`,
	});

/** gradients[gain + c] += sum of gradient * normal, gradients[bias + c] += sum of gradient, over rows. */
export const layerNormParametersProgram = (hasResidual: boolean): ProgramText => ({
	name: named('layerNormParameters', hasResidual),
	words: ['gain', 'bias', 'gradient', 'stats', ...operands(hasResidual), 'rows', 'columns'],
	writes: [],
	adds: ['gain', 'bias'],
	threads: 'groups',
	groupSize: 256,
	declarations: 'var<workgroup> gainSums : array<f32, 256>;\nvar<workgroup> biasSums : array<f32, 256>;',
	body: `
	let column = group * 16 + lane % 16;
	let strand = lane / 16;
	var gainSum = 0.0;
	var biasSum = 0.0;
	if (column < u.columns) {
		for (var row = strand; row < u.rows; row = row + 16) {
			let c = row * u.columns + column;
			let given = arena[u.gradient + c];
			biasSum = biasSum + given;
			let centred = ${given(hasResidual, 'c')} - arena[u.stats + 2 * row];
			gainSum = gainSum + given * (centred * arena[u.stats + 2 * row + 1]);
		}
	}
	gainSums[lane] = gainSum;
	biasSums[lane] = biasSum;
	workgroupBarrier();
	if (strand == 0 && column < u.columns) {
		var gainTotal = 0.0;
		var biasTotal = 0.0;
		for (var other = 0; other < 16; other = other + 1) {
			gainTotal = gainTotal + gainSums[other * 16 + lane];
			biasTotal = biasTotal + biasSums[other * 16 + lane];
		}
		gradients[u.gain + column] = gradients[u.gain + column] + gainTotal;
		gradients[u.bias + column] = gradients[u.bias + column] + biasTotal;
	}`,
});
