// Tables whose rows are looked up: an update is done at once for the rows that got gradients, and what the others missed
// is caught up when they are next needed (module/lazy-rows.ts, module/lazy-rows-adamw.ts). The results are the same, bit
// for bit: every way to a table's values or moments leads through here.

import { invariant } from '../../util/errors';
import type { UpdateRule } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { Block, Heap } from './heap';
import type { Kernels } from './kernel-exports';

const floatBytes = 4;
const historyBytes = 32;
/** Updates that are kept; then every row is brought up to date. */
const longestHistory = 4096;
/** The padding row never gets a gradient. */
const firstRow = 1;

/** Row numbers on the heap; -1 is passed over. */
export interface RowList {
	readonly length: number;
	/** Byte address. */
	readonly pointer: number;
}

/** Byte addresses of a table's first numbers. */
export interface TableAddresses {
	values: number;
	gradients: number;
	first: number;
	/** 0 before AdamW's first update. */
	second: number;
}

interface Table {
	entry: ParameterEntry;
	/** Number of rows of the tables before it in the lists over rows. */
	rowStart: number;
	/** Rows with gradients. */
	touchedCount: number;
	/** Whether something else than `markRows` wrote gradients. */
	hasDenseGradient: boolean;
	/** Whether no row has missed an update; its stamps then mean nothing. */
	isCurrent: boolean;
}

export class LazyRows {
	/** By offset in the layout. */
	private readonly tables = new Map<number, Table>();
	private historyLength = 0;
	/** Whose updates the history holds. */
	private historyKind: UpdateRule['kind'] = 'sgd';
	/** For each row of each matrix: updates it has had, the rows with gradients, and a mark on those. */
	private readonly stamps: Block;
	private readonly touched: Block;
	private readonly marks: Block;
	private readonly history: Block;

	constructor(
		private readonly heap: Heap,
		private readonly kernels: Kernels,
		entries: readonly ParameterEntry[],
		private readonly addressesOf: (entry: ParameterEntry) => TableAddresses,
	) {
		let rowStart = 0;
		for (const entry of entries) {
			this.tables.set(entry.offset, { entry, rowStart, touchedCount: 0, hasDenseGradient: false, isCurrent: true });
			rowStart += entry.rows;
		}
		this.stamps = heap.takeLasting(rowStart * floatBytes);
		this.touched = heap.takeLasting(rowStart * floatBytes);
		this.marks = heap.takeLasting(rowStart);
		this.history = heap.takeLasting(longestHistory * historyBytes);
		kernels.fillZero(this.marks.pointer, rowStart);
	}

	close(): void {
		for (const block of [this.stamps, this.touched, this.marks, this.history]) this.heap.free(block);
	}

	/** Brings the rows of a list up to date. */
	catchUp(entry: ParameterEntry, { length, pointer }: RowList): void {
		const table = this.tableOf(entry);
		if (!table.isCurrent) this.catchUpRows(table, length, pointer);
	}

	/** Brings a whole table up to date. */
	catchUpAll(entry: ParameterEntry): void {
		const table = this.tableOf(entry);
		if (!table.isCurrent) this.catchUpRows(table, entry.rows, 0);
		table.isCurrent = true;
	}

	/** Brings everything up to date and forgets the past. */
	settle(): void {
		for (const { entry } of this.tables.values()) this.catchUpAll(entry);
		this.historyLength = 0;
	}

	/** Rows that are about to get gradients: those of a list, less the padding row. */
	mark(entry: ParameterEntry, { length, pointer }: RowList): void {
		const table = this.tableOf(entry);
		const { marks, touched } = this.lists(table);
		table.touchedCount = this.kernels.markRows(length, pointer, firstRow, marks, touched, table.touchedCount);
	}

	/** Any number of the gradient is about to be written. */
	markAll(entry: ParameterEntry): void {
		this.tableOf(entry).hasDenseGradient = true;
	}

	/** Sets every gradient that was written to 0. */
	clearGradients(): void {
		for (const table of this.tables.values()) {
			const { entry, touchedCount, hasDenseGradient } = table;
			const { marks, touched } = this.lists(table);
			const { gradients } = this.addressesOf(entry);
			if (touchedCount > 0) this.kernels.clearRows(touchedCount, touched, entry.columns, marks, gradients);
			if (hasDenseGradient) this.kernels.fillZero(gradients, entry.size * floatBytes);
			table.touchedCount = 0;
			table.hasDenseGradient = false;
		}
	}

