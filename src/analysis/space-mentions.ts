// The mentions among the points of a run, whose labels can be checked against training and neighbours.

import type { Span } from '../data/span';
import { parseTag, tagsToSpans } from '../data/tag-scheme';

export interface MentionOfPoints extends Span {
	/** Index in the list of sentences. */
	sentence: number;
	/** The points of its tokens, in order. */
	points: number[];
}

export interface PointPositions {
	/** First character of each sentence among all, and its characters' number. */
	sentences: readonly { offset: number; characters: number }[];
	/** Sentence of each point, and character within it. [n] */
	sentence: Int32Array;
	character: Int32Array;
	/** Annotated tag ids of all characters. [C] */
	goldOfCharacters: Uint8Array;
	/** By id. */
	tags: readonly string[];
}

/** Mentions all of whose tokens are points, in the order of the text. */
export function mentionsOfPoints(all: PointPositions): MentionOfPoints[] {
	const { sentences, sentence, character, goldOfCharacters, tags } = all;
	const pointAt = new Map<number, number>();
	for (const [point, number] of sentence.entries()) {
		pointAt.set(sentences[number].offset + character[point], point);
	}
	return sentences.flatMap(({ offset, characters }, number) => {
		const spans = spansOfIds(goldOfCharacters.subarray(offset, offset + characters), tags);
		return spans.flatMap((span): MentionOfPoints[] => {
			const tokens = Array.from({ length: span.end - span.start }, (_, k) => offset + span.start + k);
			const points = tokens.flatMap((token) => pointAt.get(token) ?? []);
			return points.length === tokens.length ? [{ ...span, sentence: number, points }] : [];
		});
	});
}

/** Spans of tag ids in BIO. `<pad>` and `<unk>`, which a model as published can predict, name no entity. */
export function spansOfIds(ids: Uint8Array, tags: readonly string[]): Span[] {
	const names = Array.from(ids, (id) => (parseTag(tags[id]) ? tags[id] : 'O'));
	return tagsToSpans(names, 'BIO');
}
