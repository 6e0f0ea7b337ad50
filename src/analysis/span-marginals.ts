// How sure a linear-chain CRF is of one span: the probability, over all tag sequences, that exactly these characters are
// one mention of this type and that nothing continues it. Forward and backward sums (Lafferty, McCallum and Pereira,
// ICML 2001; Rabiner 1989 for the recursions) in float64 and in logarithms, on the host: a sentence has few tags.

import { invariant } from '../util/errors';

/** Scores of one sentence; a path's score is the sum of its emissions, transitions, and start and end scores. */
export interface ChainScores {
	/** Rows of `tags.length` scores, one a character. */
	emissions: ArrayLike<number>;
	/** [from, to], row by row. */
	transitions: ArrayLike<number>;
	/** Scores of the first and last tag; absent: 0. */
	start?: ArrayLike<number>;
	end?: ArrayLike<number>;
	/** Names in BIO: `O`, `B-PER`, `I-PER`, …; others, such as a padding tag, belong to no type. */
	tags: readonly string[];
}

export interface SpanMarginals {
	/** log of the sum over all sequences of exp(score). */
	logPartition: number;
	/**
	 * Probability of exactly [start, end) as a mention of `type`: B- at `start`, I- up to `end - 1`, and no I- of the type
	 * after it. From 0 to 1; 0 for a type without a B- tag.
	 */
	probability(start: number, end: number, type: string): number;
	/** Probability that no character of [start, end) belongs to a mention, from 0 to 1; 0 without a tag `O`. */
	outsideProbability(start: number, end: number): number;
	/** Probability of a tag at a position, from 0 to 1. */
	tagProbability(position: number, tag: number): number;
}

/** Time O(length x tags^2), memory O(length x tags); each span asked for costs O(its length + tags). */
export function spanMarginals({ emissions, transitions, start, end, tags }: ChainScores): SpanMarginals {
	const tagCount = tags.length;
	const length = emissions.length / tagCount;
	invariant(Number.isInteger(length) && length > 0, `${emissions.length} emissions for ${tagCount} tags`);
	invariant(transitions.length === tagCount * tagCount, 'transitions are not square');
	const forward = new Float64Array(length * tagCount);
	const backward = new Float64Array(length * tagCount);
	const row = new Float64Array(tagCount);

	for (let tag = 0; tag < tagCount; tag++) forward[tag] = emissions[tag] + (start?.[tag] ?? 0);
	for (let position = 1; position < length; position++) {
		for (let to = 0; to < tagCount; to++) {
			for (let from = 0; from < tagCount; from++) {
				row[from] = forward[(position - 1) * tagCount + from] + transitions[from * tagCount + to];
			}
			forward[position * tagCount + to] = logSum(row) + emissions[position * tagCount + to];
		}
	}
	for (let tag = 0; tag < tagCount; tag++) backward[(length - 1) * tagCount + tag] = end?.[tag] ?? 0;
	for (let position = length - 2; position >= 0; position--) {
		for (let from = 0; from < tagCount; from++) {
			for (let to = 0; to < tagCount; to++) row[to] = stepScore(position + 1, from, to);
			backward[position * tagCount + from] = logSum(row);
		}
	}
	for (let tag = 0; tag < tagCount; tag++) {
		row[tag] = forward[(length - 1) * tagCount + tag] + backward[(length - 1) * tagCount + tag];
	}
	const logPartition = logSum(row);

	/** From `from` at the position before to `to` here, and everything after. */
	function stepScore(position: number, from: number, to: number): number {
		return transitions[from * tagCount + to] + emissions[position * tagCount + to] + backward[position * tagCount + to];
	}

	return {
		logPartition,
		tagProbability: (position, tag) =>
			Math.exp(forward[position * tagCount + tag] + backward[position * tagCount + tag] - logPartition),
		outsideProbability(first, last) {
			invariant(first >= 0 && first < last && last <= length, `span [${first}, ${last}) of ${length} characters`);
			const outside = tags.indexOf('O');
			if (outside < 0) return 0;
			let score = forward[first * tagCount + outside];
			for (let position = first + 1; position < last; position++) {
				score += transitions[outside * tagCount + outside] + emissions[position * tagCount + outside];
			}
			return Math.exp(score + backward[(last - 1) * tagCount + outside] - logPartition);
		},
		probability(first, last, type) {
			invariant(first >= 0 && first < last && last <= length, `span [${first}, ${last}) of ${length} characters`);
			const begin = tags.indexOf(`B-${type}`);
			const inside = tags.indexOf(`I-${type}`);
			if (begin < 0 || (inside < 0 && last - first > 1)) return 0;
			let score = forward[first * tagCount + begin];
			let tag = begin;
			for (let position = first + 1; position < last; position++) {
				score += transitions[tag * tagCount + inside] + emissions[position * tagCount + inside];
				tag = inside;
			}
			if (last === length) return Math.exp(score + (end?.[tag] ?? 0) - logPartition);
			for (let to = 0; to < tagCount; to++) {
				row[to] = to === inside ? Number.NEGATIVE_INFINITY : stepScore(last, tag, to);
			}
			return Math.exp(score + logSum(row) - logPartition);
		},
	};
}

function logSum(values: Float64Array): number {
	let most = Number.NEGATIVE_INFINITY;
	for (const value of values) if (value > most) most = value;
	if (most === Number.NEGATIVE_INFINITY) return most;
	let sum = 0;
	for (const value of values) sum += Math.exp(value - most);
	return most + Math.log(sum);
}
