// The position fusions on the wasm device: sums of table rows by distance tuple, softmax over groups of columns, and mixtures
// of rows by weights, each forward beside its backward step. Letters: P distance tuples.

import { invariant } from '../../util/errors';
import type { Indices, Matrix } from '../operations';
import { mustHaveShape, own, ownIndices } from './heap-values';
import type { Workspace } from './workspace';

const floatBytes = 4;

export function distanceRows(
	space: Workspace,
	tables: readonly Matrix[],
	indices: readonly Indices[],
	relu: boolean,
): Matrix {
	const count = indices[0].length;
	const { columns } = tables[0];
	const out = space.matrix(count, columns); // [P, columns]
	tables.forEach((table, t) => {
		const list = distanceIndices(indices[t], count, table.rows);
		mustHaveShape(table, table.rows, columns);
		const isLast = t === tables.length - 1;
		const { pointer } = own(table);
		space.shareRows(out, (kernels, offset, rows, start) => {
			const target = out.pointer + offset;
			kernels.distanceRows(rows, columns, pointer, list + start * floatBytes, t === 0, relu && isLast, target);
		});
	});
	return out;
}

export function distanceRowsBackward(
	space: Workspace,
	tables: readonly Matrix[],
	indices: readonly Indices[],
	relu: boolean,
	output: Matrix,
	outputGradient: Matrix,
): Matrix[] {
	const count = indices[0].length;
	mustHaveShape(outputGradient, count, output.columns);
	const mask = relu ? own(output).pointer : 0;
	const gradient = own(outputGradient).pointer;
	return tables.map((table, t) => {
		const out = space.zeros(table.rows, table.columns);
		const list = distanceIndices(indices[t], count, table.rows);
		space.kernels.distanceRowsBackward(count, table.columns, out.pointer, list, mask, gradient);
		return out;
	});
}

export function softmaxGroups(space: Workspace, matrix: Matrix, groups: number): Matrix {
	invariant(matrix.columns % groups === 0, `${matrix.columns} columns do not divide into ${groups} groups`);
	const { rows, columns, pointer } = own(matrix);
	const out = space.matrix(rows, columns);
	space.kernels.softmaxGroups(rows, groups, columns / groups, pointer, out.pointer);
	return out;
}

export function softmaxGroupsBackward(
	space: Workspace,
	output: Matrix,
	groups: number,
	outputGradient: Matrix,
): Matrix {
	const { rows, columns, pointer } = own(output);
	mustHaveShape(outputGradient, rows, columns);
	const out = space.matrix(rows, columns);
	const pointers = [pointer, own(outputGradient).pointer, out.pointer] as const;
	space.kernels.softmaxGroupsBackward(rows, groups, columns / groups, ...pointers);
	return out;
}

export function mixRows(space: Workspace, values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
	const { columns, pointer } = own(values);
	const { count, width, isVector } = mixture(values, indices, weights);
	const out = space.zeros(count, columns); // [P, columns]
	indices.forEach((each, t) => {
		const list = distanceIndices(each, count, values.rows);
		const part = own(weights).pointer + t * width * floatBytes;
		space.kernels.mixRows(count, columns, pointer, list, part, weights.columns, isVector, out.pointer);
	});
	return out;
}

export function mixRowsBackward(
	space: Workspace,
	values: Matrix,
	indices: readonly Indices[],
	weights: Matrix,
	outputGradient: Matrix,
): { values: Matrix; weights: Matrix } {
	const { columns, pointer } = own(values);
	const { count, width, isVector } = mixture(values, indices, weights);
	mustHaveShape(outputGradient, count, columns);
	const out = {
		values: space.zeros(values.rows, columns),
		weights: space.matrix(weights.rows, weights.columns),
	};
	indices.forEach((each, t) => {
		const list = distanceIndices(each, count, values.rows);
		const offset = t * width * floatBytes;
		space.kernels.mixRowsBackward(
			...([count, columns, pointer, list, own(weights).pointer + offset, weights.columns, isVector] as const),
			...([own(outputGradient).pointer, out.values.pointer, out.weights.pointer + offset] as const),
		);
	});
	return out;
}

function distanceIndices(indices: Indices, count: number, rows: number): number {
	const list = ownIndices(indices);
	invariant(list.length === count, `${list.length} indices for ${count} rows`);
	list.mustBeWithin(0, rows);
	return list.pointer;
}

/** Checks a mixture's sizes; `width` is w of `mixRows`. */
function mixture(values: Matrix, indices: readonly Indices[], weights: Matrix) {
	const count = indices[0].length;
	const width = weights.columns / indices.length;
	invariant(width === 1 || width === values.columns, `weights of width ${width} for ${values.columns} columns`);
	mustHaveShape(weights, count, weights.columns);
	return { count, width, isVector: width > 1 };
}
