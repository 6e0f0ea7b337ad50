// NerCo's contrastive loss (Zhang et al. 2023, equation 3) and its gradient without a tensor over (pair, negative):
// characters are sorted so that the anchors, those of classes with a term, come first; an anchor's row of cosines with
// all characters gives its log-sum over negatives, its terms softplus(lse - s_ij) and, in place, the gradient with
// respect to the similarities. Memory [P, C], work O(P C). Letters: C characters, P anchors (rounded up), H width.

import { padCount } from '../../data/batch-buckets';
import type { ContrastiveCall } from '../operations';
import type { ProgramText } from './program';
import { type RowLanes, rowProgram } from './row-reduction';

/** Division by norms below this is division by this. (PyTorch's `normalize`) */
const smallestNorm = '1e-12';

/** unit[t] = features[order[t]] / norm, 0 where order[t] is -1; norms [C]. */
export const normalizeProgram = (lanes: RowLanes): ProgramText =>
	rowProgram(lanes, {
		name: 'normalize',
		words: ['out', 'norms', 'features', 'order', 'columns'],
		writes: ['out', 'norms'],
		body: `
	let source = inputs[u.order + row];
	var squares = 0.0;
	for (var c = part; c < u.columns; c = c + LANES) {
		let value = arena[u.features + max(source, 0) * u.columns + c];
		squares = squares + value * value;
	}
	let norm = max(sqrt(sumOver(part, squares)), ${smallestNorm});
	if (part == 0) { arena[u.norms + row] = norm; }
	for (var c = part; c < u.columns; c = c + LANES) {
		let value = arena[u.features + max(source, 0) * u.columns + c] / norm;
		arena[u.out + row * u.columns + c] = select(0.0, value, source >= 0);
	}`,
	});

/**
 * From row i of cosines: terms[i] = w * sum over positives j of softplus(gap_j), gap_j = lse_i - s_ij, w = 1 / (n (n - 1));
 * then the row becomes the gradient with respect to s: -w sigmoid(gap_j) at positives, share_k * w * sum of sigmoid(gap)
 * at negatives. `classes` [C] by rank, -1 for none; `weights` [P] the bits of w.
 */
export const contrastiveRowsProgram = (lanes: RowLanes): ProgramText =>
	rowProgram(lanes, {
		name: 'contrastiveRows',
		words: ['cosines', 'terms', 'classes', 'weights', 'columns', 'scaleFloat'],
		writes: ['cosines', 'terms'],
		body: `
	let start = u.cosines + row * u.columns;
	let own = inputs[u.classes + row];
	let weight = bitcast<f32>(inputs[u.weights + row]);
	var highest = -1e30;
	for (var k = part; k < u.columns; k = k + LANES) {
		let other = inputs[u.classes + k];
		if (other >= 0 && other != own) { highest = max(highest, arena[start + k] * u.scaleFloat); }
	}
	highest = maxOver(part, highest);
	var sum = 0.0;
	for (var k = part; k < u.columns; k = k + LANES) {
		let other = inputs[u.classes + k];
		if (other >= 0 && other != own) { sum = sum + exp(arena[start + k] * u.scaleFloat - highest); }
	}
	let logSum = highest + log(max(sumOver(part, sum), 1e-30));
	var term = 0.0;
	var pull = 0.0;
	for (var k = part; k < u.columns; k = k + LANES) {
		if (inputs[u.classes + k] == own && k != row) {
			let gap = logSum - arena[start + k] * u.scaleFloat;
			let small = exp(-abs(gap));
			term = term + max(gap, 0.0) + log(1.0 + small);
			pull = pull + select(small, 1.0, gap >= 0.0) / (1.0 + small);
		}
	}
	term = sumOver(part, term);
	pull = sumOver(part, pull);
	if (part == 0) { arena[u.terms + row] = select(0.0, weight * term, weight > 0.0); }
	for (var k = part; k < u.columns; k = k + LANES) {
		let other = inputs[u.classes + k];
		let s = arena[start + k] * u.scaleFloat;
		var value = 0.0;
		if (weight > 0.0 && other >= 0) {
			if (other != own) {
				value = exp(s - logSum) * weight * pull;
			} else if (k != row) {
				let gap = logSum - s;
				let small = exp(-abs(gap));
				value = -weight * select(small, 1.0, gap >= 0.0) / (1.0 + small);
			}
		}
		arena[start + k] = value;
	}`,
	});

