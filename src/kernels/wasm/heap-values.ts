// The values of a step on the heap: matrices, lists of indices and attention scores. Each refuses to be used when its block is
// gone; `own...` takes the interface's values for the device's own.

import { invariant } from '../../util/errors';
import type { Indices, Matrix, Scores } from '../operations';
import type { Block } from './heap';

const floatBytes = 4;

export class WasmMatrix implements Matrix {
	constructor(
		readonly rows: number,
		readonly columns: number,
		readonly block: Block,
		private readonly offset = 0,
	) {}

	/** Byte address of the first number. */
	get pointer(): number {
		invariant(this.block.isLive, `a matrix [${this.rows}, ${this.columns}] is used after its step`);
		return this.block.pointer + this.offset;
	}

	get count(): number {
		return this.rows * this.columns;
	}

	/** Rows [start, start + count), sharing the numbers. */
	slice(start: number, count: number): WasmMatrix {
		invariant(start >= 0 && count >= 0 && start + count <= this.rows, `rows ${start} + ${count} of ${this.rows}`);
		return new WasmMatrix(count, this.columns, this.block, this.offset + start * this.columns * floatBytes);
	}
}

export class WasmIndices implements Indices {
	constructor(
		readonly length: number,
		private readonly block: Block,
		/** Smallest and largest of the numbers. */
		private readonly min: number,
		private readonly max: number,
	) {}

	get pointer(): number {
		invariant(this.block.isLive, `a list of ${this.length} indices is used after its step`);
		return this.block.pointer;
	}

	/** The kernels check no bounds: this is the check. */
	mustBeWithin(first: number, end: number): void {
		invariant(
			this.length === 0 || (this.min >= first && this.max < end),
			`indices from ${this.min} to ${this.max} outside [${first}, ${end})`,
		);
	}
}

/** Whose queries scores hold: of every lattice row, or of the characters alone. */
export type QueryRows = 'nodes' | 'characters';

export class WasmScores implements Scores {
	constructor(
		readonly heads: number,
		readonly queries: QueryRows,
		/** Numbers of one head, all sentences together. */
		readonly count: number,
		private readonly block: Block,
	) {}

	get pointer(): number {
		invariant(this.block.isLive, 'scores are used after their step');
		return this.block.pointer;
	}
}

/** The device's own matrix behind the interface's. */
export function own(matrix: Matrix): WasmMatrix {
	invariant(matrix instanceof WasmMatrix, 'a matrix of another device');
	return matrix;
}

export function ownIndices(indices: Indices): WasmIndices {
	invariant(indices instanceof WasmIndices, 'a list of another device');
	return indices;
}

export function ownScores(scores: Scores): WasmScores {
	invariant(scores instanceof WasmScores, 'scores of another device');
	return scores;
}

export function mustHaveShape(matrix: Matrix, rows: number, columns: number): void {
	invariant(
		matrix.rows === rows && matrix.columns === columns,
		`a matrix [${matrix.rows}, ${matrix.columns}] where [${rows}, ${columns}] belongs`,
	);
}
