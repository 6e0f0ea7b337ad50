// Dense layers on the wasm device but products (products.ts): adding a vector, LayerNorm over a sum, dropout; rows are shared
// between threads. Letters: R rows, H width.

import { dropThreshold } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type { Dropout, LayerNormCall, Matrix, Saved, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import { mustHaveShape, own, ownIndices, type WasmMatrix } from './heap-values';
import type { Workspace } from './workspace';

const floatBytes = 4;

/** What LayerNorm keeps. */
interface Normalized {
	normalized: WasmMatrix; // [R, H]
	inverseDeviation: WasmMatrix; // [1, R]
}

export function add(space: Workspace, left: Matrix, right: Matrix): Matrix {
	mustHaveShape(right, left.rows, left.columns);
	const out = space.matrix(left.rows, left.columns);
	const [a, b] = [own(left).pointer, own(right).pointer];
	space.shareRows(out, (kernels, offset, rows) =>
		kernels.add(rows * out.columns, a + offset, b + offset, out.pointer + offset),
	);
	return out;
}

export function addVector(space: Workspace, matrix: Matrix, vector: ParameterEntry): Matrix {
	invariant(vector.size === matrix.columns, `${vector.name} has ${vector.size} numbers for ${matrix.columns} columns`);
	const out = space.matrix(matrix.rows, matrix.columns);
	const [source, value] = [own(matrix).pointer, space.value(vector)];
	space.shareRows(out, (kernels, offset, rows) =>
		kernels.addVector(rows, out.columns, source + offset, value, false, out.pointer + offset),
	);
	return out;
}

export function addVectorBackward(space: Workspace, vector: ParameterEntry, outputGradient: Matrix): void {
	mustHaveShape(outputGradient, outputGradient.rows, vector.size);
	const { rows, columns, pointer } = own(outputGradient);
	space.kernels.addColumnSums(rows, columns, pointer, space.gradient(vector));
}

/** Inside the root of the lattice encoder's LayerNorm. */
const latticeEpsilon = 1e-5;

export function residualLayerNorm(
	space: Workspace,
	{ input, residual, gain, bias }: LayerNormCall,
	epsilon = latticeEpsilon,
): { output: Matrix; saved: Saved } {
	const { rows, columns } = input;
	mustHaveShape(residual, rows, columns);
	invariant(gain.size === columns && bias.size === columns, `${gain.name} does not fit ${columns} columns`);
	const output = space.matrix(rows, columns);
	const saved: Normalized = { normalized: space.matrix(rows, columns), inverseDeviation: space.matrix(1, rows) };
	const parameters = [space.value(gain), space.value(bias)] as const;
	space.shareRows(output, (kernels, offset, count, start) => {
		const deviations = saved.inverseDeviation.pointer + start * floatBytes;
		kernels.layerNorm(
			...([count, columns, own(input).pointer + offset, own(residual).pointer + offset, ...parameters] as const),
			epsilon,
			...([saved.normalized.pointer + offset, deviations, output.pointer + offset] as const),
		);
	});
	return { output, saved };
}

export function residualLayerNormBackward(
	space: Workspace,
	call: Pick<LayerNormCall, 'gain' | 'bias'>,
	saved: Saved,
	outputGradient: Matrix,
	wanted: Wanted,
): Matrix | null {
	const { normalized, inverseDeviation } = saved as Normalized;
	const { rows, columns } = normalized;
	mustHaveShape(outputGradient, rows, columns);
	const gradient = own(outputGradient).pointer;
	if (wanted.parameters) {
		const targets = [space.gradient(call.gain), space.gradient(call.bias)] as const;
		space.kernels.layerNormParameters(rows, columns, normalized.pointer, gradient, ...targets);
	}
	if (!wanted.inputs) return null;
	const out = space.matrix(rows, columns);
	const gain = space.value(call.gain);
	space.shareRows(out, (kernels, offset, count, start) =>
		kernels.layerNormBackward(
			...([count, columns, normalized.pointer + offset, inverseDeviation.pointer + start * floatBytes] as const),
			...([gain, gradient + offset, out.pointer + offset] as const),
		),
	);
	return out;
}

export function dropout(space: Workspace, matrix: Matrix, { rate, key, rowKeys }: Dropout): Matrix {
	invariant(rate >= 0 && rate < 1, `drop rate ${rate}`);
	invariant(rowKeys.length === matrix.rows, `${rowKeys.length} row keys for ${matrix.rows} rows`);
	const { rows, columns, pointer } = own(matrix);
	const out = space.matrix(rows, columns);
	const keys = ownIndices(rowKeys).pointer;
	space.shareRows(out, (kernels, offset, count, start) =>
		kernels.dropout(
			...([count, columns, pointer + offset, keys + start * floatBytes] as const),
			...([key, dropThreshold(rate), 1 / (1 - rate), out.pointer + offset] as const),
		),
	);
	return out;
}
