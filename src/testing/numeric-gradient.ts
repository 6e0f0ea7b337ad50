// What tests compare kernels with: seeded numbers, gradients by central differences in float64, element-wise nearness.

import { RandomStream } from '../util/random';

/** Uniform numbers in [-scale, scale]. */
export function drawNumbers(seed: number, count: number, scale = 1): Float32Array {
	const stream = new RandomStream(seed);
	return Float32Array.from({ length: count }, () => (2 * stream.uniform() - 1) * scale);
}

export function drawIntegers(seed: number, count: number, first: number, end: number): Int32Array {
	const stream = new RandomStream(seed);
	return Int32Array.from({ length: count }, () => first + stream.below(end - first));
}

/** d loss / d point by central differences; about 1e-8 exact where `loss` is smooth and computed in float64. */
export function numericGradient(loss: (point: Float64Array) => number, point: ArrayLike<number>): Float64Array {
	const step = 1e-4;
	const moved = Float64Array.from(point);
	return moved.map((value, index) => {
		moved[index] = value + step;
		const above = loss(moved);
		moved[index] = value - step;
		const below = loss(moved);
		moved[index] = value;
		return (above - below) / (2 * step);
	});
}

/** Sum of products: the loss whose gradient with respect to `values` is `weights`. */
export function weigh(values: ArrayLike<number>, weights: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] * weights[i];
	return sum;
}

/** The first element further from the expected one than `tolerance` times max(1, |expected|), in words; null when none is. */
export function firstDifference(
	actual: ArrayLike<number>,
	expected: ArrayLike<number>,
	tolerance: number,
): string | null {
	if (actual.length !== expected.length) return `${actual.length} numbers instead of ${expected.length}`;
	for (let i = 0; i < expected.length; i++) {
		const isNear = Math.abs(actual[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i]));
		if (!isNear) return `element ${i} is ${actual[i]} instead of ${expected[i]}`;
	}
	return null;
}
