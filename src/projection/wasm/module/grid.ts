// Points to a grid and back by cubic B-splines (four nodes an axis), and the product of a spectrum with a kernel's.
// Grids are real planes, rows along y; strides count floats.

const sixth: f32 = 1.0 / 6.0;
const one: f32 = 1;

/** Weights of four nodes around a point at `t` in [0, 1) between the second and the third. */
@inline
function splineWeights(t: f32): v128 {
	const rest: f32 = one - t;
	const first: f32 = sixth * rest * rest * rest;
	const last: f32 = sixth * t * t * t;
	const second: f32 = sixth * (4 - 3 * t * t * (2 - t));
	let weights = f32x4.splat(first);
	weights = f32x4.replace_lane(weights, 1, second);
	weights = f32x4.replace_lane(weights, 2, one - first - second - last);
	return f32x4.replace_lane(weights, 3, last);
}

/** Adds 1 at each of [first, last), spread. Coordinates in nodes are (y - origin) inverseSpacing, at least 1. */
export function spreadPoints(first: i32, last: i32, map: usize, originX: f32, originY: f32, inverseSpacing: f32, grid: usize, stride: i32): void {
	for (let point = first; point < last; point++) {
		const x = (load<f32>(map + (<usize>point << 3)) - originX) * inverseSpacing;
		const y = (load<f32>(map + (<usize>point << 3), 4) - originY) * inverseSpacing;
		const column = <i32>x;
		const row = <i32>y;
		const across = splineWeights(x - <f32>column);
		const down = splineWeights(y - <f32>row);
		let node = grid + (<usize>((row - 1) * stride + column - 1) << 2);
		const step = <usize>stride << 2;
		v128.store(node, f32x4.add(v128.load(node), f32x4.mul(across, f32x4.splat(f32x4.extract_lane(down, 0)))));
		node += step;
		v128.store(node, f32x4.add(v128.load(node), f32x4.mul(across, f32x4.splat(f32x4.extract_lane(down, 1)))));
		node += step;
		v128.store(node, f32x4.add(v128.load(node), f32x4.mul(across, f32x4.splat(f32x4.extract_lane(down, 2)))));
		node += step;
		v128.store(node, f32x4.add(v128.load(node), f32x4.mul(across, f32x4.splat(f32x4.extract_lane(down, 3)))));
	}
}

@inline
function gatherAt(field: usize, step: usize, across: v128, down: v128): f32 {
	let sum = f32x4.mul(v128.load(field), f32x4.splat(f32x4.extract_lane(down, 0)));
	sum = f32x4.add(sum, f32x4.mul(v128.load(field + step), f32x4.splat(f32x4.extract_lane(down, 1))));
	sum = f32x4.add(sum, f32x4.mul(v128.load(field + 2 * step), f32x4.splat(f32x4.extract_lane(down, 2))));
	sum = f32x4.add(sum, f32x4.mul(v128.load(field + 3 * step), f32x4.splat(f32x4.extract_lane(down, 3))));
	sum = f32x4.mul(sum, across);
	return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/** The two fields at points [first, last), to `out` side by side. */
export function gatherForces(first: i32, last: i32, map: usize, originX: f32, originY: f32, inverseSpacing: f32, fieldX: usize, fieldY: usize, stride: i32, out: usize): void {
	const step = <usize>stride << 2;
	for (let point = first; point < last; point++) {
		const x = (load<f32>(map + (<usize>point << 3)) - originX) * inverseSpacing;
		const y = (load<f32>(map + (<usize>point << 3), 4) - originY) * inverseSpacing;
		const column = <i32>x;
		const row = <i32>y;
		const across = splineWeights(x - <f32>column);
		const down = splineWeights(y - <f32>row);
		const offset = <usize>((row - 1) * stride + column - 1) << 2;
		store<f32>(out + (<usize>point << 3), gatherAt(fieldX + offset, step, across, down));
		store<f32>(out + (<usize>point << 3), gatherAt(fieldY + offset, step, across, down), 4);
	}
}

/** Multiplies a spectrum by (kernelReal + i kernelImaginary) in place and returns the sum of |spectrum|^2 energy. `count`
 *  is a multiple of 4; called for a row at a time, so that float32 sums stay short. */
export function weighSpectrum(count: i32, real: usize, imaginary: usize, kernelReal: usize, kernelImaginary: usize, energy: usize): f64 {
	let sum = f32x4.splat(0);
	for (let at: usize = 0; at < (<usize>count << 2); at += 16) {
		const a = v128.load(real + at);
		const b = v128.load(imaginary + at);
		const c = v128.load(kernelReal + at);
		const d = v128.load(kernelImaginary + at);
		sum = f32x4.add(sum, f32x4.mul(v128.load(energy + at), f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b))));
		v128.store(real + at, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, d)));
		v128.store(imaginary + at, f32x4.add(f32x4.mul(a, d), f32x4.mul(b, c)));
	}
	return <f64>(f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) + <f64>(f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
