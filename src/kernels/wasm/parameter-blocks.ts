// The flat parameters on the wasm device's heap: all values in one block, gradients and the optimiser's memory in one block for
// the task's part and, once it is opened, one for the part that may be frozen, so that opening it copies nothing.

import { invariant } from '../../util/errors';
import type { OptimizerState, UpdateRule } from '../operations';
import type { ParameterEntry, ParameterLayout, ParameterRange, TrainedParameter } from '../parameters';
import type { Block } from './heap';
import { LazyRows, type ParameterHome, type RowList, type TableAddresses } from './lazy-rows';

const floatBytes = 4;

/** Gradients and memory of the numbers [start, end) of the layout. */
interface TrainedPart extends ParameterRange {
	gradients: Block;
	first: Block;
	/** AdamW's second moment, made at the first need. */
	second: Block | null;
}

export class ParameterBlocks {
	private readonly values: Block;
	/** The task's, and the frozen part's when it is open. */
	private readonly parts: TrainedPart[];
	private readonly rows: LazyRows;

	/** All numbers are 0. */
	constructor(
		private readonly home: ParameterHome,
		readonly layout: ParameterLayout,
	) {
		const end = layout.frozenOffset;
		const [values, gradients, first] = this.zeroBlocks([layout.size, end, end]);
		this.values = values;
		this.parts = [{ start: 0, end, gradients, first, second: null }];
		this.rows = new LazyRows(home, layout.entries, (entry) => this.addressesOf(entry));
	}

	close(): void {
		const { heap } = this.home;
		this.rows.close();
		heap.free(this.values);
		for (const { gradients, first, second } of this.parts)
			for (const block of [gradients, first, second]) if (block) heap.free(block);
	}

	/** How many numbers of the layout have gradients. */
	get trainedSize(): number {
		return this.parts[this.parts.length - 1].end;
	}

	openFrozen(): void {
		const { size, frozenOffset } = this.layout;
		if (frozenOffset === size) return;
		invariant(this.trainedSize === frozenOffset, 'the frozen part is open already');
		const count = size - frozenOffset;
		const [gradients, first, second] = this.zeroBlocks(this.hasSecond ? [count, count, count] : [count, count]);
		this.parts.push({ start: frozenOffset, end: size, gradients, first, second: second ?? null });
	}

	/** Byte address of a parameter's values. */
	value(entry: ParameterEntry): number {
		this.rows.catchUpAll(entry);
		return this.addressesOf(entry).values;
	}

	/** Byte address of a table's values, of which only the rows of a list may be read. */
	rowValues(entry: ParameterEntry, list: RowList): number {
		this.rows.catchUp(entry, list);
		return this.addressesOf(entry).values;
	}

	/** Byte address of a parameter's gradient, for adding to any of it. */
	gradient(entry: ParameterEntry): number {
		this.rows.markAll(entry);
		return this.gradientOf(entry);
	}

	/** Byte address of a table's gradient, for adding to the rows of a list from `firstRow` on. */
	rowGradients(entry: ParameterEntry, list: RowList, firstRow: number): number {
		this.rows.mark(entry, list, firstRow);
		return this.gradientOf(entry);
	}

	/** Updates the trained parameters and sets all gradients to 0. */
	update(trained: readonly TrainedParameter[], rule: UpdateRule): void {
		const first = trained.find(({ entry }) => entry.offset >= this.trainedSize);
		invariant(!first, `parameter ${first?.entry.name} is frozen`);
		if (rule.kind === 'adamw') this.ensureSecond();
		this.rows.update(trained, rule);
		this.rows.clearGradients();
	}

	gradientNorm(entries: readonly ParameterEntry[]): number {
		for (const { name, offset } of entries) invariant(offset < this.trainedSize, `parameter ${name} is frozen`);
		return this.rows.gradientNorm(entries);
	}

	zeroGradients(): void {
		this.rows.clearGradients();
	}

