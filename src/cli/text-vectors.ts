// Options of `tag` and `evaluate` that name stored vectors and a lexicon for words that the model does not know.

import type { Sentence } from '../data/corpus';
import { wantedWords } from '../data/prepare';
import type { EncodedText, StoredVectors } from '../training/encode-text';
import { readLexicon, readVectorFile } from './read-inputs';

export const vectorOptions = {
	'char-vectors': { type: 'string' },
	'bigram-vectors': { type: 'string' },
	'word-vectors': { type: 'string' },
	lexicon: { type: 'string' },
} as const;

export const vectorUsage = `  --char-vectors FILE    vectors for characters unknown to the model
  --bigram-vectors FILE  vectors for unknown bigrams
  --word-vectors FILE    vectors for unknown words; their words are added to the model's lexicon
  --lexicon FILE         more lexicon words, one per line`;

/** The rows that a text can use, and the words that join the model's lexicon. */
export async function readTextVectors(
	options: Partial<Record<keyof typeof vectorOptions, string>>,
	sentences: Sentence[],
): Promise<{ vectors: StoredVectors; moreWords: string[] }> {
	const wants = wantedWords([{ sentences, notes: [] }]);
	const characters = await readVectorFile(options['char-vectors'], wants.character);
	const bigrams = await readVectorFile(options['bigram-vectors'], wants.bigram);
	const words = await readVectorFile(options['word-vectors'], wants.word);
	const lexicon = (await readLexicon(options.lexicon)) ?? [];
	const moreWords = [...lexicon.filter((word) => wants.word(word)), ...(words?.words ?? [])];
	return { vectors: { characters, bigrams, words }, moreWords };
}

/** `characters: 3 of 120 unknown, 5 looked up; …` */
export function describeCounts(counts: EncodedText['counts']): string {
	return Object.entries(counts)
		.map(([name, { total, unknown, lookedUp }]) => `${name}: ${unknown} of ${total} unknown, ${lookedUp} looked up`)
		.join('; ');
}
