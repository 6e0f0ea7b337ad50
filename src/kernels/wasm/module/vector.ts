// Small building blocks over four float32 lanes, inlined everywhere. Addresses are bytes; counts are floats.

/** a * b + c: one rounding where the build has relaxed fma, else two. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
	if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
	else return f32x4.add(f32x4.mul(a, b), c);
}

/** The greater of each lane. One instruction, unlike f32x4.max: where either is NaN, or both are 0, it is `a`. */
@inline
export function greater(a: v128, b: v128): v128 {
	return f32x4.pmax(a, b);
}

/** The lesser of each lane, likewise. */
@inline
export function lesser(a: v128, b: v128): v128 {
	return f32x4.pmin(a, b);
}

/** Address of element `index` of an array of 32-bit numbers. */
@inline
export function at(base: usize, index: i32): usize {
	return base + ((<usize>index) << 2);
}

/** The part of `count` that whole vectors cover. */
@inline
export function wholeVectors(count: i32): i32 {
	return count & ~3;
}

@inline
export function sum4(v: v128): f32 {
	return (
		f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
	);
}

/** Lanes: sum of a, sum of b, sum of c, sum of d. */
@inline
export function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
	const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
	return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

@inline
export function max4(v: v128): f32 {
	return max<f32>(
		max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
		max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
	);
}

/** e^x, relative error below 2e-7, for x in [-87, 88]; x outside is moved to the border. e^x = 2^n e^r with
 *  n = round(x / ln 2) and ln 2 in two parts; e^r by a polynomial (coefficients of the Cephes library's expf). */
@inline
export function exp4(input: v128): v128 {
	const x = lesser(greater(input, f32x4.splat(-87)), f32x4.splat(88));
	// Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
	const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(12582912));
	const n = f32x4.sub(rounded, f32x4.splat(12582912));
	const r = f32x4.sub(
		f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))),
		f32x4.mul(n, f32x4.splat(-2.12194440e-4)),
	);
	let y = f32x4.splat(1.9875691500e-4);
	y = madd(y, r, f32x4.splat(1.3981999507e-3));
	y = madd(y, r, f32x4.splat(8.3334519073e-3));
	y = madd(y, r, f32x4.splat(4.1665795894e-2));
	y = madd(y, r, f32x4.splat(1.6666665459e-1));
	y = madd(y, r, f32x4.splat(5.0000001201e-1));
	y = f32x4.add(madd(y, f32x4.mul(r, r), r), f32x4.splat(1));
	// e^r * 2^n: n goes to the bits of the exponent.
	return f32x4.mul(y, i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23));
}

/** The same bits as a lane of exp4. */
@inline
export function exp1(x: f32): f32 {
	return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** target = source */
@inline
export function copyRow(count: i32, source: usize, target: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(target, k), v128.load(at(source, k)));
	for (; k < count; k++) store<f32>(at(target, k), load<f32>(at(source, k)));
}

/** target += source */
@inline
export function addRow(count: i32, source: usize, target: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(target, k), f32x4.add(v128.load(at(target, k)), v128.load(at(source, k))));
	for (; k < count; k++) store<f32>(at(target, k), load<f32>(at(target, k)) + load<f32>(at(source, k)));
}

@inline
export function zeroRow(count: i32, target: usize): void {
	const whole = wholeVectors(count);
	let k = 0;
	for (; k < whole; k += 4) v128.store(at(target, k), f32x4.splat(0));
	for (; k < count; k++) store<f32>(at(target, k), 0);
}
