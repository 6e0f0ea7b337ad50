// What is done with chosen points: what they are, their order, the sentences behind them, and new labels for their mentions. Pure.

import type { SentenceRef, Span } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';
import type { SentenceRow } from '../worker/data-commands';
import type { FrameData, SpacePoints, SuspiciousMention } from '../worker/space-commands';

export interface Composition {
	/** Tags with the number of chosen points, most first. */
	tags: { tag: string; type: number; count: number }[];
	/** Whose prediction differs from the annotation; null without predictions. */
	wrong: number | null;
}

export function compositionOf(points: SpacePoints, { isRight }: FrameData, chosen: readonly number[]): Composition {
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

/** Sentences as they stand in the address of Annotate: `test:12,test:40`. */
export function refsText(refs: readonly SentenceRef[]): string {
	return refs.map(({ split, index }) => `${split}:${index}`).join(',');
}

export interface RelabelPlan {
	changes: CorpusChange[];
	/** Mentions that get the new type. */
	mentions: number;
	/** Chosen tokens that stand in no mention (now), or in a sentence that is clipped or no longer there. */
	leftOut: number;
}

/**
 * The changes that give the mentions of chosen points another type, or take their label away (`type` null). `rows` are their sentences as the
 * corpus stands now; a mention counts once however many of its tokens are chosen.
 */
export function relabelPlan(
	points: SpacePoints,
	chosen: readonly number[],
	rows: readonly SentenceRow[],
	type: string | null,
): RelabelPlan {
	const byRef = new Map(rows.map((row) => [refKey(row.ref), row]));
	const isPiece = new Set(rows.filter(({ start }) => start > 0).map(({ ref }) => refKey(ref)));
	const asked = new Map<string, Set<number>>();
	let mentions = 0;
	let leftOut = 0;
	for (const point of chosen) {
		const { ref, start } = points.sentences[points.sentence[point]];
		const row = byRef.get(refKey(ref));
		const position = start + points.character[point];
		const span = row?.spans.find((one) => one.start <= position && position < one.end);
		if (!row || !span || isPiece.has(refKey(ref))) leftOut++;
		else asked.set(refKey(ref), (asked.get(refKey(ref)) ?? new Set()).add(row.spans.indexOf(span)));
	}
	const changes = [...asked].flatMap(([key, indices]): CorpusChange[] => {
		const row = byRef.get(key);
		const touched = [...indices].filter((index) => row?.spans[index].type !== type);
		if (!row || touched.length === 0) return [];
		mentions += touched.length;
		return [{ kind: 'relabel', sentence: row.ref, spans: withType(row.spans, new Set(touched), type) }];
	});
	return { changes, mentions, leftOut };
}

function withType(spans: readonly Span[], touched: ReadonlySet<number>, type: string | null): Span[] {
	return spans.flatMap((span, index) => {
		if (!touched.has(index)) return [span];
		return type === null ? [] : [{ ...span, type }];
	});
}

function refKey({ split, index }: SentenceRef): string {
	return `${split}:${index}`;
}
