// Position fusion over distinct distances (FLAT, Li et al. 2020, section 3.2): sums of table rows, softmax over
// groups of columns, and weighted sums of rows with their gradients.

import { addRow, at, exp1, exp4, greater, madd, sum4, wholeVectors } from './vector';

/** out[p] += table[indices[p]], or = when `isFirst`; then max(0, .) if asked. */
export function distanceRows(count: i32, columns: i32, table: usize, indices: usize, isFirst: bool, relu: bool, out: usize): void {
	const floor = f32x4.splat(relu ? 0 : -Infinity);
	const zero = f32x4.splat(0);
	const whole = wholeVectors(columns);
	for (let p = 0; p < count; p++) {
		const row = table + ((<usize>load<i32>(at(indices, p)) * <usize>columns) << 2);
		let k = 0;
		for (; k < whole; k += 4) {
			const before = isFirst ? zero : v128.load(at(out, k));
			v128.store(at(out, k), greater(f32x4.add(before, v128.load(at(row, k))), floor));
		}
		for (; k < columns; k++) {
			const before: f32 = isFirst ? <f32>0 : load<f32>(at(out, k));
			const value = before + load<f32>(at(row, k));
			store<f32>(at(out, k), relu ? max<f32>(0, value) : value);
		}
		out = at(out, columns);
	}
}

/** tableGradient[indices[p]] += gradient[p] where output > 0 (everywhere when `output` is 0). */
export function distanceRowsBackward(count: i32, columns: i32, tableGradient: usize, indices: usize, output: usize, gradient: usize): void {
	const whole = wholeVectors(columns);
	for (let p = 0; p < count; p++) {
		const row = tableGradient + ((<usize>load<i32>(at(indices, p)) * <usize>columns) << 2);
		if (output) {
			let k = 0;
			for (; k < whole; k += 4) {
				const open = f32x4.gt(v128.load(at(output, k)), f32x4.splat(0));
				v128.store(at(row, k), f32x4.add(v128.load(at(row, k)), v128.and(v128.load(at(gradient, k)), open)));
			}
			for (; k < columns; k++) {
				if (load<f32>(at(output, k)) > 0) store<f32>(at(row, k), load<f32>(at(row, k)) + load<f32>(at(gradient, k)));
			}
			output = at(output, columns);
		} else addRow(columns, gradient, row);
		gradient = at(gradient, columns);
	}
}

/** Softmax over the `groups` numbers at columns k, width + k, 2 width + k, ... of each row, for each k below `width`. */
export function softmaxGroups(rows: i32, groups: i32, width: i32, matrix: usize, out: usize): void {
	const whole = wholeVectors(width);
	for (let row = 0; row < rows; row++) {
		let k = 0;
		for (; k < whole; k += 4) {
			let largest = v128.load(at(matrix, k));
			for (let g = 1; g < groups; g++) largest = greater(largest, v128.load(at(matrix, g * width + k)));
			let sum = f32x4.splat(0);
			for (let g = 0; g < groups; g++) {
				const value = exp4(f32x4.sub(v128.load(at(matrix, g * width + k)), largest));
				v128.store(at(out, g * width + k), value);
				sum = f32x4.add(sum, value);
			}
			for (let g = 0; g < groups; g++) {
				const target = at(out, g * width + k);
				v128.store(target, f32x4.div(v128.load(target), sum));
			}
		}
		for (; k < width; k++) {
			let largest = load<f32>(at(matrix, k));
			for (let g = 1; g < groups; g++) largest = max<f32>(largest, load<f32>(at(matrix, g * width + k)));
			let sum: f32 = 0;
			for (let g = 0; g < groups; g++) {
				const value = exp1(load<f32>(at(matrix, g * width + k)) - largest);
				store<f32>(at(out, g * width + k), value);
				sum += value;
			}
			for (let g = 0; g < groups; g++) {
				const target = at(out, g * width + k);
				store<f32>(target, load<f32>(target) / sum);
			}
		}
		matrix = at(matrix, groups * width);
		out = at(out, groups * width);
	}
}

