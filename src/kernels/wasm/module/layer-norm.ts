// y = (z - mean) / sqrt(variance + epsilon) * gain + bias with z = input + residual, row by row (Ba et al. 2016).

import { at, madd, sum4, wholeVectors } from './vector';

/** Keeps the normalised rows [rows, columns] and 1 / sqrt(variance + epsilon) [rows] for the backward step. */
export function layerNorm(
	rows: i32,
	columns: i32,
	input: usize,
	residual: usize,
	gain: usize,
	bias: usize,
	epsilon: f32,
	normalized: usize,
	inverseDeviation: usize,
	out: usize,
): void {
	const whole = wholeVectors(columns);
	for (let row = 0; row < rows; row++) {
		let sums = f32x4.splat(0);
		let k = 0;
		for (; k < whole; k += 4) {
			const z = f32x4.add(v128.load(at(input, k)), v128.load(at(residual, k)));
			v128.store(at(normalized, k), z);
			sums = f32x4.add(sums, z);
		}
		let total = sum4(sums);
		for (; k < columns; k++) {
			const z = load<f32>(at(input, k)) + load<f32>(at(residual, k));
			store<f32>(at(normalized, k), z);
			total += z;
		}
		const mean: f32 = total / <f32>columns;

		sums = f32x4.splat(0);
		for (k = 0; k < whole; k += 4) {
			const distance = f32x4.sub(v128.load(at(normalized, k)), f32x4.splat(mean));
			sums = madd(distance, distance, sums);
		}
		let squares = sum4(sums);
		for (; k < columns; k++) {
			const distance = load<f32>(at(normalized, k)) - mean;
			squares += distance * distance;
		}
		const inverse: f32 = 1 / sqrt<f32>(squares / <f32>columns + epsilon);
		store<f32>(at(inverseDeviation, row), inverse);

		for (k = 0; k < whole; k += 4) {
			const x = f32x4.mul(f32x4.sub(v128.load(at(normalized, k)), f32x4.splat(mean)), f32x4.splat(inverse));
			v128.store(at(normalized, k), x);
			v128.store(at(out, k), madd(x, v128.load(at(gain, k)), v128.load(at(bias, k))));
		}
		for (; k < columns; k++) {
			const x = (load<f32>(at(normalized, k)) - mean) * inverse;
			store<f32>(at(normalized, k), x);
			store<f32>(at(out, k), x * load<f32>(at(gain, k)) + load<f32>(at(bias, k)));
		}
		input = at(input, columns);
		residual = at(residual, columns);
		normalized = at(normalized, columns);
		out = at(out, columns);
	}
}

/** With x the normalised row, g = gradient * gain: inputGradient = (g - mean(g) - x mean(g x)) / deviation. */
export function layerNormBackward(
	rows: i32,
	columns: i32,
	normalized: usize,
	inverseDeviation: usize,
	gain: usize,
	gradient: usize,
	inputGradient: usize,
): void {
	const whole = wholeVectors(columns);
	for (let row = 0; row < rows; row++) {
		let sums = f32x4.splat(0);
		let products = f32x4.splat(0);
		let k = 0;
		for (; k < whole; k += 4) {
			const g = f32x4.mul(v128.load(at(gradient, k)), v128.load(at(gain, k)));
			sums = f32x4.add(sums, g);
			products = madd(g, v128.load(at(normalized, k)), products);
		}
		let sum = sum4(sums);
		let product = sum4(products);
		for (; k < columns; k++) {
			const g = load<f32>(at(gradient, k)) * load<f32>(at(gain, k));
			sum += g;
			product += g * load<f32>(at(normalized, k));
		}
		const mean: f32 = sum / <f32>columns;
		const slope: f32 = product / <f32>columns;
		const inverse = load<f32>(at(inverseDeviation, row));
		for (k = 0; k < whole; k += 4) {
			const g = f32x4.mul(v128.load(at(gradient, k)), v128.load(at(gain, k)));
			const along = f32x4.mul(v128.load(at(normalized, k)), f32x4.splat(slope));
			const rest = f32x4.sub(f32x4.sub(g, f32x4.splat(mean)), along);
			v128.store(at(inputGradient, k), f32x4.mul(rest, f32x4.splat(inverse)));
		}
		for (; k < columns; k++) {
			const g = load<f32>(at(gradient, k)) * load<f32>(at(gain, k));
			store<f32>(at(inputGradient, k), (g - mean - load<f32>(at(normalized, k)) * slope) * inverse);
		}
		normalized = at(normalized, columns);
		gradient = at(gradient, columns);
		inputGradient = at(inputGradient, columns);
	}
}

/** gainGradient += column sums of gradient * normalized; biasGradient += column sums of gradient. */
export function layerNormParameters(
	rows: i32,
	columns: i32,
	normalized: usize,
	gradient: usize,
	gainGradient: usize,
	biasGradient: usize,
): void {
	const whole = wholeVectors(columns);
	for (let row = 0; row < rows; row++) {
		let k = 0;
		for (; k < whole; k += 4) {
			const d = v128.load(at(gradient, k));
			v128.store(at(gainGradient, k), madd(d, v128.load(at(normalized, k)), v128.load(at(gainGradient, k))));
			v128.store(at(biasGradient, k), f32x4.add(v128.load(at(biasGradient, k)), d));
		}
		for (; k < columns; k++) {
			const d = load<f32>(at(gradient, k));
			store<f32>(at(gainGradient, k), load<f32>(at(gainGradient, k)) + d * load<f32>(at(normalized, k)));
			store<f32>(at(biasGradient, k), load<f32>(at(biasGradient, k)) + d);
		}
		normalized = at(normalized, columns);
		gradient = at(gradient, columns);
	}
}
