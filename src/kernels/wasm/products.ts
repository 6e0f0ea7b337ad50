// Matrix products and linear layers on the wasm device. A large product is cut between threads along the longer side of
// its result, at the borders of the kernel's tiles.

import { invariant } from '../../util/errors';
import type { LinearCall, Wanted, Weight } from '../operations';
import { mustHaveShape, own, type WasmMatrix } from './heap-values';
import type { Workspace } from './workspace';

const floatBytes = 4;
/** Rows and columns that the tiles of both builds divide. */
const [rowUnit, columnUnit] = [12, 8];

/** A matrix at any strides, in floats. */
type Strided = readonly [pointer: number, rowStride: number, columnStride: number];

export interface Product {
	rows: number;
	columns: number;
	depth: number;
	/** [rows, depth], [depth, columns], [rows, columns]; the last one's columns are side by side. */
	left: Strided;
	right: Strided;
	out: readonly [pointer: number, rowStride: number];
	/** Whether the product is added to `out`. */
	accumulate: boolean;
}

export function multiply(space: Pick<Workspace, 'share'>, product: Product): void {
	const { rows, columns, depth, accumulate } = product;
	const [left, leftRow, leftDepth] = product.left;
	const [right, rightDepth, rightColumn] = product.right;
	const [out, outRow] = product.out;
	const byRows = rows >= columns;
	const unit = byRows ? rowUnit : columnUnit;
	const size = byRows ? rows : columns;
	space.share(Math.ceil(size / unit), rows * columns * depth, (kernels, start, end) => {
		const first = start * unit;
		const count = Math.min(size, end * unit) - first;
		kernels.gemm(
			...([byRows ? count : rows, byRows ? columns : count, depth] as const),
			...([left + (byRows ? first * leftRow : 0) * floatBytes, leftRow, leftDepth] as const),
			...([right + (byRows ? 0 : first * rightColumn) * floatBytes, rightDepth, rightColumn] as const),
			...([out + (byRows ? first * outRow : first) * floatBytes, outRow] as const),
			accumulate,
		);
	});
}

/** input * weight^T + bias, then max(0, .) if asked. [n, out] */
export function linear(space: Workspace, { input, weight, bias, relu }: LinearCall): WasmMatrix {
	const inputs = own(input);
	const { entry } = weight;
	const start = locate(weight, space.value(entry));
	mustHaveShape(inputs, inputs.rows, weight.columnCount);
	const out = space.matrix(inputs.rows, entry.rows); // [n, out]
	multiply(space, {
		rows: inputs.rows,
		columns: entry.rows,
		depth: inputs.columns,
		left: [inputs.pointer, inputs.columns, 1],
		right: [start, 1, entry.columns],
		out: [out.pointer, out.columns],
		accumulate: false,
	});
	if (bias) {
		invariant(bias.size === entry.rows, `${bias.name} has ${bias.size} numbers for ${entry.rows} outputs`);
		const vector = space.value(bias);
		space.shareRows(out, (kernels, offset, rows) =>
			kernels.addVector(rows, out.columns, out.pointer + offset, vector, relu, out.pointer + offset),
		);
	} else if (relu) space.kernels.relu(out.count, out.pointer);
	return out;
}

export function linearBackward(
	space: Workspace,
	{ input, weight, bias, relu }: LinearCall,
	output: WasmMatrix,
	outputGradient: WasmMatrix,
	wanted: Wanted,
): WasmMatrix | null {
	const { entry, columnCount } = weight;
	const inputs = own(input);
	mustHaveShape(outputGradient, inputs.rows, entry.rows);
	const result = wanted.inputs ? space.matrix(inputs.rows, columnCount) : null; // [n, in]
	space.withSpace(() => {
		const gradient = relu ? reluBackward(space, output, outputGradient) : outputGradient; // [n, out]
		if (result) {
			multiply(space, {
				rows: result.rows,
				columns: columnCount,
				depth: entry.rows,
				left: [gradient.pointer, entry.rows, 1],
				right: [locate(weight, space.value(entry)), entry.columns, 1],
				out: [result.pointer, columnCount],
				accumulate: false,
			});
		}
		if (!wanted.parameters) return;
		multiply(space, {
			rows: entry.rows,
			columns: columnCount,
			depth: inputs.rows,
			left: [gradient.pointer, 1, entry.rows],
			right: [inputs.pointer, columnCount, 1],
			out: [locate(weight, space.gradient(entry)), entry.columns],
			accumulate: true,
		});
		if (bias) space.kernels.addColumnSums(inputs.rows, entry.rows, gradient.pointer, space.gradient(bias));
	});
	return result;
}

function reluBackward(space: Workspace, output: WasmMatrix, gradient: WasmMatrix): WasmMatrix {
	const { rows, columns } = gradient;
	const masked = space.matrix(rows, columns);
	space.shareRows(masked, (kernels, offset, count) =>
		kernels.reluBackward(count * columns, output.pointer + offset, gradient.pointer + offset, masked.pointer + offset),
	);
	return masked;
}

/** Byte address of a weight's first number, given that of its parameter (or of the parameter's gradient). */
function locate({ entry, columnStart, columnCount }: Weight, parameter: number): number {
	invariant(
		columnStart >= 0 && columnStart + columnCount <= entry.columns,
		`columns ${columnStart} + ${columnCount} of ${entry.name}, which has ${entry.columns}`,
	);
	return parameter + columnStart * floatBytes;
}
