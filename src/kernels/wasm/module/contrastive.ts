// Rows of the contrastive loss (NerCo, equation 3), for anchors of one class over all tokens sorted by class.
// With s the similarities q_i . q_j / temperature and D = log of the sum over negatives n of e^{s_in}:
//   loss of anchor i = sum over positives j of log(1 + e^{D - s_ij})
//   d/ds_ij = -sigmoid(D - s_ij),  d/ds_in = e^{s_in - D} * sum over j of sigmoid(D - s_ij)
// Columns [classStart, classEnd) of a row are the positives (the anchor itself apart), all others the negatives.

import { at, exp1, exp4, greater, max4, madd, sum4, wholeVectors } from './vector';

/** q = x / max(|x|, 1e-12) for row order[i] of x. Lengths in float64, rounded; norms[i] = max(|x|, 1e-12). */
export function normalizeRows(count: i32, columns: i32, matrix: usize, order: usize, normalized: usize, norms: usize): void {
	for (let i = 0; i < count; i++) {
		const row = matrix + ((<usize>load<i32>(at(order, i)) * <usize>columns) << 2);
		let squares: f64 = 0;
		for (let k = 0; k < columns; k++) {
			const value = <f64>load<f32>(at(row, k));
			squares += value * value;
		}
		const norm = max<f64>(sqrt<f64>(squares), 1e-12);
		store<f32>(at(norms, i), <f32>norm);
		for (let k = 0; k < columns; k++) store<f32>(at(normalized, k), <f32>(<f64>load<f32>(at(row, k)) / norm));
		normalized = at(normalized, columns);
	}
}

/** out[order[i]] = (g - q (q . g)) / norm with g = gradient[i]; without the projection where the norm was raised to 1e-12. */
export function normalizeRowsBackward(
	count: i32,
	columns: i32,
	normalized: usize,
	norms: usize,
	order: usize,
	gradient: usize,
	out: usize,
): void {
	const whole = wholeVectors(columns);
	for (let i = 0; i < count; i++) {
		const row = out + ((<usize>load<i32>(at(order, i)) * <usize>columns) << 2);
		const norm = load<f32>(at(norms, i));
		let products = f32x4.splat(0);
		let k = 0;
		for (; k < whole; k += 4) products = madd(v128.load(at(normalized, k)), v128.load(at(gradient, k)), products);
		let along = sum4(products);
		for (; k < columns; k++) along += load<f32>(at(normalized, k)) * load<f32>(at(gradient, k));
		if (norm <= 1e-12) along = 0;
		for (k = 0; k < columns; k++) {
			store<f32>(at(row, k), (load<f32>(at(gradient, k)) - load<f32>(at(normalized, k)) * along) / norm);
		}
		normalized = at(normalized, columns);
		gradient = at(gradient, columns);
	}
}

function largestOf(start: i32, end: i32, row: usize): f32 {
	let largest4 = f32x4.splat(-Infinity);
	let j = start;
	for (; j + 4 <= end; j += 4) largest4 = greater(largest4, v128.load(at(row, j)));
	let largest = max4(largest4);
	for (; j < end; j++) largest = max<f32>(largest, load<f32>(at(row, j)));
	return largest;
}

/** Sum of exp((row - largest) * scale), in float64. */
function sumOfExps(start: i32, end: i32, row: usize, largest: f32, scale: f32): f64 {
	let low = f64x2.splat(0);
	let high = f64x2.splat(0);
	let j = start;
	for (; j + 4 <= end; j += 4) {
		const value = exp4(f32x4.mul(f32x4.sub(v128.load(at(row, j)), f32x4.splat(largest)), f32x4.splat(scale)));
		low = f64x2.add(low, f64x2.promote_low_f32x4(value));
		high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 0, 1)));
	}
	const sums = f64x2.add(low, high);
	let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
	for (; j < end; j++) sum += <f64>exp1((load<f32>(at(row, j)) - largest) * scale);
	return sum;
}

/** Sum over positives j of log(1 + e^x), x = D - s_j: max(x, 0), and the logs of 1 + e^-|x| as one log of a product
 *  of at most 512 factors, each at most 2. */
