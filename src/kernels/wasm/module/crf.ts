// Linear-chain CRF in float64, one sentence at a time (Lafferty et al. 2001; recursions as in Rabiner 1989).
// Two ways give the same numbers. Scaled probabilities (exponentials of the transitions taken once, forward vectors
// normalised at each character) are fast, and exact while transitions span at most `scaledSpread`: then a tag lost
// to underflow (e^-745) cannot come back, since no move favours it by more than e^300. Log space takes any scores.
//
// Letters: K tags, S = K rounded up to even: the stride of float64 rows, whose spare number is 0; L characters.
// Tables: [S * K moves, S starts, S ends, then the three largest logs]: exponentials below the largest, or plain logs.

import { at } from './vector';

const scaledSpread: f64 = 300;

@inline
function at64(base: usize, index: i32): usize {
	return base + (<usize>index << 3);
}

@inline
function strideOf(tagCount: i32): i32 {
	return (tagCount + 1) & ~1;
}

@inline
function sumPair(v: v128): f64 {
	return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Largest less smallest of `count` float32 numbers; 0 when there are none. */
function spreadOf(count: i32, values: usize): f64 {
	if (!values) return 0;
	let lowest: f64 = Infinity;
	let highest: f64 = -Infinity;
	for (let i = 0; i < count; i++) {
		const value = <f64>load<f32>(at(values, i));
		lowest = min(lowest, value);
		highest = max(highest, value);
	}
	return highest - lowest;
}

/** Whether the scaled way is exact for these parameters. */
export function crfIsScaled(tagCount: i32, transitions: usize, start: usize, end: usize): bool {
	const spread = max(spreadOf(tagCount * tagCount, transitions), max(spreadOf(tagCount, start), spreadOf(tagCount, end)));
	return spread <= scaledSpread;
}

/** One row of a table: exp(value - largest) or the values themselves (`values` 0: all scores are 0). */
function fillTableRow(tagCount: i32, values: usize, largest: f64, isScaled: bool, row: usize): void {
	const stride = strideOf(tagCount);
	for (let t = 0; t < tagCount; t++) {
		const value = values ? <f64>load<f32>(at(values, t)) : <f64>0;
		store<f64>(at64(row, t), isScaled ? Math.exp(value - largest) : value);
	}
	if (tagCount < stride) store<f64>(at64(row, tagCount), 0);
}

function largestOf(count: i32, values: usize): f64 {
	if (!values) return 0;
	let highest: f64 = -Infinity;
	for (let i = 0; i < count; i++) highest = max(highest, <f64>load<f32>(at(values, i)));
	return highest;
}

/** Fills `tables`: S * K + 2 S + 4 float64. `start` and `end` may be 0. */
export function crfTables(tagCount: i32, transitions: usize, start: usize, end: usize, isScaled: bool, tables: usize): void {
	const stride = strideOf(tagCount);
	const largestMove = isScaled ? largestOf(tagCount * tagCount, transitions) : 0;
	const largestStart = isScaled ? largestOf(tagCount, start) : 0;
	const largestEnd = isScaled ? largestOf(tagCount, end) : 0;
	for (let from = 0; from < tagCount; from++) {
		fillTableRow(tagCount, at(transitions, from * tagCount), largestMove, isScaled, at64(tables, from * stride));
	}
	const starts = at64(tables, stride * tagCount);
	const ends = at64(starts, stride);
	const largest = at64(ends, stride);
	fillTableRow(tagCount, start, largestStart, isScaled, starts);
	fillTableRow(tagCount, end, largestEnd, isScaled, ends);
	store<f64>(largest, largestMove);
	store<f64>(largest, largestStart, 8);
	store<f64>(largest, largestEnd, 16);
}

// --- Scaled probabilities

/** weights[t] = exp(emission[t] - m) with m the largest emission, which is returned. */
function weighEmissions(tagCount: i32, emissions: usize, weights: usize): f64 {
	const largest = largestOf(tagCount, emissions);
	for (let t = 0; t < tagCount; t++) store<f64>(at64(weights, t), Math.exp(<f64>load<f32>(at(emissions, t)) - largest));
	if (tagCount & 1) store<f64>(at64(weights, tagCount), 0);
	return largest;
}

/** Multiplies `alpha` by `weights`, scales it to sum 1 and returns the sum before. */
function normalizeForward(stride: i32, weights: usize, alpha: usize): f64 {
	let sums = f64x2.splat(0);
	for (let t = 0; t < stride; t += 2) {
		const value = f64x2.mul(v128.load(at64(alpha, t)), v128.load(at64(weights, t)));
		v128.store(at64(alpha, t), value);
		sums = f64x2.add(sums, value);
	}
	const sum = sumPair(sums);
	const inverse = f64x2.splat(1 / sum);
	for (let t = 0; t < stride; t += 2) v128.store(at64(alpha, t), f64x2.mul(v128.load(at64(alpha, t)), inverse));
	return sum;
}

/** alpha[t] = sum over tags q of before[q] * moves[q, t] */
function moveForward(tagCount: i32, stride: i32, moves: usize, before: usize, alpha: usize): void {
	for (let t = 0; t < stride; t += 2) {
		let sums = f64x2.splat(0);
		let move = at64(moves, t);
		for (let q = 0; q < tagCount; q++) {
			sums = f64x2.add(sums, f64x2.mul(v128.load64_splat(at64(before, q)), v128.load(move)));
			move = at64(move, stride);
		}
		v128.store(at64(alpha, t), sums);
	}
}

/** Returns log Z. Keeps the normalised forward vectors [L, S] and the weights of the emissions [L, S]. L is at least 1. */
export function crfForwardScaled(tagCount: i32, length: i32, emissions: usize, tables: usize, alpha: usize, weights: usize): f64 {
	const stride = strideOf(tagCount);
	const starts = at64(tables, stride * tagCount);
	const ends = at64(starts, stride);
	const largest = at64(ends, stride);
	let logZ = load<f64>(largest, 8) + load<f64>(largest, 16);
	for (let l = 0; l < length; l++) {
		logZ += weighEmissions(tagCount, emissions, weights);
		if (l == 0) {
			for (let t = 0; t < stride; t++) store<f64>(at64(alpha, t), load<f64>(at64(starts, t)));
		} else {
			moveForward(tagCount, stride, tables, alpha - (<usize>stride << 3), alpha);
			logZ += load<f64>(largest);
		}
		logZ += Math.log(normalizeForward(stride, weights, alpha));
		emissions = at(emissions, tagCount);
		alpha = at64(alpha, stride);
		weights = at64(weights, stride);
	}
	alpha -= <usize>stride << 3;
	let final: f64 = 0;
	for (let t = 0; t < tagCount; t++) final += load<f64>(at64(alpha, t)) * load<f64>(at64(ends, t));
	return logZ + Math.log(final);
}

/** Writes the probability of each tag at each character times `scale`, less `scale` at the given tags (`tags` 0: none),
 *  and adds the expected number of moves, over exp(transition), to `moveCounts` [K, S]. `work` has 3 S float64. */
export function crfBackwardScaled(
	tagCount: i32,
	length: i32,
	tables: usize,
	alphaStart: usize,
	weightsStart: usize,
	tags: usize,
	scale: f64,
	out: usize,
	moveCounts: usize,
	work: usize,
): void {
	const stride = strideOf(tagCount);
	const ends = at64(tables, stride * tagCount + stride);
	let beta = work;
	let next = at64(work, stride);
	const onward = at64(work, 2 * stride);
	for (let t = 0; t < stride; t++) store<f64>(at64(beta, t), load<f64>(at64(ends, t)));
	for (let l = length - 1; l >= 0; l--) {
		const alpha = at64(alphaStart, l * stride);
		let sum: f64 = 0;
		for (let t = 0; t < tagCount; t++) sum += load<f64>(at64(alpha, t)) * load<f64>(at64(beta, t));
		const gold = tags ? load<i32>(at(tags, l)) : -1;
		for (let t = 0; t < tagCount; t++) {
			const probability = (load<f64>(at64(alpha, t)) * load<f64>(at64(beta, t))) / sum;
			store<f32>(at(out, l * tagCount + t), <f32>(scale * (t == gold ? probability - 1 : probability)));
		}
		if (l == 0) return;

		// onward[t]: weight of everything from character l on, given tag t there.
		const weights = at64(weightsStart, l * stride);
		for (let t = 0; t < stride; t += 2) {
			v128.store(at64(onward, t), f64x2.mul(v128.load(at64(weights, t)), v128.load(at64(beta, t))));
		}
		const before = alpha - (<usize>stride << 3);
		let total: f64 = 0;
		let largest: f64 = 0;
		for (let q = 0; q < tagCount; q++) {
			let sums = f64x2.splat(0);
			const moves = at64(tables, q * stride);
			for (let t = 0; t < stride; t += 2) {
				sums = f64x2.add(sums, f64x2.mul(v128.load(at64(moves, t)), v128.load(at64(onward, t))));
			}
			const value = sumPair(sums);
			store<f64>(at64(next, q), value);
			total += value * load<f64>(at64(before, q));
			largest = max(largest, value);
		}
		for (let q = 0; q < tagCount; q++) {
			const share = f64x2.splat(load<f64>(at64(before, q)) / total);
			const counts = at64(moveCounts, q * stride);
			for (let t = 0; t < stride; t += 2) {
				const count = f64x2.mul(share, v128.load(at64(onward, t)));
				v128.store(at64(counts, t), f64x2.add(v128.load(at64(counts, t)), count));
			}
		}
		for (let q = 0; q < tagCount; q++) store<f64>(at64(next, q), load<f64>(at64(next, q)) / largest);
		if (tagCount & 1) store<f64>(at64(next, tagCount), 0);
		const swap = beta;
		beta = next;
		next = swap;
	}
}

/** Turns the counts of `crfBackwardScaled` into expected numbers of moves. */
export function crfFinishCounts(tagCount: i32, tables: usize, moveCounts: usize): void {
	const count = strideOf(tagCount) * tagCount;
	for (let i = 0; i < count; i++) {
		const target = at64(moveCounts, i);
		store<f64>(target, load<f64>(target) * load<f64>(at64(tables, i)));
	}
}

// --- Log space

/** log of the sum over i of exp(left[i] + right[i * rightStride]) */
function logSumExp(count: i32, left: usize, right: usize, rightStride: i32): f64 {
	let largest: f64 = -Infinity;
	for (let i = 0; i < count; i++) {
		largest = max(largest, load<f64>(at64(left, i)) + load<f64>(at64(right, i * rightStride)));
	}
	let sum: f64 = 0;
	for (let i = 0; i < count; i++) {
		sum += Math.exp(load<f64>(at64(left, i)) + load<f64>(at64(right, i * rightStride)) - largest);
	}
	return largest + Math.log(sum);
}

/** As crfForwardScaled; `alpha` holds logs, no weights are kept. */
export function crfForwardLog(tagCount: i32, length: i32, emissions: usize, tables: usize, alphaStart: usize): f64 {
	const stride = strideOf(tagCount);
	const starts = at64(tables, stride * tagCount);
	const ends = at64(starts, stride);
	for (let l = 0; l < length; l++) {
		const alpha = at64(alphaStart, l * stride);
		for (let t = 0; t < tagCount; t++) {
			const emission = <f64>load<f32>(at(emissions, l * tagCount + t));
			const arrival = l ? logSumExp(tagCount, at64(alphaStart, (l - 1) * stride), at64(tables, t), stride) : load<f64>(at64(starts, t));
			store<f64>(at64(alpha, t), arrival + emission);
		}
	}
	return logSumExp(tagCount, at64(alphaStart, (length - 1) * stride), ends, 1);
}

/** As crfBackwardScaled, but the counts are finished numbers of moves. */
export function crfBackwardLog(
	tagCount: i32,
	length: i32,
	emissions: usize,
	tables: usize,
	alphaStart: usize,
	logZ: f64,
	tags: usize,
	scale: f64,
	out: usize,
	moveCounts: usize,
	work: usize,
): void {
	const stride = strideOf(tagCount);
	const ends = at64(tables, stride * tagCount + stride);
	let beta = work;
	let next = at64(work, stride);
	const onward = at64(work, 2 * stride);
	for (let t = 0; t < tagCount; t++) store<f64>(at64(beta, t), load<f64>(at64(ends, t)));
	for (let l = length - 1; l >= 0; l--) {
		const alpha = at64(alphaStart, l * stride);
		const gold = tags ? load<i32>(at(tags, l)) : -1;
		for (let t = 0; t < tagCount; t++) {
			const probability = Math.exp(load<f64>(at64(alpha, t)) + load<f64>(at64(beta, t)) - logZ);
			store<f32>(at(out, l * tagCount + t), <f32>(scale * (t == gold ? probability - 1 : probability)));
			store<f64>(at64(onward, t), load<f64>(at64(beta, t)) + <f64>load<f32>(at(emissions, l * tagCount + t)));
		}
		if (l == 0) return;
		const before = alpha - (<usize>stride << 3);
		for (let q = 0; q < tagCount; q++) {
			const moves = at64(tables, q * stride);
			store<f64>(at64(next, q), logSumExp(tagCount, moves, onward, 1));
			for (let t = 0; t < tagCount; t++) {
				const path = load<f64>(at64(before, q)) + load<f64>(at64(moves, t)) + load<f64>(at64(onward, t));
				const target = at64(moveCounts, q * stride + t);
				store<f64>(target, load<f64>(target) + Math.exp(path - logZ));
			}
		}
		const swap = beta;
		beta = next;
		next = swap;
	}
}

// --- Both ways

/** Score of the given path. */
export function crfPathScore(tagCount: i32, length: i32, emissions: usize, transitions: usize, start: usize, end: usize, tags: usize): f64 {
	let before = load<i32>(tags);
	let score = <f64>load<f32>(at(emissions, before));
	if (start) score += <f64>load<f32>(at(start, before));
	for (let l = 1; l < length; l++) {
		const tag = load<i32>(at(tags, l));
		score += <f64>load<f32>(at(transitions, before * tagCount + tag)) + <f64>load<f32>(at(emissions, l * tagCount + tag));
		before = tag;
	}
	return end ? score + <f64>load<f32>(at(end, before)) : score;
}

/** Takes the moves of the given path out of the counts. */
export function crfSubtractPath(tagCount: i32, length: i32, tags: usize, moveCounts: usize): void {
	const stride = strideOf(tagCount);
	for (let l = 1; l < length; l++) {
		const target = at64(moveCounts, load<i32>(at(tags, l - 1)) * stride + load<i32>(at(tags, l)));
		store<f64>(target, load<f64>(target) - 1);
	}
}

/** transitionGradient += weight * moveCounts */
export function crfAddMoves(tagCount: i32, moveCounts: usize, weight: f64, transitionGradient: usize): void {
	const stride = strideOf(tagCount);
	for (let q = 0; q < tagCount; q++) {
		for (let t = 0; t < tagCount; t++) {
			const target = at(transitionGradient, q * tagCount + t);
			const moves = weight * load<f64>(at64(moveCounts, q * stride + t));
			store<f32>(target, <f32>(<f64>load<f32>(target) + moves));
		}
	}
}

/** Best path (Viterbi 1967), ties to the lower tag at each step; its score is returned. Sums are rounded to float32 in
 *  the order of the published program, so that near ties fall the same way. `constraints` [K + 2, K + 2] or 0, with
 *  row K "start" and column K + 1 "end" (used with end scores only). `work`: 2 K float32, `back`: L * K int32. */
export function crfDecode(
	tagCount: i32,
	length: i32,
	emissions: usize,
	transitions: usize,
	start: usize,
	end: usize,
	constraints: usize,
	tags: usize,
	work: usize,
	back: usize,
): f32 {
	const constraintStride = tagCount + 2;
	let best = work;
	let next = at(work, tagCount);
	for (let t = 0; t < tagCount; t++) {
		let opening: f32 = constraints ? load<f32>(at(constraints, tagCount * constraintStride + t)) : <f32>0;
		if (start) opening += load<f32>(at(start, t));
		store<f32>(at(best, t), load<f32>(at(emissions, t)) + opening);
	}
	for (let l = 1; l < length; l++) {
		for (let t = 0; t < tagCount; t++) {
			let highest: f32 = -Infinity;
			let from = 0;
			const emission = load<f32>(at(emissions, l * tagCount + t));
			for (let q = 0; q < tagCount; q++) {
				let move = load<f32>(at(transitions, q * tagCount + t));
				if (constraints) move += load<f32>(at(constraints, q * constraintStride + t));
				const score: f32 = load<f32>(at(best, q)) + move + emission;
				if (score > highest) {
					highest = score;
					from = q;
				}
			}
			store<f32>(at(next, t), highest);
			store<i32>(at(back, l * tagCount + t), from);
		}
		const swap = best;
		best = next;
		next = swap;
	}
	let highest: f32 = -Infinity;
	let tag = 0;
	for (let t = 0; t < tagCount; t++) {
		let score = load<f32>(at(best, t));
		if (end) {
			let closing = load<f32>(at(end, t));
			if (constraints) closing += load<f32>(at(constraints, t * constraintStride + tagCount + 1));
			score += closing;
		}
		if (score > highest) {
			highest = score;
			tag = t;
		}
	}
	for (let l = length - 1; l >= 0; l--) {
		store<i32>(at(tags, l), tag);
		tag = load<i32>(at(back, l * tagCount + tag));
	}
	return highest;
}
