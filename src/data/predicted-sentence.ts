// What a model made of the sentences of a split, beside their annotation: enough to read a result when its corpus has
// changed or is gone. Tags are in BIO.

import type { LabelSet } from '../experiment/labels';
import { invariant } from '../util/errors';
import type { SentenceRef } from './corpus';
import type { PreparedData } from './prepared';
import { type RunSentences, textOf } from './run-sentences';

export interface PredictedSentence {
	/** Its position in the corpus as imported, or in its file. */
	ref: SentenceRef;
	/** Its first character in the sentence as imported; above 0 for later pieces of a clipped one only. */
	start: number;
	characters: string[];
	/** As the scorer saw them: a tag that the model cannot give is `<unk>`. One a character, as are `predicted`. */
	gold: string[];
	predicted: string[];
	/** Whether the same text stands in the training split. */
	isInTrain: boolean;
}

/** The splits that a run is measured on. */
export type EvaluatedSplit = 'dev' | 'test';
export const evaluatedSplits: readonly EvaluatedSplit[] = ['dev', 'test'];

/** A sentence before it was tagged. */
export type EvaluatedSentence = Pick<PredictedSentence, 'ref' | 'start' | 'characters' | 'isInTrain'>;

/** The sentences of dev and test in the order in which a run evaluates them. */
export function evaluatedSentences({
	splits,
	trainTexts,
}: Pick<RunSentences, 'splits' | 'trainTexts'>): Record<EvaluatedSplit, EvaluatedSentence[]> {
	const ofSplit = (split: EvaluatedSplit) =>
		splits[split].map((sentence): EvaluatedSentence => {
			const { ref, start, characters } = sentence;
			return { ref, start, characters, isInTrain: trainTexts.has(textOf(sentence)) };
		});
	return { dev: ofSplit('dev'), test: ofSplit('test') };
}

/** The sentences of both splits with their tags by name; `tags` are ids, in the order of the prepared sentences. */
export function predictedSentences(
	{ labels, splits }: Pick<PreparedData, 'labels' | 'splits'>,
	evaluated: Record<EvaluatedSplit, readonly EvaluatedSentence[]>,
	tags: Record<EvaluatedSplit, readonly Int32Array[]>,
): Record<EvaluatedSplit, PredictedSentence[]> {
	const ofSplit = (split: EvaluatedSplit) => {
		const gold = splits[split].map((sentence) => namesOf(labels, sentence.tags));
		return joinPredictions(
			evaluated[split],
			gold,
			tags[split].map((ids) => namesOf(labels, ids)),
		);
	};
	return { dev: ofSplit('dev'), test: ofSplit('test') };
}

/** Joins tags to the sentences, by their order. */
function joinPredictions(
	sentences: readonly EvaluatedSentence[],
	gold: readonly (readonly string[])[],
	predicted: readonly (readonly string[])[],
): PredictedSentence[] {
	invariant(gold.length === sentences.length, `${gold.length} gold sentences for ${sentences.length}`);
	invariant(predicted.length === sentences.length, `${predicted.length} tagged sentences for ${sentences.length}`);
	return sentences.map((sentence, index) => {
		const { length } = sentence.characters;
		invariant(gold[index].length === length && predicted[index].length === length, 'tags of another sentence');
		return { ...sentence, gold: [...gold[index]], predicted: [...predicted[index]] };
	});
}

function namesOf(labels: LabelSet, ids: Int32Array): string[] {
	return Array.from(ids, (id) => labels.tags[id]);
}