function sumOfSoftplus(start: i32, end: i32, row: usize, scale: f32, negatives: f32): f64 {
	let sum: f64 = 0;
	let product: f64 = 1;
	let factors = 0;
	for (let j = start; j < end; j += 4) {
		const count = min(4, end - j);
		let x: v128;
		if (count == 4) x = v128.load(at(row, j));
		else {
			x = v128.load32_splat(at(row, j));
			if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(at(row, j + 1)));
			if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(at(row, j + 2)));
		}
		x = f32x4.sub(f32x4.splat(negatives), f32x4.mul(x, f32x4.splat(scale)));
		const above = greater(x, f32x4.splat(0));
		const e = exp4(f32x4.neg(f32x4.abs(x)));
		sum += <f64>f32x4.extract_lane(above, 0);
		product *= 1 + <f64>f32x4.extract_lane(e, 0);
		if (count > 1) {
			sum += <f64>f32x4.extract_lane(above, 1);
			product *= 1 + <f64>f32x4.extract_lane(e, 1);
		}
		if (count > 2) {
			sum += <f64>f32x4.extract_lane(above, 2);
			product *= 1 + <f64>f32x4.extract_lane(e, 2);
		}
		if (count > 3) {
			sum += <f64>f32x4.extract_lane(above, 3);
			product *= 1 + <f64>f32x4.extract_lane(e, 3);
		}
		factors += 4;
		if (factors == 512) {
			sum += Math.log(product);
			product = 1;
			factors = 0;
		}
	}
	return sum + Math.log(product);
}

/** Loss summed over `count` anchors, the first being token `anchor`. `cosines` [count, total]; `scale` is 1 / temperature.
 *  Keeps D of each anchor in `negatives`. */
export function contrastiveRows(
	count: i32,
	anchor: i32,
	total: i32,
	classStart: i32,
	classEnd: i32,
	scale: f32,
	cosines: usize,
	negatives: usize,
): f64 {
	let loss: f64 = 0;
	for (let i = 0; i < count; i++) {
		const largest = max<f32>(largestOf(0, classStart, cosines), largestOf(classEnd, total, cosines));
		const sum = sumOfExps(0, classStart, cosines, largest, scale) + sumOfExps(classEnd, total, cosines, largest, scale);
		const log = <f32>(<f64>(largest * scale) + Math.log(sum));
		store<f32>(at(negatives, i), log);
		loss += sumOfSoftplus(classStart, anchor + i, cosines, scale, log);
		loss += sumOfSoftplus(anchor + i + 1, classEnd, cosines, scale, log);
		cosines = at(cosines, total);
	}
	return loss;
}

/** Writes -weight * sigmoid(D - s_j) over the positives and returns the sum of the sigmoids. */
function positiveGradients(start: i32, end: i32, row: usize, scale: f32, negatives: f32, weight: f32): f32 {
	const one = f32x4.splat(1);
	let sums = f32x4.splat(0);
	let j = start;
	for (; j + 4 <= end; j += 4) {
		const x = f32x4.sub(f32x4.splat(negatives), f32x4.mul(v128.load(at(row, j)), f32x4.splat(scale)));
		const sigmoid = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
		sums = f32x4.add(sums, sigmoid);
		v128.store(at(row, j), f32x4.mul(sigmoid, f32x4.splat(-weight)));
	}
	let sum = sum4(sums);
	for (; j < end; j++) {
		const sigmoid: f32 = 1 / (1 + exp1(load<f32>(at(row, j)) * scale - negatives));
		sum += sigmoid;
		store<f32>(at(row, j), -weight * sigmoid);
	}
	return sum;
}

/** row = weight * exp(s - D) over the negatives */
function negativeGradients(start: i32, end: i32, row: usize, scale: f32, negatives: f32, weight: f32): void {
	let j = start;
	for (; j + 4 <= end; j += 4) {
		const x = f32x4.sub(f32x4.mul(v128.load(at(row, j)), f32x4.splat(scale)), f32x4.splat(negatives));
		v128.store(at(row, j), f32x4.mul(exp4(x), f32x4.splat(weight)));
	}
	for (; j < end; j++) store<f32>(at(row, j), exp1(load<f32>(at(row, j)) * scale - negatives) * weight);
}

/** Turns the cosines of `count` anchors into gradients with respect to the cosines, times `weight`. */
export function contrastiveRowGradients(
	count: i32,
	anchor: i32,
	total: i32,
	classStart: i32,
	classEnd: i32,
	scale: f32,
	weight: f32,
	cosines: usize,
	negatives: usize,
): void {
	for (let i = 0; i < count; i++) {
		const log = load<f32>(at(negatives, i));
		let sum = positiveGradients(classStart, anchor + i, cosines, scale, log, weight);
		store<f32>(at(cosines, anchor + i), 0);
		sum += positiveGradients(anchor + i + 1, classEnd, cosines, scale, log, weight);
		negativeGradients(0, classStart, cosines, scale, log, weight * sum);
		negativeGradients(classEnd, total, cosines, scale, log, weight * sum);
		cosines = at(cosines, total);
	}
}
