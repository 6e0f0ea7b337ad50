// What a prediction got wrong, mention by mention: each gold mention and each predicted one is paired with at most one of
// the other side, and the pair's kind is told. Order of pairing: same span and type, then same span, then overlap with
// the same type, then any overlap; the longer overlap first, the earlier mention on ties.

import type { Mention } from './span-readings';

/** `boundary`: right type, other span. `type`: right span, other type. `both`: overlap with neither right. */
export type MentionKind = 'correct' | 'boundary' | 'type' | 'both' | 'missed' | 'spurious';
export const errorKinds = ['missed', 'spurious', 'boundary', 'type', 'both'] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** One of the two is null only for missed and spurious mentions. */
export interface MentionPair {
	kind: MentionKind;
	gold: Mention | null;
	predicted: Mention | null;
}

/** Pairs of one sentence, ordered by where they begin. Every mention of either side is in exactly one pair. */
export function pairMentions(gold: readonly Mention[], predicted: readonly Mention[]): MentionPair[] {
	const candidates = gold.flatMap((left, leftIndex) =>
		predicted.flatMap((right, rightIndex) => {
			const overlap = Math.min(left.end, right.end) - Math.max(left.start, right.start);
			return overlap > 0 ? [{ leftIndex, rightIndex, overlap, kind: kindOf(left, right) }] : [];
		}),
	);
	candidates.sort(
		(one, other) =>
			pairingOrder.indexOf(one.kind) - pairingOrder.indexOf(other.kind) ||
			other.overlap - one.overlap ||
			one.leftIndex - other.leftIndex ||
			one.rightIndex - other.rightIndex,
	);
	const goldLeft = new Set(gold.keys());
	const predictedLeft = new Set(predicted.keys());
	const pairs: MentionPair[] = [];
	for (const { leftIndex, rightIndex, kind } of candidates) {
		if (!goldLeft.has(leftIndex) || !predictedLeft.has(rightIndex)) continue;
		goldLeft.delete(leftIndex);
		predictedLeft.delete(rightIndex);
		pairs.push({ kind, gold: gold[leftIndex], predicted: predicted[rightIndex] });
	}
	for (const index of goldLeft) pairs.push({ kind: 'missed', gold: gold[index], predicted: null });
	for (const index of predictedLeft) pairs.push({ kind: 'spurious', gold: null, predicted: predicted[index] });
	return pairs.sort((one, other) => startOf(one) - startOf(other));
}

const pairingOrder: readonly MentionKind[] = ['correct', 'type', 'boundary', 'both'];

function kindOf(gold: Mention, predicted: Mention): MentionKind {
	const sameSpan = gold.start === predicted.start && gold.end === predicted.end;
	if (gold.type === predicted.type) return sameSpan ? 'correct' : 'boundary';
	return sameSpan ? 'type' : 'both';
}

function startOf({ gold, predicted }: MentionPair): number {
	return Math.min(gold?.start ?? Number.POSITIVE_INFINITY, predicted?.start ?? Number.POSITIVE_INFINITY);
}

/** A confusion of types with O: `counts[row][column]`, rows gold, columns predicted, the last of each is O. */
export interface Confusion {
	/** Types in order, without O. */
	types: string[];
	counts: number[][];
}

/** Counts pairs by gold and predicted type; a missed mention stands in column O, a spurious one in row O. */
export function confusionOf(pairs: Iterable<MentionPair>, types: readonly string[]): Confusion {
	const outside = types.length;
	const counts = Array.from({ length: outside + 1 }, () => new Array<number>(outside + 1).fill(0));
	const indexOf = (mention: Mention | null) => (mention === null ? outside : types.indexOf(mention.type));
	for (const { gold, predicted } of pairs) {
		const [row, column] = [indexOf(gold), indexOf(predicted)];
		if (row >= 0 && column >= 0) counts[row][column]++;
	}
	return { types: [...types], counts };
}

/** How many pairs there are of each kind. */
export function countKinds(pairs: Iterable<MentionPair>): Record<MentionKind, number> {
	const counts: Record<MentionKind, number> = { correct: 0, boundary: 0, type: 0, both: 0, missed: 0, spurious: 0 };
	for (const { kind } of pairs) counts[kind]++;
	return counts;
}
