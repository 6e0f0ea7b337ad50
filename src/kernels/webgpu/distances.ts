// Position fusion on the fused device: sums and mixtures of table rows over distinct distances.

import { invariant } from '../../util/errors';
import type { Indices, Matrix } from '../operations';
import type { ArenaAddress } from './arena-values';
import {
	distanceRowsGradientProgram,
	distanceRowsProgram,
	maxTables,
	mixedValuesGradientProgram,
	mixingWeightsGradientProgram,
	mixRowsProgram,
	softmaxGroupsGradientProgram,
	softmaxGroupsProgram,
} from './distance-programs';
import { membersOfRows } from './row-lists';
import type { InputList, Workspace } from './workspace';

export class DistanceOperations {
	constructor(private readonly space: Workspace) {}

	distanceRows(tables: readonly Matrix[], indices: readonly Indices[], relu: boolean): Matrix {
		invariant(tables.length <= maxTables, `${tables.length} tables`);
		const { columns } = tables[0];
		const out = this.space.matrix(indices[0].length, columns);
		const words: Record<string, number | ArenaAddress> = { out: out.address, columns, ...this.listWords(indices) };
		for (let t = 0; t < maxTables; t++) words[`table${t}`] = t < tables.length ? this.space.at(tables[t]) : 0;
		this.space.run(distanceRowsProgram(tables.length, relu), { count: out.size, words });
		return out;
	}

	distanceRowsBackward(
		tables: readonly Matrix[],
		indices: readonly Indices[],
		relu: boolean,
		output: Matrix,
		outputGradient: Matrix,
	): Matrix[] {
		return tables.map(({ rows, columns }, t) => {
			const out = this.space.matrix(rows, columns);
			const words = {
				...{ out: out.address, gradient: this.space.at(outputGradient), output: this.space.at(output) },
				...{ lists: this.members([indices[t]], rows).offset, rows, columns },
			};
			const work = out.size + output.rows * columns;
			this.space.run(distanceRowsGradientProgram(relu), { count: out.size, words, work });
			return out;
		});
	}

	softmaxGroups(matrix: Matrix, groups: number): Matrix {
		const out = this.space.matrix(matrix.rows, matrix.columns);
		const words = { out: out.address, source: this.space.at(matrix), groups, width: matrix.columns / groups };
		this.space.run(softmaxGroupsProgram, { count: out.size / groups, words });
		return out;
	}

	softmaxGroupsBackward(output: Matrix, groups: number, outputGradient: Matrix): Matrix {
		const out = this.space.matrix(output.rows, output.columns);
		this.space.run(softmaxGroupsGradientProgram, {
			count: out.size / groups,
			words: {
				...{ out: out.address, output: this.space.at(output), gradient: this.space.at(outputGradient) },
				...{ groups, width: output.columns / groups },
			},
		});
		return out;
	}

	mixRows(values: Matrix, indices: readonly Indices[], weights: Matrix): Matrix {
		const { columns } = values;
		const out = this.space.matrix(weights.rows, columns);
		this.space.run(mixRowsProgram(indices.length), {
			count: out.size,
			words: {
				...{ out: out.address, source: this.space.at(values), weights: this.space.at(weights) },
				...{ share: weights.columns / indices.length, columns, ...this.listWords(indices) },
			},
		});
		return out;
	}

	mixRowsBackward(
		values: Matrix,
		indices: readonly Indices[],
		weights: Matrix,
		outputGradient: Matrix,
	): { values: Matrix; weights: Matrix } {
		const { columns, rows } = values;
		const share = weights.columns / indices.length;
		const valuesOut = this.space.matrix(rows, columns);
		const weightsOut = this.space.matrix(weights.rows, weights.columns);
		const gradient = this.space.at(outputGradient);
		this.space.run(mixedValuesGradientProgram(indices.length), {
			count: valuesOut.size,
			words: {
				...{ out: valuesOut.address, gradient, weights: this.space.at(weights), share, columns },
				...{ lists: this.members(indices, rows).offset, rows, tuples: weights.rows },
			},
			work: valuesOut.size + indices.length * weights.rows * columns,
		});
		this.space.run(mixingWeightsGradientProgram(indices.length), {
			count: weightsOut.size,
			words: {
				...{ out: weightsOut.address, source: this.space.at(values), gradient, share, columns },
				...this.listWords(indices),
			},
			work: indices.length * weights.rows * columns,
		});
		return { values: valuesOut, weights: weightsOut };
	}

	private listWords(indices: readonly Indices[]): Record<string, number> {
		const words: Record<string, number> = {};
		for (let t = 0; t < maxTables; t++) words[`list${t}`] = t < indices.length ? this.space.list(indices[t]).offset : 0;
		return words;
	}

	/** Members of each of `rows` rows over the lists joined. */
	private members(indices: readonly Indices[], rows: number): InputList {
		const lists = indices.map((one) => this.space.list(one));
		return this.space.combined(`members of ${rows} rows`, lists, (values) => {
			const joined = new Int32Array(values.reduce((sum, list) => sum + list.length, 0));
			let offset = 0;
			for (const list of values) {
				joined.set(list, offset);
				offset += list.length;
			}
			return membersOfRows(joined, rows);
		});
	}
}
