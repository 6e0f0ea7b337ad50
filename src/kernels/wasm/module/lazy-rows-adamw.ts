// What AdamW does to the rows of a table: those that a step touched, and, applied later, those without gradient. An
// update without gradient is not linear in the row (the first moment is divided by the root of the second), so nothing
// shorter than the steps themselves gives the same numbers: they are repeated with the numbers kept in registers, the
// same operations in the same order as in update.ts, hence the same bits. Rows that never had a gradient only decay.
// A history entry is [rate, beta1, beta2, epsilon, decay, firstScale, secondScale, unused]; epsilon is above 0.

import { stepBytes } from './lazy-rows';
import { updateAdamw } from './update';
import { at, wholeVectors } from './vector';

/** A vector each of values, first and second moment of one row, brought from history entry `from` to `end`. */
@inline
function catchUpVector(from: usize, end: usize, values: usize, first: usize, second: usize): void {
	let p = v128.load(values);
	let m = v128.load(first);
	let v = v128.load(second);
	for (let step = from; step < end; step += stepBytes) {
		m = f32x4.add(f32x4.mul(m, v128.load32_splat(step, 4)), f32x4.splat(0));
		v = f32x4.mul(v, v128.load32_splat(step, 8));
		const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, v128.load32_splat(step, 24))), v128.load32_splat(step, 12));
		const move = f32x4.div(f32x4.mul(m, v128.load32_splat(step, 20)), root);
		const change = f32x4.add(move, f32x4.mul(p, v128.load32_splat(step, 16)));
		p = f32x4.sub(p, f32x4.mul(change, v128.load32_splat(step)));
	}
	v128.store(values, p);
	v128.store(first, m);
	v128.store(second, v);
}

/** The same where both moments are 0 and stay so. */
@inline
function decayVector(from: usize, end: usize, values: usize): void {
	let p = v128.load(values);
	for (let step = from; step < end; step += stepBytes) {
		const change = f32x4.add(f32x4.splat(0), f32x4.mul(p, v128.load32_splat(step, 16)));
		p = f32x4.sub(p, f32x4.mul(change, v128.load32_splat(step)));
	}
	v128.store(values, p);
}

@inline
function catchUpNumber(from: usize, end: usize, values: usize, first: usize, second: usize): void {
	let p = load<f32>(values);
	let m = load<f32>(first);
	let v = load<f32>(second);
	for (let step = from; step < end; step += stepBytes) {
		m = m * load<f32>(step, 4) + <f32>0;
		v = v * load<f32>(step, 8);
		const move = (m * load<f32>(step, 20)) / (sqrt<f32>(v * load<f32>(step, 24)) + load<f32>(step, 12));
		p = p - (move + p * load<f32>(step, 16)) * load<f32>(step);
	}
	store<f32>(values, p);
	store<f32>(first, m);
	store<f32>(second, v);
}

function catchUpRow(columns: i32, from: usize, end: usize, values: usize, first: usize, second: usize): void {
	const whole = wholeVectors(columns);
	let k = 0;
	for (; k < whole; k += 4) {
		const moments = v128.or(v128.load(at(first, k)), v128.load(at(second, k)));
		if (v128.any_true(moments)) catchUpVector(from, end, at(values, k), at(first, k), at(second, k));
		else decayVector(from, end, at(values, k));
	}
	for (; k < columns; k++) catchUpNumber(from, end, at(values, k), at(first, k), at(second, k));
}

/** Brings rows ids[0 .. count) to update `now`, or rows 0 .. count when `ids` is 0; -1 is passed over. */
export function catchUpRowsAdamw(
	count: i32,
	ids: usize,
	columns: i32,
	stamps: usize,
	now: i32,
	history: usize,
	values: usize,
	first: usize,
	second: usize,
): void {
	const end = history + <usize>now * stepBytes;
	for (let i = 0; i < count; i++) {
		const id = ids ? load<i32>(at(ids, i)) : i;
		if (id < 0) continue;
		const stamp = at(stamps, id);
		const had = load<i32>(stamp);
		if (had == now) continue;
		const offset = (<usize>id * <usize>columns) << 2;
		catchUpRow(columns, history + <usize>had * stepBytes, end, values + offset, first + offset, second + offset);
		store<i32>(stamp, now);
	}
}

/** Update number `now` of the rows that have gradients; they must have had those before. */
export function updateRowsAdamw(
	count: i32,
	touched: usize,
	columns: i32,
	stamps: usize,
	now: i32,
	values: usize,
	gradients: usize,
	first: usize,
	second: usize,
	rate: f32,
	beta1: f32,
	rest1: f32,
	beta2: f32,
	rest2: f32,
	epsilon: f32,
	decay: f32,
	limit: f32,
	scale: f32,
	firstScale: f32,
	secondScale: f32,
): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(at(touched, i));
		const offset = (<usize>id * <usize>columns) << 2;
		updateAdamw(
			columns,
			values + offset,
			gradients + offset,
			first + offset,
			second + offset,
			rate,
			beta1,
			rest1,
			beta2,
			rest2,
			epsilon,
			decay,
			limit,
			scale,
			firstScale,
			secondScale,
		);
		store<i32>(at(stamps, id), now + 1);
	}
}