	/** One update. Entries without rows of their own in the list are updated whole; the others do not change. */
	update(trained: readonly ParameterEntry[], rule: UpdateRule): void {
		if (this.historyKind !== rule.kind) this.settle();
		this.historyKind = rule.kind;
		const sparse = new Set(trained.map((entry) => this.tableOf(entry)).filter(isSparse));
		for (const table of this.tables.values()) if (!sparse.has(table)) this.catchUpAll(table.entry);
		if (this.historyLength === longestHistory || [...sparse].every(({ isCurrent }) => isCurrent)) this.settle();
		const now = this.historyLength;
		for (const entry of trained) {
			const table = this.tableOf(entry);
			if (sparse.has(table)) this.updateRows(table, rule);
			else this.updateWhole(entry, rule);
		}
		if (sparse.size === 0) return;
		this.heap.floats.set(historyEntry(rule), (this.history.pointer + now * historyBytes) / floatBytes);
		this.historyLength++;
	}

	private updateWhole(entry: ParameterEntry, rule: UpdateRule): void {
		const { values, gradients, first, second } = this.addressesOf(entry);
		if (rule.kind === 'sgd') this.kernels.updateSgd(entry.size, values, gradients, first, ...sgdNumbers(rule));
		else this.kernels.updateAdamw(entry.size, values, gradients, first, second, ...adamwNumbers(rule));
	}

	private updateRows(table: Table, rule: UpdateRule): void {
		const { entry, touchedCount } = table;
		const { stamps, touched } = this.lists(table);
		const { values, gradients, first, second } = this.addressesOf(entry);
		const now = this.historyLength;
		if (table.isCurrent) this.kernels.fillIntegers(entry.rows, stamps, now);
		table.isCurrent = false;
		this.catchUpRows(table, touchedCount, touched);
		const rows = [touchedCount, touched, entry.columns, stamps, now, values, gradients, first] as const;
		if (rule.kind === 'sgd') this.kernels.updateRowsSgd(...rows, ...sgdNumbers(rule));
		else this.kernels.updateRowsAdamw(...rows, second, ...adamwNumbers(rule));
	}

	private catchUpRows({ entry, rowStart }: Table, count: number, ids: number): void {
		const { values, first, second } = this.addressesOf(entry);
		const stamps = this.stamps.pointer + rowStart * floatBytes;
		const past = [stamps, this.historyLength, this.history.pointer, values, first] as const;
		if (this.historyKind === 'sgd') this.kernels.catchUpRows(count, ids, entry.columns, ...past);
		else this.kernels.catchUpRowsAdamw(count, ids, entry.columns, ...past, second);
	}

	/** Byte addresses of a table's part of each list over rows. */
	private lists({ rowStart }: Table) {
		return {
			stamps: this.stamps.pointer + rowStart * floatBytes,
			touched: this.touched.pointer + rowStart * floatBytes,
			marks: this.marks.pointer + rowStart,
		};
	}

	private tableOf(entry: ParameterEntry): Table {
		const table = this.tables.get(entry.offset);
		invariant(table?.entry.size === entry.size, `parameter ${entry.name} is of another layout`);
		return table;
	}
}

/** Whether a step touched single rows and nothing else of it. */
function isSparse({ touchedCount, hasDenseGradient, isCurrent }: Table): boolean {
	return !hasDenseGradient && (touchedCount > 0 || !isCurrent);
}

function limitOf({ clipValue }: UpdateRule): number {
	return clipValue > 0 ? clipValue : Number.POSITIVE_INFINITY;
}

function sgdNumbers(rule: UpdateRule & { kind: 'sgd' }) {
	return [rule.learningRate, rule.momentum, rule.weightDecay, limitOf(rule)] as const;
}

function adamwNumbers(rule: UpdateRule & { kind: 'adamw' }) {
	const { learningRate, beta1, beta2, epsilon, weightDecay, count } = rule;
	const scales = [1 / (1 - beta1 ** count), 1 / (1 - beta2 ** count)] as const;
	return [learningRate, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, weightDecay, limitOf(rule), ...scales] as const;
}

/** What an update does to rows without gradient. */
function historyEntry(rule: UpdateRule): number[] {
	if (rule.kind === 'sgd') return [rule.learningRate, rule.momentum, rule.weightDecay];
	const [rate, beta1, , beta2, , epsilon, decay, , firstScale, secondScale] = adamwNumbers(rule);
	return [rate, beta1, beta2, epsilon, decay, firstScale, secondScale];
}
