// Tables whose rows are looked up: an update is done at once for the rows that got gradients, and what the others missed
// is caught up when they are next needed (module/lazy-rows.ts, module/lazy-rows-adamw.ts). The results are the same, bit
// for bit: every way to a table's values or moments leads through here.

import { invariant } from '../../util/errors';
import type { UpdateRule } from '../operations';
import type { ParameterEntry, TrainedParameter } from '../parameters';
import { gradientFactor, ownRule } from '../update-rule';
import type { Block, Heap } from './heap';
import type { Kernels } from './kernel-exports';
import type { PartWork } from './thread-team';

const floatBytes = 4;
const historyBytes = 32;
/** Updates that are kept; then every row is brought up to date. */
const longestHistory = 4096;
/** Numbers of a parameter that threads do not divide: a cache line. */
const unit = 16;
/** Numbers whose squares are summed at once, so that the sum is the same for any number of threads. */
const chunk = 65536;
const doubleBytes = 8;
/** What updating a number costs, in multiply-adds of a product. */
const updateCost = 16;

/** Where the parameters are and who computes on them. */
export interface ParameterHome {
	heap: Heap;
	kernels: Kernels;
	/** Does all units of some work of about `cost` multiply-adds, possibly on several threads. */
	share(units: number, cost: number, work: PartWork): void;
	/** Runs a function and frees what it takes from the heap. */
	withSpace<T>(work: () => T): T;
}

/** Row numbers on the heap; -1 is passed over. */
export interface RowList {
	readonly length: number;
	/** Byte address. */
	readonly pointer: number;
}

/** Byte addresses of a table's first numbers; 0 where there is nothing. */
export interface TableAddresses {
	values: number;
	/** 0 while the table is frozen, like the next. */
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
	/** Whether something else than `mark` wrote gradients. */
	hasDenseGradient: boolean;
	/** Whether no row has missed an update; its stamps then mean nothing. */
	isCurrent: boolean;
	/** The updates that its rows have missed are in this one; null while `isCurrent`. */
	history: Block | null;
}

export class LazyRows {
	/** By offset in the layout. */
	private readonly tables = new Map<number, Table>();
	private historyLength = 0;
	/** Whose updates the histories hold. */
	private historyKind: UpdateRule['kind'] = 'sgd';
	/** What each update did to rows without gradient: one history for all tables with the same rate, decay and count. */
	private readonly histories = new Map<string, Block>();
	/** For each row of each matrix: updates it has had, the rows with gradients, and a mark on those. */
	private readonly stamps: Block;
	private readonly touched: Block;
	private readonly marks: Block;

	constructor(
		private readonly home: ParameterHome,
		entries: readonly ParameterEntry[],
		private readonly addressesOf: (entry: ParameterEntry) => TableAddresses,
	) {
		let rowStart = 0;
		for (const entry of entries) {
			const fresh = { touchedCount: 0, hasDenseGradient: false, isCurrent: true, history: null };
			this.tables.set(entry.offset, { entry, rowStart, ...fresh });
			rowStart += entry.rows;
		}
		const { heap, kernels } = home;
		this.stamps = heap.takeLasting(rowStart * floatBytes);
		this.touched = heap.takeLasting(rowStart * floatBytes);
		this.marks = heap.takeLasting(rowStart);
		kernels.fillZero(this.marks.pointer, rowStart);
	}

	close(): void {
		for (const block of [this.stamps, this.touched, this.marks, ...this.histories.values()]) this.home.heap.free(block);
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
		table.history = null;
	}

	/** Brings everything up to date and forgets the past. */
	settle(): void {
		for (const { entry } of this.tables.values()) this.catchUpAll(entry);
		this.historyLength = 0;
	}

	/** Rows that are about to get gradients: those of a list from `firstRow` on. */
	mark(entry: ParameterEntry, { length, pointer }: RowList, firstRow: number): void {
		const table = this.tableOf(entry);
		const { marks, touched } = this.lists(table);
		table.touchedCount = this.home.kernels.markRows(length, pointer, firstRow, marks, touched, table.touchedCount);
	}

	/** Any number of the gradient is about to be written. */
	markAll(entry: ParameterEntry): void {
		this.tableOf(entry).hasDenseGradient = true;
	}

	/** Sets every gradient that was written to 0. */
	clearGradients(): void {
		const { kernels } = this.home;
		for (const table of this.tables.values()) {
			const { entry, touchedCount, hasDenseGradient } = table;
			const { marks, touched } = this.lists(table);
			const { gradients } = this.addressesOf(entry);
			if (touchedCount > 0) kernels.clearRows(touchedCount, touched, entry.columns, marks, gradients);
			if (hasDenseGradient) kernels.fillZero(gradients, entry.size * floatBytes);
			table.touchedCount = 0;
			table.hasDenseGradient = false;
		}
	}

	/** Root of the sum of the squares; the same for any number of threads. */
	gradientNorm(entries: readonly ParameterEntry[]): number {
		return Math.sqrt(entries.reduce((sum, entry) => sum + this.squaresOf(this.tableOf(entry)), 0));
	}

	/** One update. Entries without rows of their own in the list are updated whole; the others do not change. */
	update(trained: readonly TrainedParameter[], rule: UpdateRule): void {
		if (this.historyKind !== rule.kind) this.settle();
		this.historyKind = rule.kind;
		const sparse = new Set(trained.map(({ entry }) => this.tableOf(entry)).filter(isSparse));
		for (const table of this.tables.values()) if (!sparse.has(table)) this.catchUpAll(table.entry);
		if (this.historyLength === longestHistory || [...sparse].every(({ isCurrent }) => isCurrent)) this.settle();
		const entries = trained.map(({ entry }) => entry);
		const scale = gradientFactor(rule, () => this.gradientNorm(entries));
		for (const parameter of trained) {
			const table = this.tableOf(parameter.entry);
			const own = { ...ownRule(rule, parameter), scale };
			if (sparse.has(table)) this.updateRows(table, own, this.historyOf(parameter));
			else this.updateWhole(parameter.entry, own);
		}
		if (sparse.size > 0) this.historyLength++;
	}

