// Dropout by counter-based bits: the numbers of util/counter-random.ts (mix32, rowBits, elementBits), four lanes at
// a time. An element is kept and scaled when its bits are at least the threshold. Source of the mixer: see there.

import { at, wholeVectors } from './vector';

const GOLDEN: i32 = 0x9e3779b9;

@inline
function mix(value: i32): i32 {
	let x = <u32>value;
	x = (x ^ (x >> 16)) * 0x7feb352d;
	x = (x ^ (x >> 15)) * 0x846ca68b;
	return <i32>(x ^ (x >> 16));
}

@inline
function mix4(value: v128): v128 {
	let x = v128.xor(value, i32x4.shr_u(value, 16));
	x = i32x4.mul(x, i32x4.splat(0x7feb352d));
	x = v128.xor(x, i32x4.shr_u(x, 15));
	x = i32x4.mul(x, i32x4.splat(0x846ca68b));
	return v128.xor(x, i32x4.shr_u(x, 16));
}

export function dropout(
	rows: i32,
	columns: i32,
	matrix: usize,
	rowKeys: usize,
	key: i32,
	threshold: i32,
	scale: f32,
	out: usize,
): void {
	const whole = wholeVectors(columns);
	const firstLanes = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(GOLDEN));
	const step = i32x4.splat(4 * GOLDEN);
	for (let row = 0; row < rows; row++) {
		const bits = mix(key ^ load<i32>(at(rowKeys, row)));
		let counters = i32x4.add(i32x4.splat(bits), firstLanes);
		let k = 0;
		for (; k < whole; k += 4) {
			const kept = i32x4.ge_u(mix4(counters), i32x4.splat(threshold));
			v128.store(at(out, k), v128.and(f32x4.mul(v128.load(at(matrix, k)), f32x4.splat(scale)), kept));
			counters = i32x4.add(counters, step);
		}
		for (; k < columns; k++) {
			const isKept = <u32>mix(bits + k * GOLDEN) >= <u32>threshold;
			store<f32>(at(out, k), isKept ? load<f32>(at(matrix, k)) * scale : 0);
		}
		matrix = at(matrix, columns);
		out = at(out, columns);
	}
}
