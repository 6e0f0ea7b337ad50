// What the operations of the wasm device share: room on the heap, the flat parameters, the step's batch.

import type { Batch } from '../../data/batch';
import { invariant } from '../../util/errors';
import type { ParameterEntry, ParameterLayout } from '../parameters';
import type { Heap } from './heap';
import { WasmIndices, WasmMatrix } from './heap-values';
import type { Kernels } from './kernel-exports';
import { ParameterBlocks } from './parameter-blocks';
import type { PartWork, ThreadTeam } from './thread-team';

const floatBytes = 4;
/** What a number of an elementwise operation costs, in multiply-adds of a product. */
const elementCost = 8;

/** The step's batch and its pair index on the heap. */
interface StepBatch {
	batch: Batch;
	/** Byte address of distances.index. */
	index: number;
	/** Whether every lattice row belongs to some sentence's block. */
	coversRows: boolean;
}

export class Workspace {
	private opened: ParameterBlocks | null = null;
	private step: StepBatch | null = null;

	constructor(
		readonly heap: Heap,
		readonly kernels: Kernels,
		private readonly team: ThreadTeam | null = null,
	) {}

	// --- Threads

	/** Does all units of some work that costs about `cost` multiply-adds: at once, or in parts on several threads. */
	share(units: number, cost: number, work: PartWork): void {
		if (this.team) this.team.share(units, cost, work);
		else work(this.kernels, 0, units);
	}

	/** The same over the rows of a matrix; `offset` is that of the part's first row in bytes. */
	shareRows(
		{ rows, columns, count }: WasmMatrix,
		work: (kernels: Kernels, offset: number, rows: number, start: number) => void,
	): void {
		this.share(rows, elementCost * count, (kernels, start, end) =>
			work(kernels, start * columns * floatBytes, end - start, start),
		);
	}

	// --- Matrices and lists

	/** Its content is anything. */
	matrix(rows: number, columns: number): WasmMatrix {
		return new WasmMatrix(rows, columns, this.heap.takeStep(rows * columns * floatBytes));
	}

	zeros(rows: number, columns: number): WasmMatrix {
		const matrix = this.matrix(rows, columns);
		this.kernels.fillZero(matrix.pointer, matrix.count * floatBytes);
		return matrix;
	}

	upload(values: Float32Array, rows: number, columns: number): WasmMatrix {
		invariant(values.length === rows * columns, `${values.length} numbers for a matrix [${rows}, ${columns}]`);
		const matrix = this.matrix(rows, columns);
		this.heap.floats.set(values, matrix.pointer / floatBytes);
		return matrix;
	}

	indices(values: Int32Array): WasmIndices {
		const block = this.heap.takeStep(values.length * floatBytes);
		this.heap.integers.set(values, block.pointer / floatBytes);
		let min = 0;
		let max = 0;
		for (let i = 0; i < values.length; i++) {
			if (values[i] < min || i === 0) min = values[i];
			if (values[i] > max || i === 0) max = values[i];
		}
		return new WasmIndices(values.length, block, min, max);
	}

	/** A copy of `count` floats. */
	read(pointer: number, count: number): Float32Array {
		return this.heap.floats.slice(pointer / floatBytes, pointer / floatBytes + count);
	}

	/** Runs a function and frees what it takes from the heap; nothing of it may be returned. */
	withSpace<T>(work: () => T): T {
		const mark = this.heap.mark();
		const result = work();
		this.heap.cutBack(mark);
		return result;
	}

	/** Runs a function and frees what it takes from the heap but its result, which moves down to where the room began. */
	keepOnly(work: () => WasmMatrix | null): WasmMatrix | null {
		const mark = this.heap.mark();
		const result = work();
		const from = result?.pointer ?? 0;
		this.heap.cutBack(mark);
		if (result === null) return null;
		const kept = this.matrix(result.rows, result.columns);
		this.heap.bytes.copyWithin(kept.pointer, from, from + kept.count * floatBytes); // may overlap
		return kept;
	}

	// --- Parameters

	open(layout: ParameterLayout): void {
		this.closeParameters();
		this.opened = new ParameterBlocks(this, layout);
	}

	closeParameters(): void {
		this.opened?.close();
		this.opened = null;
	}

	get parameters(): ParameterBlocks {
		invariant(this.opened, 'no parameters are open');
		return this.opened;
	}

	/** Byte address of a parameter's values. */
	value(entry: ParameterEntry): number {
		return this.parameters.value(entry);
	}

	/** Byte address of a table's values, of which only the rows of a list may be read. */
	rowValues(entry: ParameterEntry, list: WasmIndices): number {
		return this.parameters.rowValues(entry, list);
	}

	/** Byte address of a parameter's gradient, for adding to any of it. */
	gradient(entry: ParameterEntry): number {
		return this.parameters.gradient(entry);
	}

	/** Byte address of a table's gradient, for adding to the rows of a list from `firstRow` on. */
	rowGradients(entry: ParameterEntry, list: WasmIndices, firstRow: number): number {
		return this.parameters.rowGradients(entry, list, firstRow);
	}

	// --- The step's batch

	beginStep(batch: Batch): void {
		invariant(this.step === null, 'a step is open already');
		const index = this.heap.takeStep(batch.distances.index.length * floatBytes);
		this.heap.integers.set(batch.distances.index, index.pointer / floatBytes);
		const covered = batch.blockSize.reduce((sum, size) => sum + size, 0);
		this.step = { batch, index: index.pointer, coversRows: covered === batch.rowCount };
	}

	endStep(): void {
		this.step = null;
		this.heap.endStep();
	}

	current(): StepBatch {
		invariant(this.step, 'no step is open');
		return this.step;
	}

	/** A matrix [R, columns] for operations that write each sentence's block of rows: zeros where there is no block. */
	latticeMatrix(columns: number): WasmMatrix {
		const { batch, coversRows } = this.current();
		return coversRows ? this.matrix(batch.rowCount, columns) : this.zeros(batch.rowCount, columns);
	}
}
