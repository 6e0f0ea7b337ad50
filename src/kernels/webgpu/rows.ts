// Rows and columns on the fused device: embedding look-up, gathering, placing, joining, cutting.

import { invariant } from '../../util/errors';
import type { Indices, Matrix } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { ArenaAddress, ArenaMatrix } from './arena-values';
import type { ParameterAddress } from './parameter-segments';
import { sourcesOfRows, touchedRows } from './row-lists';
import {
	concatProgram,
	gatherProgram,
	maxParts,
	placeProgram,
	sliceColumnsProgram,
	touchedRowsProgram,
} from './row-programs';
import type { Workspace } from './workspace';

/** gradients of table[ids[i]] += row i of the gradient, for ids of at least `firstRow`. */
export function addToTable(
	space: Workspace,
	table: ParameterEntry,
	{ ids, firstRow }: { ids: Indices; firstRow: 0 | 1 },
	outputGradient: Matrix,
): void {
	const list = space.list(ids);
	const name = firstRow === 0 ? 'touched rows' : 'touched rows but 0';
	const lists = space.combined(name, [list], ([rows]) => touchedRows(rows, firstRow));
	const { columns } = table;
	space.run(touchedRowsProgram, {
		count: list.length * columns,
		words: {
			...{ table: space.parameters.gradient(table), source: space.at(outputGradient), lists: lists.offset },
			...{ slots: list.length, columns },
		},
	});
}

export class RowOperations {
	constructor(private readonly space: Workspace) {}

	embeddingRows(table: ParameterEntry, ids: Indices): Matrix {
		return this.gather('values', this.space.parameters.value(table), ids, table.columns);
	}

	embeddingRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		addToTable(this.space, table, { ids, firstRow: 1 }, outputGradient);
	}

	concatColumns(parts: readonly Matrix[]): Matrix {
		invariant(parts.length <= maxParts, `${parts.length} matrices side by side`);
		const columns = parts.reduce((sum, part) => sum + part.columns, 0);
		const out = this.space.matrix(parts[0].rows, columns);
		const words: Record<string, number | ArenaAddress> = { out: out.address, columns };
		for (let part = 0; part < maxParts; part++) {
			words[`part${part}`] = part < parts.length ? this.space.at(parts[part]) : 0;
			words[`width${part}`] = part < parts.length ? parts[part].columns : 0;
		}
		this.space.run(concatProgram, { count: out.size, words });
		return out;
	}

	splitColumns(matrix: Matrix, widths: readonly number[]): Matrix[] {
		let start = 0;
		return widths.map((columns) => {
			const out = this.space.matrix(matrix.rows, columns);
			const words = { out: out.address, source: this.space.at(matrix), start, width: matrix.columns, columns };
			this.space.run(sliceColumnsProgram, { count: out.size, words });
			start += columns;
			return out;
		});
	}

	placeRows(parts: readonly { matrix: Matrix; rows: Indices }[], rowCount: number): Matrix {
		invariant(parts.length <= maxParts, `${parts.length} matrices to place`);
		const { columns } = parts[0].matrix;
		const out = this.space.matrix(rowCount, columns);
		const lists = parts.map(({ rows }) => this.space.list(rows));
		const sources = this.space.combined(`sources of ${rowCount} rows`, lists, (rows) => sourcesOfRows(rows, rowCount));
		const words: Record<string, number | ArenaAddress> = {
			out: out.address,
			sources: sources.offset,
			parts: parts.length,
			columns,
		};
		for (let part = 0; part < maxParts; part++)
			words[`part${part}`] = part < parts.length ? this.space.at(parts[part].matrix) : 0;
		this.space.run(placeProgram, { count: out.size, words });
		return out;
	}

	gatherRows(matrix: Matrix, rows: Indices): Matrix {
		return this.gather('arena', this.space.at(matrix), rows, matrix.columns);
	}

	private gather(
		from: 'arena' | 'values',
		source: ArenaAddress | ParameterAddress,
		indices: Indices,
		columns: number,
	): ArenaMatrix {
		const list = this.space.list(indices);
		const out = this.space.matrix(list.length, columns);
		const words = { out: out.address, source, rows: list.offset, columns };
		this.space.run(gatherProgram(from), { count: out.size, words });
		return out;
	}
}
