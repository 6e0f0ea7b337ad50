// What a CRF says of the characters and mentions of a frame: the probability of each predicted tag and of the annotated tags
// of each mention. C characters, K tags, M mentions.

import type { MentionOfPoints, PointPlaces } from './space-mentions';
import { type ChainScores, spanMarginals } from './span-marginals';

export interface FrameScores {
	/** Predicted tag ids. [C] */
	tags: Uint8Array;
	/** Scores of tag ids from `tagOffset` on. [C, K] */
	emissions: Float32Array;
	crf: Omit<ChainScores, 'emissions'>;
	tagOffset: number;
}

/** Probabilities in steps of 1/255. */
export interface FramePredictions {
	/** Of the predicted tag at its position. [C] */
	confidence: Uint8Array;
	/** Mean of the probabilities of a mention's annotated tags. [M] */
	gold: Uint8Array;
	/** 1 where all tags of the mention are predicted as annotated. [M] */
	isRight: Uint8Array;
}

const sentencesAtOnce = 8;

/** Yields after some sentences. */
export function* framePredictions(
	{ tags, emissions, crf, tagOffset }: FrameScores,
	{ sentences, goldOfCharacters }: PointPlaces,
	mentions: readonly MentionOfPoints[],
): Generator<void, FramePredictions> {
	const tagCount = crf.tags.length;
	const confidence = new Uint8Array(tags.length);
	const gold = new Uint8Array(mentions.length);
	const isRight = new Uint8Array(mentions.length);
	const bySentence: number[][] = sentences.map(() => []);
	for (const [mention, { sentence }] of mentions.entries()) bySentence[sentence].push(mention);
	for (const [number, { offset, characters }] of sentences.entries()) {
		const { tagProbability } = spanMarginals({
			emissions: emissions.subarray(offset * tagCount, (offset + characters) * tagCount),
			...crf,
		});
		const probability = (position: number, id: number) =>
			id < tagOffset ? 0 : tagProbability(position, id - tagOffset);
		for (let position = 0; position < characters; position++) {
			confidence[offset + position] = inSteps(probability(position, tags[offset + position]));
		}
		for (const mention of bySentence[number]) {
			const { start, end } = mentions[mention];
			let sum = 0;
			let right = 1;
			for (let position = start; position < end; position++) {
				const annotated = goldOfCharacters[offset + position];
				sum += probability(position, annotated);
				if (tags[offset + position] !== annotated) right = 0;
			}
			gold[mention] = inSteps(sum / (end - start));
			isRight[mention] = right;
		}
		if (number % sentencesAtOnce === 0) yield;
	}
	return { confidence, gold, isRight };
}

/** NaN, from a model that has diverged, is 0. */
function inSteps(probability: number): number {
	return Math.round(255 * Math.min(1, Math.max(0, probability))) || 0;
}
