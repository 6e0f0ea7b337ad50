// Updates of the rows of a table that a step touched, and of the others when someone needs them. A row without gradient
// is changed by an update in a way that depends on the row alone, so what it missed is applied later, step after step
// with the numbers kept in registers: the same operations in the same order as in update.ts, hence the same bits.
// `stamps` holds how many updates of the history each row has had. A history entry is [rate, momentum, decay], and room
// for what AdamW needs (lazy-rows-adamw.ts).

import { sumSquares, updateSgd } from './update';
import { at, wholeVectors } from './vector';

/** Bytes of a history entry. */
export const stepBytes: usize = 32;

/** A vector each of values and momentum of one row, brought from history entry `from` to `end`. */
@inline
function catchUpVector(from: usize, end: usize, values: usize, first: usize): void {
	let p = v128.load(values);
	let m = v128.load(first);
	for (let step = from; step < end; step += stepBytes) {
		const g = f32x4.add(f32x4.splat(0), f32x4.mul(p, v128.load32_splat(step, 8)));
		m = f32x4.add(f32x4.mul(m, v128.load32_splat(step, 4)), g);
		p = f32x4.sub(p, f32x4.mul(m, v128.load32_splat(step)));
	}
	v128.store(values, p);
	v128.store(first, m);
}

/** Four vectors of one row: side by side, as each waits for itself. */
@inline
function catchUpFour(from: usize, end: usize, values: usize, first: usize): void {
	const zero = f32x4.splat(0);
	let p0 = v128.load(values);
	let p1 = v128.load(values, 16);
	let p2 = v128.load(values, 32);
	let p3 = v128.load(values, 48);
	let m0 = v128.load(first);
	let m1 = v128.load(first, 16);
	let m2 = v128.load(first, 32);
	let m3 = v128.load(first, 48);
	for (let step = from; step < end; step += stepBytes) {
		const rate = v128.load32_splat(step);
		const momentum = v128.load32_splat(step, 4);
		const decay = v128.load32_splat(step, 8);
		m0 = f32x4.add(f32x4.mul(m0, momentum), f32x4.add(zero, f32x4.mul(p0, decay)));
		m1 = f32x4.add(f32x4.mul(m1, momentum), f32x4.add(zero, f32x4.mul(p1, decay)));
		m2 = f32x4.add(f32x4.mul(m2, momentum), f32x4.add(zero, f32x4.mul(p2, decay)));
		m3 = f32x4.add(f32x4.mul(m3, momentum), f32x4.add(zero, f32x4.mul(p3, decay)));
		p0 = f32x4.sub(p0, f32x4.mul(m0, rate));
		p1 = f32x4.sub(p1, f32x4.mul(m1, rate));
		p2 = f32x4.sub(p2, f32x4.mul(m2, rate));
		p3 = f32x4.sub(p3, f32x4.mul(m3, rate));
	}
	v128.store(values, p0);
	v128.store(values, p1, 16);
	v128.store(values, p2, 32);
	v128.store(values, p3, 48);
	v128.store(first, m0);
	v128.store(first, m1, 16);
	v128.store(first, m2, 32);
	v128.store(first, m3, 48);
}

@inline
function catchUpNumber(from: usize, end: usize, values: usize, first: usize): void {
	let p = load<f32>(values);
	let m = load<f32>(first);
	for (let step = from; step < end; step += stepBytes) {
		const g: f32 = <f32>0 + p * load<f32>(step, 8);
		m = m * load<f32>(step, 4) + g;
		p = p - m * load<f32>(step);
	}
	store<f32>(values, p);
	store<f32>(first, m);
}

function catchUpRow(columns: i32, from: usize, end: usize, values: usize, first: usize): void {
	const whole = wholeVectors(columns);
	let k = 0;
	for (; k + 16 <= columns; k += 16) catchUpFour(from, end, at(values, k), at(first, k));
	for (; k < whole; k += 4) catchUpVector(from, end, at(values, k), at(first, k));
	for (; k < columns; k++) catchUpNumber(from, end, at(values, k), at(first, k));
}

/** Brings rows ids[0 .. count) to update `now`, or rows 0 .. count when `ids` is 0; -1 is passed over. */
export function catchUpRows(count: i32, ids: usize, columns: i32, stamps: usize, now: i32, history: usize, values: usize, first: usize): void {
	const end = history + <usize>now * stepBytes;
	for (let i = 0; i < count; i++) {
		const id = ids ? load<i32>(at(ids, i)) : i;
		if (id < 0) continue;
		const stamp = at(stamps, id);
		const had = load<i32>(stamp);
		if (had == now) continue;
		const offset = (<usize>id * <usize>columns) << 2;
		catchUpRow(columns, history + <usize>had * stepBytes, end, values + offset, first + offset);
		store<i32>(stamp, now);
	}
}

/** Appends to `touched` (`length` long) the rows of at least `firstId` in `ids` that have no mark, and marks them. Returns the new length. */
export function markRows(count: i32, ids: usize, firstId: i32, marks: usize, touched: usize, length: i32): i32 {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(ids, i));
		if (id < firstId || load<u8>(marks + id)) continue;
		store<u8>(marks + id, 1);
		store<i32>(at(touched, length++), id);
	}
	return length;
}

/** Sets the gradients of rows to 0 and takes their marks away. */
export function clearRows(count: i32, touched: usize, columns: i32, marks: usize, gradients: usize): void {
	const bytes = <usize>columns << 2;
	for (let i = 0; i < count; i++) {
		const id = <usize>load<i32>(at(touched, i));
		store<u8>(marks + id, 0);
		memory.fill(gradients + id * bytes, 0, bytes);
	}
}

/** Stores the sum of the squares of the gradients of rows, as float64. */
export function sumSquaresOfRows(count: i32, touched: usize, columns: i32, gradients: usize, out: usize): void {
	let sum: f64 = 0;
	for (let i = 0; i < count; i++) {
		const id = <usize>load<i32>(at(touched, i));
		sumSquares(columns, gradients + ((id * <usize>columns) << 2), out);
		sum += load<f64>(out);
	}
	store<f64>(out, sum);
}

/** Update number `now` of the rows that have gradients; they must have had those before. */
export function updateRowsSgd(
	count: i32,
	touched: usize,
	columns: i32,
	stamps: usize,
	now: i32,
	values: usize,
	gradients: usize,
	first: usize,
	rate: f32,
	momentum: f32,
	decay: f32,
	limit: f32,
	scale: f32,
): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(touched, i));
		const offset = (<usize>id * <usize>columns) << 2;
		updateSgd(columns, values + offset, gradients + offset, first + offset, rate, momentum, decay, limit, scale);
		store<i32>(at(stamps, id), now + 1);
	}
}

/** Fills 32-bit numbers. */
export function fillIntegers(count: i32, start: usize, value: i32): void {
	for (let i = 0; i < count; i++) store<i32>(at(start, i), value);
}
