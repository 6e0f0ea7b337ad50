// What is done with chosen points: what they are, their order, the sentences behind them. Pure.

import type { SentenceRef } from '../data/corpus';
import type { SnapshotData, SpacePoints, SuspiciousMention } from '../wire/space';

export interface Composition {
	/** Tags with the number of chosen points, most first. */
	tags: { tag: string; type: number; count: number }[];
	/** Whose prediction differs from the annotation; null without predictions. */
	wrong: number | null;
}

export function compositionOf(points: SpacePoints, { isRight }: SnapshotData, chosen: readonly number[]): Composition {
	const counts = new Map<number, number>();
	for (const point of chosen) counts.set(points.gold[point], (counts.get(points.gold[point]) ?? 0) + 1);
	const tags = [...counts]
		.sort((left, right) => right[1] - left[1])
		.map(([tag, count]) => ({
			tag: points.tags[tag],
			type: points.entityTypes.indexOf(points.tags[tag].slice(2)),
			count,
		}));
	const wrong = isRight ? chosen.filter((point) => !isRight[point]).length : null;
	return { tags, wrong };
}

/** How much a token's neighbours are of its type. */
export interface Likeness {
	/** Share of the neighbours of its mention that have its type, 0 to 1; null for tokens outside mentions. */
	share: number | null;
	/** The type that most neighbours have instead; null where they agree, or are outside mentions. */
	neighbourType: string | null;
}

/** For each point, from the doubts about mentions. [n] */
export function likenessOf(count: number, mentions: readonly SuspiciousMention[]): Likeness[] {
	const likeness: Likeness[] = Array.from({ length: count }, () => ({ share: null, neighbourType: null }));
	for (const { points, disagreement, neighbourType } of mentions) {
		for (const point of points) likeness[point] = { share: 1 - disagreement, neighbourType };
	}
	return likeness;
}

/** Least like their neighbours first; tokens without a share last, in their own order. */
export function byLikeness(chosen: readonly number[], likeness: readonly Likeness[]): number[] {
	const rank = (point: number) => likeness[point]?.share ?? 2;
	return [...chosen].sort((left, right) => rank(left) - rank(right) || left - right);
}

/** The sentences of points, each once, in the order of the points. */
export function sentencesOf(points: SpacePoints, chosen: readonly number[]): SentenceRef[] {
	const seen = new Map<string, SentenceRef>();
	for (const point of chosen) {
		const { ref } = points.sentences[points.sentence[point]];
		seen.set(`${ref.split}:${ref.index}`, ref);
	}
	return [...seen.values()];
}

/** Sentences as written in the address of Annotate: `test:12,test:40`. */
export function refsText(refs: readonly SentenceRef[]): string {
	return refs.map(({ split, index }) => `${split}:${index}`).join(',');
}
