// Moving rows and columns: look-ups in tables, their gradients, concatenation. Index -1 means "nothing".

import { addRow, at, copyRow, zeroRow } from './vector';

/** out[i] = table[ids[i]], zeros for -1. */
export function gatherRows(count: i32, columns: i32, table: usize, ids: usize, out: usize): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(ids, i));
		if (id >= 0) copyRow(columns, table + ((<usize>id * <usize>columns) << 2), out);
		else zeroRow(columns, out);
		out = at(out, columns);
	}
}

/** table[ids[i]] += rows[i] for ids of at least `firstId`. */
export function addToRows(count: i32, columns: i32, table: usize, ids: usize, firstId: i32, rows: usize): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(ids, i));
		if (id >= firstId) addRow(columns, rows, table + ((<usize>id * <usize>columns) << 2));
		rows = at(rows, columns);
	}
}

/** out[ids[i]] = rows[i] but for -1. */
export function placeRows(count: i32, columns: i32, rows: usize, ids: usize, out: usize): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(ids, i));
		if (id >= 0) copyRow(columns, rows, out + ((<usize>id * <usize>columns) << 2));
		rows = at(rows, columns);
	}
}

/** A block of columns from one matrix to another; strides in floats. */
export function copyColumns(rows: i32, columns: i32, from: usize, fromStride: i32, to: usize, toStride: i32): void {
	for (let row = 0; row < rows; row++) {
		copyRow(columns, from, to);
		from = at(from, fromStride);
		to = at(to, toStride);
	}
}
