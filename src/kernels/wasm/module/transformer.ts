// Activations of a standard transformer, four lanes at a time, and scaling. `kind`: 0 gelu by the error function, 1 gelu by tanh
// (Hendrycks and Gimpel 2016), 2 max(0, x), 3 silu.

import { at, exp4, greater, lesser, madd, wholeVectors } from './vector';

/** The error function, absolute error below 2e-7: x P(x^2) / Q(x^2) on [-4, 4] (coefficients of Eigen's erf for float). */
@inline
function erf4(input: v128): v128 {
	const x = lesser(greater(input, f32x4.splat(-4)), f32x4.splat(4));
	const square = f32x4.mul(x, x);
	let p = f32x4.splat(-2.72614225801306e-10);
	p = madd(p, square, f32x4.splat(2.77068142495902e-8));
	p = madd(p, square, f32x4.splat(-2.10102402082508e-6));
	p = madd(p, square, f32x4.splat(-5.69250639462346e-5));
	p = madd(p, square, f32x4.splat(-7.34990630326855e-4));
	p = madd(p, square, f32x4.splat(-2.95459980854025e-3));
	p = madd(p, square, f32x4.splat(-1.60960333262415e-2));
	let q = f32x4.splat(-1.45660718464996e-5);
	q = madd(q, square, f32x4.splat(-2.13374055278905e-4));
	q = madd(q, square, f32x4.splat(-1.68282697438203e-3));
	q = madd(q, square, f32x4.splat(-7.37332916720468e-3));
	q = madd(q, square, f32x4.splat(-1.42647390514189e-2));
	return f32x4.div(f32x4.mul(x, p), q);
}

/** 1 / (1 + e^-x) */
@inline
function sigmoid4(x: v128): v128 {
	const one = f32x4.splat(1);
	return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** The normal distribution function. */
@inline
function normal4(x: v128): v128 {
	const half = f32x4.splat(0.5);
	return madd(erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752))), half, half);
}

/** sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3): half of 1 + tanh(u). */
@inline
function tangent4(x: v128): v128 {
	const cube = f32x4.mul(f32x4.mul(x, x), x);
	const inner = madd(cube, f32x4.splat(0.044715), x);
	return sigmoid4(f32x4.mul(inner, f32x4.splat(1.5957691216057308)));
}

@inline
function activation4(x: v128, kind: i32): v128 {
	if (kind == 0) return f32x4.mul(x, normal4(x));
	if (kind == 1) return f32x4.mul(x, tangent4(x));
	if (kind == 2) return greater(x, f32x4.splat(0));
	return f32x4.mul(x, sigmoid4(x));
}

@inline
function slope4(x: v128, kind: i32): v128 {
	const one = f32x4.splat(1);
	if (kind == 0) {
		const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804014327));
		return madd(x, density, normal4(x));
	}
	if (kind == 1) {
		const share = tangent4(x);
		const inner = madd(f32x4.mul(x, x), f32x4.splat(0.134145), one);
		const bend = f32x4.mul(f32x4.mul(share, f32x4.sub(one, share)), f32x4.mul(inner, f32x4.splat(1.5957691216057308)));
		return madd(x, bend, share);
	}
	if (kind == 2) return v128.and(one, f32x4.gt(x, f32x4.splat(0)));
	const share = sigmoid4(x);
	return madd(f32x4.mul(x, share), f32x4.sub(one, share), share);
}

/** out = f(input) */
export function activate(count: i32, kind: i32, input: usize, out: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(out, k), activation4(v128.load(at(input, k)), kind));
	for (; k < count; k++) {
		const value = activation4(v128.load32_splat(at(input, k)), kind);
		store<f32>(at(out, k), f32x4.extract_lane(value, 0));
	}
}

/** out = gradient * f'(input) */
export function activateBackward(count: i32, kind: i32, input: usize, gradient: usize, out: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) {
		v128.store(at(out, k), f32x4.mul(v128.load(at(gradient, k)), slope4(v128.load(at(input, k)), kind)));
	}
	for (; k < count; k++) {
		const slope = f32x4.extract_lane(slope4(v128.load32_splat(at(input, k)), kind), 0);
		store<f32>(at(out, k), load<f32>(at(gradient, k)) * slope);
	}
}

/** out = input * factor; `out` may be `input`. */
export function scale(count: i32, factor: f32, input: usize, out: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(out, k), f32x4.mul(v128.load(at(input, k)), f32x4.splat(factor)));
	for (; k < count; k++) store<f32>(at(out, k), load<f32>(at(input, k)) * factor);
}
