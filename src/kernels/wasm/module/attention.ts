// The parts of attention that are no plain products: the position part of the scores over distinct distances, one
// sentence and one head at a time, so that the head's relative vectors stay in the first cache; and the masked softmax.

import { at, exp1, exp4, greater, madd, max4, sum4, sums4, wholeVectors } from './vector';

@inline
function addTo(target: usize, value: f32): void {
	store<f32>(target, load<f32>(target) + value);
}

/** Products of four relative vectors with the query's 20 floats. */
@inline
function products20(q: usize, r0: usize, r1: usize, r2: usize, r3: usize): v128 {
	let x = v128.load(q);
	let s0 = f32x4.mul(x, v128.load(r0));
	let s1 = f32x4.mul(x, v128.load(r1));
	let s2 = f32x4.mul(x, v128.load(r2));
	let s3 = f32x4.mul(x, v128.load(r3));
	x = v128.load(q, 16);
	s0 = madd(x, v128.load(r0, 16), s0);
	s1 = madd(x, v128.load(r1, 16), s1);
	s2 = madd(x, v128.load(r2, 16), s2);
	s3 = madd(x, v128.load(r3, 16), s3);
	x = v128.load(q, 32);
	s0 = madd(x, v128.load(r0, 32), s0);
	s1 = madd(x, v128.load(r1, 32), s1);
	s2 = madd(x, v128.load(r2, 32), s2);
	s3 = madd(x, v128.load(r3, 32), s3);
	x = v128.load(q, 48);
	s0 = madd(x, v128.load(r0, 48), s0);
	s1 = madd(x, v128.load(r1, 48), s1);
	s2 = madd(x, v128.load(r2, 48), s2);
	s3 = madd(x, v128.load(r3, 48), s3);
	x = v128.load(q, 64);
	s0 = madd(x, v128.load(r0, 64), s0);
	s1 = madd(x, v128.load(r1, 64), s1);
	s2 = madd(x, v128.load(r2, 64), s2);
	s3 = madd(x, v128.load(r3, 64), s3);
	return sums4(s0, s1, s2, s3);
}

/** The same for any number of floats. */
@inline
function products(headSize: i32, q: usize, r0: usize, r1: usize, r2: usize, r3: usize): v128 {
	const whole = <usize>wholeVectors(headSize) << 2;
	const bytes = <usize>headSize << 2;
	let s0 = f32x4.splat(0);
	let s1 = s0;
	let s2 = s0;
	let s3 = s0;
	let k: usize = 0;
	for (; k < whole; k += 16) {
		const x = v128.load(q + k);
		s0 = madd(x, v128.load(r0 + k), s0);
		s1 = madd(x, v128.load(r1 + k), s1);
		s2 = madd(x, v128.load(r2 + k), s2);
		s3 = madd(x, v128.load(r3 + k), s3);
	}
	let sums = sums4(s0, s1, s2, s3);
	for (; k < bytes; k += 4) {
		const rest = f32x4(load<f32>(r0 + k), load<f32>(r1 + k), load<f32>(r2 + k), load<f32>(r3 + k));
		sums = madd(v128.load32_splat(q + k), rest, sums);
	}
	return sums;
}

/** scores[i, j] += query[i] . relative[index[i, j]] for the `queries` first rows of a sentence of `size` nodes and one
 *  head, whose relative vectors are one after another; four keys at a time. Strides in floats. */
