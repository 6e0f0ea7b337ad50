// What a model made of the sentences of a split, beside their annotation: enough to read a result when its corpus has
// changed or is gone. Tags are in BIO.

import type { LabelSet } from '../experiment/labels';
import { invariant } from '../util/errors';
import type { Sentence, SentenceRef, SplitName } from './corpus';
import type { PreparedData } from './prepared';

export interface PredictedSentence {
	/** Its place in the corpus as imported, or in its file. */
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

export interface EvaluatedInput {
	train: readonly Sentence[];
	dev: readonly Sentence[];
	test: readonly Sentence[];
	/** Places of the sentences where they are not those of the lists. */
	places?: Partial<Record<EvaluatedSplit, readonly Pick<PredictedSentence, 'ref' | 'start'>[]>>;
	/** Training sentences used; 0 for all. */
	limitTrain: number;
	/** Whether test serves as dev. */
	devIsTest: boolean;
	/** False where dev stands in for test. */
	hasTest: boolean;
}

/** The sentences of dev and test in the order in which a run evaluates them. */
export function evaluatedSentences(input: EvaluatedInput): Record<EvaluatedSplit, EvaluatedSentence[]> {
	const { train, limitTrain, devIsTest, hasTest, places = {} } = input;
	const seen = new Set((limitTrain > 0 ? train.slice(0, limitTrain) : train).map(textOf));
	const placed = (split: EvaluatedSplit, name: SplitName = split): EvaluatedSentence[] =>
		input[split].map((sentence, index) => ({
			...(places[split]?.[index] ?? { ref: { split: name, index }, start: 0 }),
			characters: sentence.characters,
			isInTrain: seen.has(textOf(sentence)),
		}));
	const test = placed('test', hasTest ? 'test' : 'dev');
	return { dev: devIsTest ? test : placed('dev'), test };
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

const textOf = ({ characters }: Pick<Sentence, 'characters'>) => characters.join('\u0000');

function namesOf(labels: LabelSet, ids: Int32Array): string[] {
	return Array.from(ids, (id) => labels.tags[id]);
}
