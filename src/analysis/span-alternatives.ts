// What else a model holds possible where it found a mention: other spans and types that overlap it, each with its own
// probability, and that nothing is there at all. The readings exclude one another only where they overlap, so their
// probabilities need not sum to 1.

import type { SpanMarginals } from './span-marginals';

export interface SpanAlternative {
	/** [start, end) in characters. */
	start: number;
	end: number;
	/** Null: no character of the span belongs to a mention. */
	type: string | null;
	/** From `minProbability` to 1. */
	probability: number;
}

export interface AlternativesRequest {
	span: { start: number; end: number; type: string };
	/** Characters of the sentence. */
	length: number;
	types: readonly string[];
}

const minProbability = 0.005;
const maxAlternatives = 4;
/** Characters before the span at which another reading may begin. */
const reach = 6;
const longestReading = 20;

/** The most probable other readings of a span, best first. */
export function spanAlternatives(
	marginals: SpanMarginals,
	{ span, length, types }: AlternativesRequest,
): SpanAlternative[] {
	const found: SpanAlternative[] = [];
	const add = (alternative: SpanAlternative) => {
		if (alternative.probability >= minProbability) found.push(alternative);
	};
	const { start: ownStart, end: ownEnd } = span;
	add({ start: ownStart, end: ownEnd, type: null, probability: marginals.outsideProbability(ownStart, ownEnd) });
	for (let start = Math.max(0, ownStart - reach); start < ownEnd; start++) {
		const last = Math.min(length, start + longestReading, ownEnd + reach);
		for (let end = Math.max(start, ownStart) + 1; end <= last; end++) {
			for (const type of types) {
				if (start === ownStart && end === ownEnd && type === span.type) continue;
				add({ start, end, type, probability: marginals.probability(start, end, type) });
			}
		}
	}
	return found.sort((left, right) => right.probability - left.probability).slice(0, maxAlternatives);
}