export function addPositionScores(
	queries: i32,
	size: i32,
	headSize: i32,
	query: usize,
	queryStride: i32,
	relative: usize,
	index: usize,
	scores: usize,
): void {
	const bytes = <usize>headSize << 2;
	const last = size - 1;
	for (let i = 0; i < queries; i++) {
		for (let j = 0; j < size; j += 4) {
			const r0 = relative + <usize>load<i32>(at(index, j)) * bytes;
			const r1 = relative + <usize>load<i32>(at(index, min(j + 1, last))) * bytes;
			const r2 = relative + <usize>load<i32>(at(index, min(j + 2, last))) * bytes;
			const r3 = relative + <usize>load<i32>(at(index, min(j + 3, last))) * bytes;
			const sums = headSize == 20 ? products20(query, r0, r1, r2, r3) : products(headSize, query, r0, r1, r2, r3);
			const out = at(scores, j);
			if (j + 4 <= size) v128.store(out, f32x4.add(v128.load(out), sums));
			else {
				addTo(out, f32x4.extract_lane(sums, 0));
				if (j + 1 < size) addTo(out + 4, f32x4.extract_lane(sums, 1));
				if (j + 2 < size) addTo(out + 8, f32x4.extract_lane(sums, 2));
			}
		}
		query = at(query, queryStride);
		index = at(index, size);
		scores = at(scores, size);
	}
}

/** Five vectors (20 floats) of one head of one query: writes the query's gradient, adds to the relative rows'. */
@inline
function positionBackward20(size: i32, gradient: usize, index: usize, rowBytes: usize, q: usize, relative: usize, dq: usize, dRelative: usize): void {
	const q0 = v128.load(q);
	const q1 = v128.load(q, 16);
	const q2 = v128.load(q, 32);
	const q3 = v128.load(q, 48);
	const q4 = v128.load(q, 64);
	const zero = f32x4.splat(0);
	let s0 = zero;
	let s1 = zero;
	let s2 = zero;
	let s3 = zero;
	let s4 = zero;
	for (let j = 0; j < size; j++) {
		const g = v128.load32_splat(at(gradient, j));
		const offset = <usize>load<i32>(at(index, j)) * rowBytes;
		const r = relative + offset;
		const d = dRelative + offset;
		s0 = madd(g, v128.load(r), s0);
		s1 = madd(g, v128.load(r, 16), s1);
		s2 = madd(g, v128.load(r, 32), s2);
		s3 = madd(g, v128.load(r, 48), s3);
		s4 = madd(g, v128.load(r, 64), s4);
		v128.store(d, madd(g, q0, v128.load(d)));
		v128.store(d, madd(g, q1, v128.load(d, 16)), 16);
		v128.store(d, madd(g, q2, v128.load(d, 32)), 32);
		v128.store(d, madd(g, q3, v128.load(d, 48)), 48);
		v128.store(d, madd(g, q4, v128.load(d, 64)), 64);
	}
	v128.store(dq, s0);
	v128.store(dq, s1, 16);
	v128.store(dq, s2, 32);
	v128.store(dq, s3, 48);
	v128.store(dq, s4, 64);
}

/** The same for two vectors (8 floats). */
@inline
function positionBackward8(size: i32, gradient: usize, index: usize, rowBytes: usize, q: usize, relative: usize, dq: usize, dRelative: usize): void {
	const q0 = v128.load(q);
	const q1 = v128.load(q, 16);
	let s0 = f32x4.splat(0);
	let s1 = f32x4.splat(0);
	for (let j = 0; j < size; j++) {
		const g = v128.load32_splat(at(gradient, j));
		const offset = <usize>load<i32>(at(index, j)) * rowBytes;
		const r = relative + offset;
		const d = dRelative + offset;
		s0 = madd(g, v128.load(r), s0);
		s1 = madd(g, v128.load(r, 16), s1);
		v128.store(d, madd(g, q0, v128.load(d)));
		v128.store(d, madd(g, q1, v128.load(d, 16)), 16);
	}
	v128.store(dq, s0);
	v128.store(dq, s1, 16);
}

/** The same for one number. */
@inline
function positionBackward1(size: i32, gradient: usize, index: usize, rowBytes: usize, q: usize, relative: usize, dq: usize, dRelative: usize): void {
	const value = load<f32>(q);
	let sum: f32 = 0;
	for (let j = 0; j < size; j++) {
		const g = load<f32>(at(gradient, j));
		const offset = <usize>load<i32>(at(index, j)) * rowBytes;
		sum += g * load<f32>(relative + offset);
		addTo(dRelative + offset, g * value);
	}
	store<f32>(dq, sum);
}