	readValues({ start, end }: ParameterRange = { start: 0, end: this.trainedSize }): Float32Array {
		invariant(start >= 0 && start <= end && end <= this.layout.size, `numbers [${start}, ${end}) of a layout`);
		this.rows.settle();
		const from = this.values.pointer / floatBytes;
		return this.home.heap.floats.slice(from + start, from + end);
	}

	writeValues(values: Float32Array, offset: number): void {
		const end = offset + values.length;
		invariant(offset >= 0 && end <= this.layout.size, `numbers [${offset}, ${end}) of ${this.layout.size}`);
		this.rows.settle();
		this.home.heap.floats.set(values, this.values.pointer / floatBytes + offset);
	}

	readGradients(): Float32Array {
		return this.join(({ gradients }) => gradients);
	}

	readState(range?: ParameterRange): OptimizerState {
		this.rows.settle();
		const first = this.join((part) => part.first, range);
		return { first, second: this.hasSecond ? this.join(({ second }) => second, range) : null };
	}

	writeState(state: OptimizerState | null): void {
		this.rows.settle();
		if (state) this.spread(state.first, (part) => part.first);
		else for (const { first } of this.parts) this.home.kernels.fillZero(first.pointer, first.bytes);
		if (state?.second) {
			this.ensureSecond();
			this.spread(state.second, (part) => part.second);
		} else this.dropSecond();
	}

	private get hasSecond(): boolean {
		return this.parts[0].second !== null;
	}

	private ensureSecond(): void {
		for (const part of this.parts) part.second ??= this.zeroBlock(part.end - part.start);
	}

	private dropSecond(): void {
		for (const part of this.parts) {
			if (part.second) this.home.heap.free(part.second);
			part.second = null;
		}
	}

	/** All of these blocks, or none where the memory does not suffice for the last. */
	private zeroBlocks(counts: readonly number[]): Block[] {
		const taken: Block[] = [];
		try {
			for (const count of counts) taken.push(this.zeroBlock(count));
			return taken;
		} catch (error) {
			for (const block of taken) this.home.heap.free(block);
			throw error;
		}
	}

	private zeroBlock(count: number): Block {
		const block = this.home.heap.takeLasting(count * floatBytes);
		this.home.kernels.fillZero(block.pointer, block.bytes);
		return block;
	}

	/** The numbers of a range, from whichever parts hold them. */
	private join(
		blockOf: (part: TrainedPart) => Block | null,
		{ start, end }: ParameterRange = { start: 0, end: this.trainedSize },
	): Float32Array {
		invariant(start >= 0 && start <= end && end <= this.trainedSize, `numbers [${start}, ${end}) that are trained`);
		const joined = new Float32Array(end - start);
		for (const part of this.parts) {
			const [from, to] = [Math.max(start, part.start), Math.min(end, part.end)];
			if (from >= to) continue;
			const block = (blockOf(part)?.pointer ?? 0) / floatBytes - part.start;
			joined.set(this.home.heap.floats.subarray(block + from, block + to), from - start);
		}
		return joined;
	}

	private spread(values: Float32Array, blockOf: (part: TrainedPart) => Block | null): void {
		invariant(values.length === this.trainedSize, `${values.length} numbers for ${this.trainedSize} parameters`);
		for (const part of this.parts)
			this.home.heap.floats.set(values.subarray(part.start, part.end), (blockOf(part)?.pointer ?? 0) / floatBytes);
	}

	private gradientOf(entry: ParameterEntry): number {
		const { gradients } = this.addressesOf(entry);
		invariant(gradients > 0, `parameter ${entry.name} is frozen`);
		return gradients;
	}

	/** Addresses are 0 where there is nothing. */
	private addressesOf({ name, offset, size }: ParameterEntry): TableAddresses {
		invariant(offset + size <= this.layout.size, `parameter ${name} is outside the layout`);
		const part = this.parts.find(({ end }) => offset < end);
		const within = (block: Block | null | undefined) =>
			part && block ? block.pointer + (offset - part.start) * floatBytes : 0;
		return {
			values: this.values.pointer + offset * floatBytes,
			gradients: within(part?.gradients),
			first: within(part?.first),
			second: within(part?.second),
		};
	}
}
