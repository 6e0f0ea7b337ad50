// Parts that several operations of the fused device share: sums of columns into a gradient, zeros.

import type { Matrix } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { ArenaMatrix } from './arena-values';
import { columnSumsProgram, zeroProgram } from './row-programs';
import type { Workspace } from './workspace';

/** gradients[entry] += scale * sum of the rows */
export function addColumnSums(space: Workspace, entry: ParameterEntry, matrix: Matrix, scale: number): void {
	const { rows, columns } = matrix;
	space.run(columnSumsProgram, {
		count: Math.ceil(columns / 16),
		words: { vector: space.parameters.gradient(entry), source: space.at(matrix), rows, columns, scaleFloat: scale },
		work: rows * columns,
	});
}

export function zeros(space: Workspace, rows: number, columns: number): ArenaMatrix {
	const out = space.matrix(rows, columns);
	space.run(zeroProgram, { count: out.size, words: { out: out.address } });
	return out;
}