/** Gradients of one head's `addPositionScores`: writes rows of queryGradient, adds to relativeGradient. */
export function positionScoresBackward(
	queries: i32,
	size: i32,
	headSize: i32,
	query: usize,
	queryStride: i32,
	relative: usize,
	index: usize,
	gradient: usize,
	queryGradient: usize,
	relativeGradient: usize,
): void {
	const bytes = <usize>headSize << 2;
	for (let i = 0; i < queries; i++) {
		let k = 0;
		for (; k + 20 <= headSize; k += 20) {
			positionBackward20(size, gradient, index, bytes, at(query, k), at(relative, k), at(queryGradient, k), at(relativeGradient, k));
		}
		for (; k + 8 <= headSize; k += 8) {
			positionBackward8(size, gradient, index, bytes, at(query, k), at(relative, k), at(queryGradient, k), at(relativeGradient, k));
		}
		for (; k < headSize; k++) {
			positionBackward1(size, gradient, index, bytes, at(query, k), at(relative, k), at(queryGradient, k), at(relativeGradient, k));
		}
		query = at(query, queryStride);
		queryGradient = at(queryGradient, queryStride);
		gradient = at(gradient, size);
		index = at(index, size);
	}
}

/** Softmax over the first `count` columns of each row of `size`; the others become 0. */
export function maskedSoftmax(rows: i32, size: i32, count: i32, scores: usize, out: usize): void {
	const whole = wholeVectors(count);
	for (let row = 0; row < rows; row++) {
		let largest4 = f32x4.splat(-Infinity);
		let j = 0;
		for (; j < whole; j += 4) largest4 = greater(largest4, v128.load(at(scores, j)));
		let largest = max4(largest4);
		for (; j < count; j++) largest = max<f32>(largest, load<f32>(at(scores, j)));

		let sums = f32x4.splat(0);
		for (j = 0; j < whole; j += 4) {
			const value = exp4(f32x4.sub(v128.load(at(scores, j)), f32x4.splat(largest)));
			v128.store(at(out, j), value);
			sums = f32x4.add(sums, value);
		}
		let sum = sum4(sums);
		for (; j < count; j++) {
			const value = exp1(load<f32>(at(scores, j)) - largest);
			store<f32>(at(out, j), value);
			sum += value;
		}
		const inverse: f32 = 1 / sum;
		for (j = 0; j < whole; j += 4) v128.store(at(out, j), f32x4.mul(v128.load(at(out, j)), f32x4.splat(inverse)));
		for (; j < count; j++) store<f32>(at(out, j), load<f32>(at(out, j)) * inverse);
		for (; j < size; j++) store<f32>(at(out, j), 0);
		scores = at(scores, size);
		out = at(out, size);
	}
}

/** inputGradient = p * (gradient - sum over the row of p * gradient); 0 where p is 0. */
export function maskedSoftmaxBackward(rows: i32, size: i32, probabilities: usize, gradient: usize, inputGradient: usize): void {
	const whole = wholeVectors(size);
	for (let row = 0; row < rows; row++) {
		let products = f32x4.splat(0);
		let j = 0;
		for (; j < whole; j += 4) products = madd(v128.load(at(probabilities, j)), v128.load(at(gradient, j)), products);
		let product = sum4(products);
		for (; j < size; j++) product += load<f32>(at(probabilities, j)) * load<f32>(at(gradient, j));
		for (j = 0; j < whole; j += 4) {
			const distance = f32x4.sub(v128.load(at(gradient, j)), f32x4.splat(product));
			v128.store(at(inputGradient, j), f32x4.mul(v128.load(at(probabilities, j)), distance));
		}
		for (; j < size; j++) {
			store<f32>(at(inputGradient, j), load<f32>(at(probabilities, j)) * (load<f32>(at(gradient, j)) - product));
		}
		probabilities = at(probabilities, size);
		gradient = at(gradient, size);
		inputGradient = at(inputGradient, size);
	}
}
