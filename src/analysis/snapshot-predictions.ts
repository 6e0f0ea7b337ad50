// What a CRF predicts for the characters and mentions of a snapshot: the probability of each predicted tag and of the annotated tags
// of each mention. C characters, K tags, M mentions.

import type { MentionOfPoints, PointPositions } from './space-mentions';
import { type ChainScores, spanMarginals } from './span-marginals';

export interface SnapshotScores {
	/** Predicted tag ids. [C] */
	tags: Uint8Array;
	/** Scores of tag ids from `tagOffset` on. [C, K] */
	emissions: Float32Array;
	crf: Omit<ChainScores, 'emissions'>;
	tagOffset: number;
}

/** Probabilities in steps of 1/255. */
export interface SnapshotPredictions {
	/** Of the predicted tag of each character. [C] */
	confidence: Uint8Array;
	/** Mean of the probabilities of a mention's annotated tags. [M] */
	gold: Uint8Array;
	/** 1 where all tags of the mention are predicted as annotated. [M] */
	isRight: Uint8Array;
}

const sentencesAtOnce = 8;

/** Yields after some sentences. */
export function* snapshotPredictions(
	{ tags, emissions, crf, tagOffset }: SnapshotScores,
	{ sentences, goldOfCharacters }: PointPositions,
	mentions: readonly MentionOfPoints[],
): Generator<void, SnapshotPredictions> {
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
		const probability = (character: number, id: number) =>
			id < tagOffset ? 0 : tagProbability(character, id - tagOffset);
		for (let character = 0; character < characters; character++) {
			confidence[offset + character] = inSteps(probability(character, tags[offset + character]));
		}
		for (const mention of bySentence[number]) {
			const { start, end } = mentions[mention];
			let sum = 0;
			let right = 1;
			for (let character = start; character < end; character++) {
				const annotated = goldOfCharacters[offset + character];
				sum += probability(character, annotated);
				if (tags[offset + character] !== annotated) right = 0;
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
