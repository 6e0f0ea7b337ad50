// Parameter updates over a run of the flat arrays; formulas are at `update` in kernels/operations.ts. Products and
// sums are rounded one by one in every build, as in PyTorch. `scale` multiplies every gradient first; 1 changes no bit.

import { at, greater, lesser, wholeVectors } from './vector';

@inline
function clip4(gradient: v128, scale: f32, limit: f32): v128 {
	return greater(lesser(f32x4.mul(gradient, f32x4.splat(scale)), f32x4.splat(limit)), f32x4.splat(-limit));
}

@inline
function clip(gradient: f32, scale: f32, limit: f32): f32 {
	return max<f32>(min<f32>(gradient * scale, limit), -limit);
}

/** Stores the sum of the squares, as float64: two lanes each for even and odd vectors. */
export function sumSquares(count: i32, numbers: usize, out: usize): void {
	const whole = wholeVectors(count);
	let low = f64x2.splat(0);
	let high = f64x2.splat(0);
	let k = 0;
	for (; k < whole; k += 4) {
		const x = v128.load(at(numbers, k));
		const a = f64x2.promote_low_f32x4(x);
		const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
		low = f64x2.add(low, f64x2.mul(a, a));
		high = f64x2.add(high, f64x2.mul(b, b));
	}
	const both = f64x2.add(low, high);
	let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
	for (; k < count; k++) sum += <f64>load<f32>(at(numbers, k)) * <f64>load<f32>(at(numbers, k));
	store<f64>(out, sum);
}

export function updateSgd(count: i32, values: usize, gradients: usize, first: usize, rate: f32, momentum: f32, decay: f32, limit: f32, scale: f32): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		const p = v128.load(at(values, k));
		const g = f32x4.add(clip4(v128.load(at(gradients, k)), scale, limit), f32x4.mul(p, f32x4.splat(decay)));
		const m = f32x4.add(f32x4.mul(v128.load(at(first, k)), f32x4.splat(momentum)), g);
		v128.store(at(first, k), m);
		v128.store(at(values, k), f32x4.sub(p, f32x4.mul(m, f32x4.splat(rate))));
	}
	for (; k < count; k++) {
		const p = load<f32>(at(values, k));
		const g = clip(load<f32>(at(gradients, k)), scale, limit) + p * decay;
		const m = load<f32>(at(first, k)) * momentum + g;
		store<f32>(at(first, k), m);
		store<f32>(at(values, k), p - m * rate);
	}
}

/** rest1 = 1 - beta1, rest2 = 1 - beta2 (in float64 before rounding), `firstScale` = 1 / (1 - beta1^count), `secondScale` = 1 / (1 - beta2^count). */
export function updateAdamw(
	count: i32,
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
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		const p = v128.load(at(values, k));
		const g = clip4(v128.load(at(gradients, k)), scale, limit);
		const m = f32x4.add(f32x4.mul(v128.load(at(first, k)), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(rest1)));
		const square = f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2));
		const v = f32x4.add(f32x4.mul(v128.load(at(second, k)), f32x4.splat(beta2)), square);
		v128.store(at(first, k), m);
		v128.store(at(second, k), v);
		const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(secondScale))), f32x4.splat(epsilon));
		const step = f32x4.div(f32x4.mul(m, f32x4.splat(firstScale)), root);
		const change = f32x4.add(step, f32x4.mul(p, f32x4.splat(decay)));
		v128.store(at(values, k), f32x4.sub(p, f32x4.mul(change, f32x4.splat(rate))));
	}
	for (; k < count; k++) {
		const p = load<f32>(at(values, k));
		const g = clip(load<f32>(at(gradients, k)), scale, limit);
		const m = load<f32>(at(first, k)) * beta1 + g * rest1;
		const v = load<f32>(at(second, k)) * beta2 + g * g * rest2;
		store<f32>(at(first, k), m);
		store<f32>(at(second, k), v);
		const step = (m * firstScale) / (sqrt<f32>(v * secondScale) + epsilon);
		store<f32>(at(values, k), p - (step + p * decay) * rate);
	}
}
