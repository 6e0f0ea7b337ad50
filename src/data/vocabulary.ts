// Vocabularies: ids by falling frequency, after `<pad>` 0 and `<unk>` 1; ties stand in order of first appearance.

import { type LabelSet, padTag, unknownTag } from '../experiment/labels';
import type { Vocabulary } from './prepared';

/** Words of each sentence. */
type Sentences = Iterable<Iterable<string>>;

/**
 * The vocabulary of training text and of words that only other text (dev, then test) has. As published, the other text
 * counts in the order too; as intended it adds its new words at the end.
 */
export function buildVocabulary(train: Sentences, others: readonly Sentences[], countOthers: boolean): Vocabulary {
	const counts = new Map<string, number>();
	countWords(train, counts, 1);
	const trained = new Set(counts.keys());
	for (const sentences of others) countWords(sentences, counts, countOthers ? 1 : 0);
	const words = [padTag, unknownTag, ...byFallingCount(counts)];
	return { words, hasOwnEntry: Uint8Array.from(words, (word, id) => (id < 2 || trained.has(word) ? 1 : 0)) };
}

/** Labels of the training tags, and behind them such as only `others` have: none as published. */
export function buildLabels(train: Sentences, others: readonly Sentences[] = []): LabelSet {
	const counts = new Map<string, number>();
	countWords(train, counts, 1);
	for (const sentences of others) countWords(sentences, counts, 0);
	return { tags: [padTag, unknownTag, ...byFallingCount(counts)] };
}

function countWords(sentences: Sentences, counts: Map<string, number>, weight: number): void {
	for (const words of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
}

function byFallingCount(counts: ReadonlyMap<string, number>): string[] {
	const isSpecial = (word: string) => word === padTag || word === unknownTag;
	const entries = [...counts].filter(([word]) => !isSpecial(word));
	return entries.sort(([, left], [, right]) => right - left).map(([word]) => word);
}
