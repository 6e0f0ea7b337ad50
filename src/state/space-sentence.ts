// What the page needs of a sentence without asking: its annotated spans, the tags of a point. Pure.

import type { Span } from '../data/span';
import type { FrameData, SpacePoints } from '../wire/space';

/** Spans of the annotated tags of a sentence: B begins one, I of the same type goes on. */
export function goldSpans({ sentences, tags, goldOfCharacters }: SpacePoints, sentence: number): Span[] {
	const { offset, characters } = sentences[sentence];
	const spans: Span[] = [];
	for (let place = 0; place < characters.length; place++) {
		const tag = tags[goldOfCharacters[offset + place]] ?? 'O';
		const [position, type] = [tag.slice(0, 2), tag.slice(2)];
		const last = spans.at(-1);
		const goesOn =
			(position === 'I-' || position === 'M-' || position === 'E-') && last?.end === place && last.type === type;
		if (goesOn) last.end = place + 1;
		else if (tag !== 'O' && position[1] === '-') spans.push({ start: place, end: place + 1, type });
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
	/** Place in the sentence. */
	place: number;
}

export function pointFacts(points: SpacePoints, data: FrameData, point: number): PointFacts {
	const sentence = points.sentence[point];
	const place = points.character[point];
	return {
		character: points.sentences[sentence].characters[place],
		gold: points.tags[points.gold[point]],
		predicted: data.predicted ? points.tags[data.predicted[point]] : null,
		confidence: data.confidence ? data.confidence[point] : null,
		isWrong: data.isRight !== null && data.isRight[point] === 0,
		type: points.type[point],
		sentence,
		place,
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