	private squaresOf(table: Table): number {
		const { entry, touchedCount, hasDenseGradient } = table;
		const { touched } = this.lists(table);
		if (!hasDenseGradient && touchedCount === 0) return 0;
		const { heap, kernels } = this.home;
		const { gradients } = this.addressesOf(entry);
		const chunks = hasDenseGradient ? Math.ceil(entry.size / chunk) : 1;
		return this.home.withSpace(() => {
			const sums = heap.takeStep(chunks * doubleBytes).pointer;
			if (hasDenseGradient)
				this.home.share(chunks, entry.size, (threadKernels, from, to) => {
					for (let index = from; index < to; index++) {
						const count = Math.min(chunk, entry.size - index * chunk);
						threadKernels.sumSquares(count, gradients + index * chunk * floatBytes, sums + index * doubleBytes);
					}
				});
			else kernels.sumSquaresOfRows(touchedCount, touched, entry.columns, gradients, sums);
			return new Float64Array(heap.memory.buffer, sums, chunks).reduce((sum, square) => sum + square, 0);
		});
	}

	private updateWhole(entry: ParameterEntry, rule: ScaledRule): void {
		const { values, gradients, first, second } = this.addressesOf(entry);
		this.home.share(Math.ceil(entry.size / unit), updateCost * entry.size, (kernels, from, to) => {
			const offset = from * unit * floatBytes;
			const count = Math.min(entry.size, to * unit) - from * unit;
			const part = [count, values + offset, gradients + offset, first + offset] as const;
			if (rule.kind === 'sgd') kernels.updateSgd(...part, ...sgdNumbers(rule));
			else kernels.updateAdamw(...part, second + offset, ...adamwNumbers(rule));
		});
	}

	private updateRows(table: Table, rule: ScaledRule, history: Block): void {
		const { entry, touchedCount } = table;
		const { kernels, heap } = this.home;
		const { stamps, touched } = this.lists(table);
		const { values, gradients, first, second } = this.addressesOf(entry);
		if (table.history !== history) this.catchUpAll(entry);
		if (table.isCurrent) kernels.fillIntegers(entry.rows, stamps, this.historyLength);
		table.isCurrent = false;
		table.history = history;
		this.catchUpRows(table, touchedCount, touched);
		const rows = [touchedCount, touched, entry.columns, stamps, this.historyLength, values, gradients, first] as const;
		if (rule.kind === 'sgd') kernels.updateRowsSgd(...rows, ...sgdNumbers(rule));
		else kernels.updateRowsAdamw(...rows, second, ...adamwNumbers(rule));
		heap.floats.set(historyEntry(rule), (history.pointer + this.historyLength * historyBytes) / floatBytes);
	}

	/** Where the updates of all tables are noted that change as this one. */
	private historyOf({ rate, decays, updatesBefore = 0 }: TrainedParameter): Block {
		const key = `${rate} ${decays} ${updatesBefore}`;
		const known = this.histories.get(key);
		if (known) return known;
		const history = this.home.heap.takeLasting(longestHistory * historyBytes);
		this.histories.set(key, history);
		return history;
	}

	private catchUpRows({ entry, rowStart, history }: Table, count: number, ids: number): void {
		invariant(history, `rows of ${entry.name} missed updates that nobody noted`);
		const { kernels } = this.home;
		const { values, first, second } = this.addressesOf(entry);
		const stamps = this.stamps.pointer + rowStart * floatBytes;
		const past = [stamps, this.historyLength, history.pointer, values, first] as const;
		if (this.historyKind === 'sgd') kernels.catchUpRows(count, ids, entry.columns, ...past);
		else kernels.catchUpRowsAdamw(count, ids, entry.columns, ...past, second);
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

/** A parameter's own rule, and what its gradient is multiplied by. */
type ScaledRule = UpdateRule & { scale: number };

/** Whether a step touched single rows and nothing else of it. */
function isSparse({ touchedCount, hasDenseGradient, isCurrent }: Table): boolean {
	return !hasDenseGradient && (touchedCount > 0 || !isCurrent);
}

function limitOf({ clipValue }: UpdateRule): number {
	return clipValue > 0 ? clipValue : Number.POSITIVE_INFINITY;
}

function sgdNumbers(rule: ScaledRule & { kind: 'sgd' }) {
	return [rule.learningRate, rule.momentum, rule.weightDecay, limitOf(rule), rule.scale] as const;
}

function adamwNumbers(rule: ScaledRule & { kind: 'adamw' }) {
	const { learningRate, beta1, beta2, epsilon, weightDecay, count, scale } = rule;
	const scales = [1 / (1 - beta1 ** count), 1 / (1 - beta2 ** count)] as const;
	const moments = [beta1, 1 - beta1, beta2, 1 - beta2] as const;
	return [learningRate, ...moments, epsilon, weightDecay, limitOf(rule), scale, ...scales] as const;
}

/** What an update does to rows without gradient. */
function historyEntry(rule: ScaledRule): number[] {
	if (rule.kind === 'sgd') return [rule.learningRate, rule.momentum, rule.weightDecay];
	const [rate, beta1, , beta2, , epsilon, decay, , , firstScale, secondScale] = adamwNumbers(rule);
	return [rate, beta1, beta2, epsilon, decay, firstScale, secondScale];
}
