// Rows and columns on the wasm device: embedding look-up, gathering, placing, joining, cutting.

import { invariant } from '../../util/errors';
import type { Indices, Matrix } from '../operations';
import type { ParameterEntry } from '../parameters';
import { mustHaveShape, own, ownIndices } from './heap-values';
import type { Workspace } from './workspace';

const floatBytes = 4;
/** The padding row of a table never gets a gradient. */
const firstRow = 1;

export function embeddingRows(space: Workspace, table: ParameterEntry, ids: Indices): Matrix {
	const list = ownIndices(ids);
	list.mustBeWithin(-1, table.rows);
	const out = space.matrix(list.length, table.columns);
	const values = space.rowValues(table, list);
	space.kernels.gatherRows(list.length, table.columns, values, list.pointer, out.pointer);
	return out;
}

export function embeddingRowsBackward(
	space: Workspace,
	table: ParameterEntry,
	ids: Indices,
	outputGradient: Matrix,
): void {
	const list = ownIndices(ids);
	list.mustBeWithin(-1, table.rows);
	mustHaveShape(outputGradient, list.length, table.columns);
	const target = space.rowGradients(table, list, firstRow);
	space.kernels.addToRows(list.length, table.columns, target, list.pointer, firstRow, own(outputGradient).pointer);
}

export function concatColumns(space: Workspace, parts: readonly Matrix[]): Matrix {
	const rows = parts[0].rows;
	const columns = parts.reduce((sum, part) => sum + part.columns, 0);
	const out = space.matrix(rows, columns);
	let start = 0;
	for (const part of parts) {
		mustHaveShape(part, rows, part.columns);
		const target = out.pointer + start * floatBytes;
		space.kernels.copyColumns(rows, part.columns, own(part).pointer, part.columns, target, columns);
		start += part.columns;
	}
	return out;
}

export function splitColumns(space: Workspace, matrix: Matrix, widths: readonly number[]): Matrix[] {
	const { rows, columns, pointer } = own(matrix);
	const sum = widths.reduce((total, width) => total + width, 0);
	invariant(sum === columns, `widths of ${sum} in all for ${columns} columns`);
	let start = 0;
	return widths.map((width) => {
		const out = space.matrix(rows, width);
		space.kernels.copyColumns(rows, width, pointer + start * floatBytes, columns, out.pointer, width);
		start += width;
		return out;
	});
}

export function placeRows(
	space: Workspace,
	parts: readonly { matrix: Matrix; rows: Indices }[],
	rowCount: number,
): Matrix {
	const columns = parts[0].matrix.columns;
	const out = space.zeros(rowCount, columns);
	for (const { matrix, rows } of parts) {
		const list = ownIndices(rows);
		list.mustBeWithin(-1, rowCount);
		mustHaveShape(matrix, list.length, columns);
		space.kernels.placeRows(list.length, columns, own(matrix).pointer, list.pointer, out.pointer);
	}
	return out;
}

export function gatherRows(space: Workspace, matrix: Matrix, rows: Indices): Matrix {
	const { columns, pointer, rows: rowCount } = own(matrix);
	const list = ownIndices(rows);
	list.mustBeWithin(-1, rowCount);
	const out = space.matrix(list.length, columns);
	space.kernels.gatherRows(list.length, columns, pointer, list.pointer, out.pointer);
	return out;
}