/** inputGradient = output * (gradient - sum over the group of output * gradient) */
export function softmaxGroupsBackward(rows: i32, groups: i32, width: i32, output: usize, gradient: usize, inputGradient: usize): void {
	for (let row = 0; row < rows; row++) {
		for (let k = 0; k < width; k++) {
			let product: f32 = 0;
			for (let g = 0; g < groups; g++) {
				const index = g * width + k;
				product += load<f32>(at(output, index)) * load<f32>(at(gradient, index));
			}
			for (let g = 0; g < groups; g++) {
				const index = g * width + k;
				store<f32>(at(inputGradient, index), load<f32>(at(output, index)) * (load<f32>(at(gradient, index)) - product));
			}
		}
		output = at(output, groups * width);
		gradient = at(gradient, groups * width);
		inputGradient = at(inputGradient, groups * width);
	}
}

/** out[p, k] += weights[p, column + (isVector ? k : 0)] * values[indices[p], k]. Weight rows are `weightStride` floats. */
export function mixRows(
	count: i32,
	columns: i32,
	values: usize,
	indices: usize,
	weights: usize,
	weightStride: i32,
	isVector: bool,
	out: usize,
): void {
	const whole = wholeVectors(columns);
	for (let p = 0; p < count; p++) {
		const row = values + ((<usize>load<i32>(at(indices, p)) * <usize>columns) << 2);
		const shared = v128.load32_splat(weights);
		let k = 0;
		for (; k < whole; k += 4) {
			const weight = isVector ? v128.load(at(weights, k)) : shared;
			v128.store(at(out, k), madd(weight, v128.load(at(row, k)), v128.load(at(out, k))));
		}
		for (; k < columns; k++) {
			const weight = load<f32>(at(weights, isVector ? k : 0));
			store<f32>(at(out, k), load<f32>(at(out, k)) + weight * load<f32>(at(row, k)));
		}
		weights = at(weights, weightStride);
		out = at(out, columns);
	}
}

/** Adds to valuesGradient[indices[p]], writes this block of weightsGradient. */
export function mixRowsBackward(
	count: i32,
	columns: i32,
	values: usize,
	indices: usize,
	weights: usize,
	weightStride: i32,
	isVector: bool,
	gradient: usize,
	valuesGradient: usize,
	weightsGradient: usize,
): void {
	const whole = wholeVectors(columns);
	for (let p = 0; p < count; p++) {
		const offset = (<usize>load<i32>(at(indices, p)) * <usize>columns) << 2;
		const row = values + offset;
		const rowGradient = valuesGradient + offset;
		const shared = v128.load32_splat(weights);
		let sums = f32x4.splat(0);
		let k = 0;
		for (; k < whole; k += 4) {
			const d = v128.load(at(gradient, k));
			const weight = isVector ? v128.load(at(weights, k)) : shared;
			v128.store(at(rowGradient, k), madd(weight, d, v128.load(at(rowGradient, k))));
			const product = f32x4.mul(d, v128.load(at(row, k)));
			if (isVector) v128.store(at(weightsGradient, k), product);
			else sums = f32x4.add(sums, product);
		}
		let sum = sum4(sums);
		for (; k < columns; k++) {
			const d = load<f32>(at(gradient, k));
			const weight = load<f32>(at(weights, isVector ? k : 0));
			store<f32>(at(rowGradient, k), load<f32>(at(rowGradient, k)) + weight * d);
			const product = d * load<f32>(at(row, k));
			if (isVector) store<f32>(at(weightsGradient, k), product);
			else sum += product;
		}
		if (!isVector) store<f32>(weightsGradient, sum);
		weights = at(weights, weightStride);
		weightsGradient = at(weightsGradient, weightStride);
		gradient = at(gradient, columns);
	}
}
