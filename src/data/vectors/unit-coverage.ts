// How much of a corpus has vectors: its characters, bigrams and lexicon words, split by split, and which missing ones
// occur most. Counts kinds (each different unit once) and occurrences.

import { bigramsOf } from '../bigrams';
import type { Sentence } from '../corpus';
import { matchedWords } from '../encode-sentence';
import { findMatches, type Lexicon } from '../lexicon';
import type { VectorUnits } from './unit-text';

export interface UnitCoverage {
	units: VectorUnits;
	/** Different units of the text, and those of them with a vector. */
	wanted: number;
	found: number;
	/** The same by occurrence. */
	occurrences: number;
	foundOccurrences: number;
	/** The most frequent ones without a vector, by falling count. */
	missing: { word: string; count: number }[];
}

export interface CoverageCall {
	units: VectorUnits;
	sentences: readonly Sentence[];
	/** Whose words are looked for; needed for words only. */
	lexicon: Lexicon | null;
	hasVector: (word: string) => boolean;
	/** Length of the list of missing units. */
	listed?: number;
}

export function measureCoverage({ units, sentences, lexicon, hasVector, listed = 20 }: CoverageCall): UnitCoverage {
	const counts = new Map<string, number>();
	for (const { characters } of sentences) {
		for (const word of unitsOf(units, characters, lexicon)) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	const missing = [...counts].filter(([word]) => !hasVector(word));
	const sum = (entries: Iterable<[string, number]>) => [...entries].reduce((total, [, count]) => total + count, 0);
	const occurrences = sum(counts);
	const byCount = missing.toSorted(([, left], [, right]) => right - left).slice(0, listed);
	return {
		units,
		wanted: counts.size,
		found: counts.size - missing.length,
		occurrences,
		foundOccurrences: occurrences - sum(missing),
		missing: byCount.map(([word, count]) => ({ word, count })),
	};
}

function unitsOf(units: VectorUnits, characters: readonly string[], lexicon: Lexicon | null): readonly string[] {
	if (units === 'characters') return characters;
	if (units === 'bigrams') return bigramsOf(characters);
	if (lexicon === null) return [];
	const { start, last } = findMatches(lexicon, characters);
	return matchedWords(characters, start, last);
}
