// Numbers about all gradients of a segment: the sum of the squares of the trained ones, and a digest that differs where any bit
// does. A workgroup reads one stretch and writes what it found beside that of the others.

import type { ProgramText } from './program';
import { classAt } from './update-program';

/** Numbers of one workgroup's stretch. */
export const stretch = 16384;
/** Numbers that a digest has for each stretch: the halves of two sums, and whether any bit is set. */
export const digestNumbers = 5;

/** out[group] = sum of the squares of the trained gradients of the stretch. */
export const squaresProgram: ProgramText = {
	name: 'squares',
	words: ['out', 'size'],
	threads: 'groups',
	groupSize: 256,
	declarations: 'var<workgroup> sums : array<f32, 256>;',
	body: `
	let end = min((group + 1) * ${stretch}, u.size);
	var sum = 0.0;
	for (var at = group * ${stretch} + lane; at < end; at = at + 256) {
		let value = select(gradients[at], 0.0, (${classAt('(at / 16)')}) == 0u);
		sum = sum + value * value;
	}
	sums[lane] = sum;
	workgroupBarrier();
	if (lane == 0) {
		var total = 0.0;
		for (var other = 0; other < 256; other = other + 1) { total = total + sums[other]; }
		arena[u.out + group] = total;
	}`,
};

/** out = root of the sum of a list. */
export const normProgram: ProgramText = {
	name: 'norm',
	words: ['out', 'source', 'size'],
	threads: 'groups',
	groupSize: 256,
	declarations: 'var<workgroup> sums : array<f32, 256>;',
	body: `
	var sum = 0.0;
	for (var at = lane; at < u.size; at = at + 256) { sum = sum + arena[u.source + at]; }
	sums[lane] = sum;
	workgroupBarrier();
	if (lane == 0) {
		var total = 0.0;
		for (var other = 0; other < 256; other = other + 1) { total = total + sums[other]; }
		arena[u.out] = sqrt(total);
	}`,
};

/** Sums of the bits, each stirred by two functions of its place; as halves, which floating point holds exactly. */
export const digestProgram: ProgramText = {
	name: 'digest',
	words: ['out', 'size'],
	threads: 'groups',
	groupSize: 256,
	declarations: `
var<workgroup> firsts : array<u32, 256>;
var<workgroup> seconds : array<u32, 256>;
var<workgroup> sets : array<u32, 256>;
fn stir(value : u32) -> u32 {
	var x = value;
	x = (x ^ (x >> 16u)) * 0x7feb352du;
	x = (x ^ (x >> 15u)) * 0x846ca68bu;
	return x ^ (x >> 16u);
}`,
	body: `
	let end = min((group + 1) * ${stretch}, u.size);
	var first_ = 0u;
	var second_ = 0u;
	var set_ = 0u;
	for (var at = group * ${stretch} + lane; at < end; at = at + 256) {
		let bits = bitcast<u32>(gradients[at]);
		first_ = first_ + stir(bits ^ (u32(at) * 0x9e3779b9u));
		second_ = second_ + bits * (2u * stir(u32(at)) + 1u);
		set_ = set_ | bits;
	}
	firsts[lane] = first_;
	seconds[lane] = second_;
	sets[lane] = set_;
	workgroupBarrier();
	if (lane == 0) {
		for (var other = 1; other < 256; other = other + 1) {
			first_ = first_ + firsts[other];
			second_ = second_ + seconds[other];
			set_ = set_ | sets[other];
		}
		let at = u.out + ${digestNumbers} * group;
		arena[at] = f32(first_ & 0xffffu);
		arena[at + 1] = f32(first_ >> 16u);
		arena[at + 2] = f32(second_ & 0xffffu);
		arena[at + 3] = f32(second_ >> 16u);
		arena[at + 4] = select(0.0, 1.0, set_ != 0u);
	}`,
};
