// What the page needs of a sentence without asking: its annotated spans, the tags of a point. Pure.

import type { Span } from '../data/span';
import type { SnapshotData, SpacePoints } from '../wire/space';

/** Spans of the annotated tags of a sentence: B starts one, I of the same type continues it. */
export function goldSpans({ sentences, tags, goldOfCharacters }: SpacePoints, sentence: number): Span[] {
	const { offset, characters } = sentences[sentence];
	const spans: Span[] = [];
	for (let index = 0; index < characters.length; index++) {
		const tag = tags[goldOfCharacters[offset + index]] ?? 'O';
		const [position, type] = [tag.slice(0, 2), tag.slice(2)];
		const last = spans.at(-1);
		const continues =
			(position === 'I-' || position === 'M-' || position === 'E-') && last?.end === index && last.type === type;
		if (continues) last.end = index + 1;
		else if (tag !== 'O' && position[1] === '-') spans.push({ start: index, end: index + 1, type });
	}
	return spans;
}

export interface PointFacts {
	character: string;
	gold: string;
	/** Null without predictions. */
	predicted: string | null;
	confidence: number | null;
	isWrong: boolean;
	/** Index of the type; -1 outside mentions. */
	type: number;
	sentence: number;
	/** Index of the token in the sentence. */
	index: number;
}

export function pointFacts(points: SpacePoints, data: SnapshotData, point: number): PointFacts {
	const sentence = points.sentence[point];
	const index = points.character[point];
	return {
		character: points.sentences[sentence].characters[index],
		gold: points.tags[points.gold[point]],
		predicted: data.predicted ? points.tags[data.predicted[point]] : null,
		confidence: data.confidence ? data.confidence[point] : null,
		isWrong: data.isRight !== null && data.isRight[point] === 0,
		type: points.type[point],
		sentence,
		index,
	};
}

/** The type that most of some points have, with how many; `O` for tokens outside mentions. Null for none. */
export function majorityType(points: SpacePoints, some: readonly number[]): { type: string; count: number } | null {
	const counts = new Map<string, number>();
	for (const point of some) {
		const type = points.entityTypes[points.type[point]] ?? 'O';
		counts.set(type, (counts.get(type) ?? 0) + 1);
	}
	const [best] = [...counts].sort((left, right) => right[1] - left[1]);
	return best ? { type: best[0], count: best[1] } : null;
}
