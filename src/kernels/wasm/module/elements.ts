// Elementwise operations and sums over columns.

import { addRow, at, greater, wholeVectors } from './vector';

/** out = left + right */
export function add(count: i32, left: usize, right: usize, out: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(out, k), f32x4.add(v128.load(at(left, k)), v128.load(at(right, k))));
	for (; k < count; k++) store<f32>(at(out, k), load<f32>(at(left, k)) + load<f32>(at(right, k)));
}

/** out = matrix + vector in every row, then max(0, .) if asked; `out` may be `matrix`. */
export function addVector(rows: i32, columns: i32, matrix: usize, vector: usize, relu: bool, out: usize): void {
	const floor = f32x4.splat(relu ? 0 : -Infinity);
	const whole = wholeVectors(columns);
	for (let row = 0; row < rows; row++) {
		let k = 0;
		for (; k < whole; k += 4) {
			v128.store(at(out, k), greater(f32x4.add(v128.load(at(matrix, k)), v128.load(at(vector, k))), floor));
		}
		for (; k < columns; k++) {
			const value = load<f32>(at(matrix, k)) + load<f32>(at(vector, k));
			store<f32>(at(out, k), relu ? max<f32>(0, value) : value);
		}
		matrix = at(matrix, columns);
		out = at(out, columns);
	}
}

/** matrix = max(0, matrix) */
export function relu(count: i32, matrix: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(matrix, k), greater(v128.load(at(matrix, k)), f32x4.splat(0)));
	for (; k < count; k++) store<f32>(at(matrix, k), max<f32>(0, load<f32>(at(matrix, k))));
}

/** out = gradient where output > 0, else 0 */
export function reluBackward(count: i32, output: usize, gradient: usize, out: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		const open = f32x4.gt(v128.load(at(output, k)), f32x4.splat(0));
		v128.store(at(out, k), v128.and(v128.load(at(gradient, k)), open));
	}
	for (; k < count; k++) store<f32>(at(out, k), load<f32>(at(output, k)) > 0 ? load<f32>(at(gradient, k)) : 0);
}

/** sums[column] += sum over rows */
export function addColumnSums(rows: i32, columns: i32, matrix: usize, sums: usize): void {
	for (let row = 0; row < rows; row++) {
		addRow(columns, matrix, sums);
		matrix = at(matrix, columns);
	}
}

export function fillZero(start: usize, bytes: usize): void {
	memory.fill(start, 0, bytes);
}
