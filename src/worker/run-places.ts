// Where the sentences that a run trains on come from: their texts and their places in the corpus as imported. Preparation
// keeps the order of sentences and cuts long ones into pieces, so places follow from the lengths.

import type { ChosenPoints } from '../analysis/space-points';
import type { SentenceRef, SplitName, TextUnit } from '../data/corpus';
import type { PreparedData } from '../data/prepared';
import type { SpaceSentence, StoredPoints } from '../storage/workspace/space-record';
import { invariant } from '../util/errors';

/** A sentence before preparation. */
export interface PlacedSentence {
	ref: SentenceRef;
	/** Its first character in the sentence as imported. */
	start: number;
	characters: readonly string[];
}

export interface RunPlaces {
	corpusId: string | null;
	unit: TextUnit;
	/** Of the splits as prepared: test in place of dev where the settings say so. */
	splits: Record<SplitName, readonly PlacedSentence[]>;
}

/** Each prepared sentence of a split as a piece of the sentence that it was cut from. */
export function placesOfPieces(prepared: readonly number[], sentences: readonly PlacedSentence[]): PlacedSentence[] {
	let next = 0;
	let from = 0;
	return prepared.map((length) => {
		const { ref, start, characters } = sentences[next];
		const piece = { ref, start: start + from, characters: characters.slice(from, from + length) };
		invariant(piece.characters.length === length, `a piece of ${length} characters in sentence ${ref.index}`);
		from += length;
		if (from === characters.length) {
			next++;
			from = 0;
		}
		return piece;
	});
}

/** Chosen points with their sentences' texts, as they are kept. */
export function describePoints(chosen: ChosenPoints, data: PreparedData, places: RunPlaces): StoredPoints {
	const piecesOf = (split: 'dev' | 'train') =>
		placesOfPieces(
			data.splits[split].map(({ characterRows }) => characterRows.length),
			places.splits[split],
		);
	const pieces = { dev: piecesOf('dev'), train: piecesOf('train') };
	const sentences = chosen.sentences.map(({ split, index, offset }): SpaceSentence => {
		const { ref, start, characters } = pieces[split][index];
		return { ref, start, split, characters: [...characters], offset };
	});
	const { place, sentences: _, ...rest } = chosen;
	const { corpusId, unit } = places;
	return { ...rest, corpusId, unit, count: place.length, tags: [...data.labels.tags], sentences };
}