/** perClass[k] = sum of the terms in the class's span of anchors; loss = their sum. One workgroup. */
export const contrastiveTotalsProgram: ProgramText = {
	name: 'contrastiveTotals',
	words: ['loss', 'perClass', 'terms', 'spans', 'classes'],
	writes: ['loss', 'perClass'],
	threads: 'groups',
	declarations: 'var<workgroup> sums : array<f32, 64>;',
	body: `
	var mine = 0.0;
	for (var index = lane; index < u.classes; index = index + 64) {
		var sum = 0.0;
		for (var t = inputs[u.spans + 2 * index]; t < inputs[u.spans + 2 * index + 1]; t = t + 1) { sum = sum + arena[u.terms + t]; }
		arena[u.perClass + index] = sum;
		mine = mine + sum;
	}
	sums[lane] = mine;
	workgroupBarrier();
	if (lane == 0) {
		var total = 0.0;
		for (var other = 0; other < 64; other = other + 1) { total = total + sums[other]; }
		arena[u.loss] = total;
	}`,
};

/** Gradient with respect to the features from that with respect to the unit vectors over the temperature. [C, H] */
export const normalizeGradientProgram = (lanes: RowLanes): ProgramText =>
	rowProgram(lanes, {
		name: 'normalizeGradient',
		words: ['out', 'gradient', 'unit', 'norms', 'ranks', 'columns', 'scaleFloat'],
		body: `
	let rank = inputs[u.ranks + row];
	let start = max(rank, 0) * u.columns;
	var along = 0.0;
	for (var c = part; c < u.columns; c = c + LANES) {
		along = along + arena[u.gradient + start + c] * u.scaleFloat * arena[u.unit + start + c];
	}
	let norm = arena[u.norms + max(rank, 0)];
	along = select(0.0, sumOver(part, along), norm > ${smallestNorm});
	for (var c = part; c < u.columns; c = c + LANES) {
		let value = (arena[u.gradient + start + c] * u.scaleFloat - arena[u.unit + start + c] * along) / norm;
		arena[u.out + row * u.columns + c] = select(0.0, value, rank >= 0);
	}`,
	});

/** The order of a batch's characters for the loss. */
export interface ContrastivePlan {
	/** P, rounded up; 0 when no class has a term. */
	anchors: number;
	/** order [C], classes [C], ranks [C], weights [P] as bits, spans [2 * classCount], one after another. */
	lists: Int32Array;
}

/** A class has a term when it is not the outside class, has two members at least and there is a character outside it. */
export function planContrastive(
	classes: Int32Array,
	{ classCount, outsideClass }: Pick<ContrastiveCall, 'classCount' | 'outsideClass'>,
): ContrastivePlan {
	const sizes = new Int32Array(classCount);
	for (const index of classes) if (index >= 0) sizes[index]++;
	const total = sizes.reduce((sum, size) => sum + size, 0);
	const hasTerm = (index: number) => index !== outsideClass && sizes[index] >= 2 && sizes[index] < total;
	const count = classes.length;
	const spans = new Int32Array(2 * classCount);
	let anchorCount = 0;
	for (let index = 0; index < classCount; index++) {
		spans[2 * index] = anchorCount;
		if (hasTerm(index)) anchorCount += sizes[index];
		spans[2 * index + 1] = anchorCount;
	}
	const anchors = anchorCount === 0 ? 0 : Math.min(count, padCount(anchorCount));
	const lists = new Int32Array(3 * count + anchors + 2 * classCount);
	const [order, sorted, ranks] = [0, 1, 2].map((part) => lists.subarray(part * count, (part + 1) * count).fill(-1));
	const weights = new Float32Array(anchors);
	const next = spans.filter((_, index) => index % 2 === 0);
	let rest = anchorCount;
	classes.forEach((index, character) => {
		if (index < 0) return;
		const isAnchor = hasTerm(index);
		const rank = isAnchor ? next[index]++ : rest++;
		order[rank] = character;
		sorted[rank] = index;
		ranks[character] = rank;
		if (isAnchor) weights[rank] = 1 / (sizes[index] * (sizes[index] - 1));
	});
	lists.set(new Int32Array(weights.buffer), 3 * count);
	lists.set(spans, 3 * count + anchors);
	return { anchors, lists };
}
