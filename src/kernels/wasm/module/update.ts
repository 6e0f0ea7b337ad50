// Parameter updates over a run of the flat arrays; formulas are at `update` in kernels/operations.ts. Products and
// sums are rounded one by one in every build, as in PyTorch.

import { at, greater, lesser, wholeVectors } from './vector';

@inline
function clip4(gradient: v128, limit: f32): v128 {
	return greater(lesser(gradient, f32x4.splat(limit)), f32x4.splat(-limit));
}

@inline
function clip(gradient: f32, limit: f32): f32 {
	return max<f32>(min<f32>(gradient, limit), -limit);
}

export function updateSgd(count: i32, values: usize, gradients: usize, first: usize, rate: f32, momentum: f32, decay: f32, limit: f32): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		const p = v128.load(at(values, k));
		const g = f32x4.add(clip4(v128.load(at(gradients, k)), limit), f32x4.mul(p, f32x4.splat(decay)));
		const m = f32x4.add(f32x4.mul(v128.load(at(first, k)), f32x4.splat(momentum)), g);
		v128.store(at(first, k), m);
		v128.store(at(values, k), f32x4.sub(p, f32x4.mul(m, f32x4.splat(rate))));
	}
	for (; k < count; k++) {
		const p = load<f32>(at(values, k));
		const g = clip(load<f32>(at(gradients, k)), limit) + p * decay;
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
	firstScale: f32,
	secondScale: f32,
): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		const p = v128.load(at(values, k));
		const g = clip4(v128.load(at(gradients, k)), limit);
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
		const g = clip(load<f32>(at(gradients, k)), limit);
		const m = load<f32>(at(first, k)) * beta1 + g * rest1;
		const v = load<f32>(at(second, k)) * beta2 + g * g * rest2;
		store<f32>(at(first, k), m);
		store<f32>(at(second, k), v);
		const step = (m * firstScale) / (sqrt<f32>(v * secondScale) + epsilon);
		store<f32>(at(values, k), p - (step + p * decay) * rate);
	}
}
