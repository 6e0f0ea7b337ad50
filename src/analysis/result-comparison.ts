// Two runs on the same sentences, sentence by sentence: which ones the second run gets right that the first got wrong,
// and the other way round. Sentences are the same when their text and their annotation are.

import type { PredictedSentence } from '../data/predicted-sentence';
import type { SentenceReading } from './prediction-readings';

/** From the first run to the second. */
export type Outcome = 'fixed' | 'broken' | 'bothWrong' | 'bothRight';
export const outcomes: readonly Outcome[] = ['fixed', 'broken', 'bothWrong', 'bothRight'];

/** Indices of the same sentence in each of several runs. */
export type SharedSentence = readonly number[];

/** The sentences that all runs have, in the order of the first run. One that a run has twice is matched as often. */
export function sharedSentences(runs: readonly (readonly PredictedSentence[])[]): SharedSentence[] {
	const [first, ...others] = runs;
	const waiting = others.map((sentences) => {
		const indices = new Map<string, number[]>();
		sentences.forEach((sentence, index) => {
			const key = keyOf(sentence);
			const list = indices.get(key);
			if (list) list.push(index);
			else indices.set(key, [index]);
		});
		return indices;
	});
	return first.flatMap((sentence, index) => {
		const key = keyOf(sentence);
		const indices = waiting.map((map) => map.get(key)?.shift());
		return indices.includes(undefined) ? [] : [[index, ...(indices as number[])]];
	});
}

function keyOf({ characters, gold }: PredictedSentence): string {
	return `${characters.join('\u0000')}\u0001${gold.join(' ')}`;
}

/** A sentence is right when every mention of either side is. */
export function outcomeOf(first: SentenceReading, second: SentenceReading): Outcome {
	if (isRight(first)) return isRight(second) ? 'bothRight' : 'broken';
	return isRight(second) ? 'fixed' : 'bothWrong';
}

function isRight({ pairs }: SentenceReading): boolean {
	return pairs.every(({ kind }) => kind === 'correct');
}
