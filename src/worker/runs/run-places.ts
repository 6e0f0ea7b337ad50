// Where the sentences that a run trains on come from: their texts and their places in the corpus as imported.

import type { ChosenPoints } from '../../analysis/space-points';
import type { SplitName, TextUnit } from '../../data/corpus';
import type { PreparedData } from '../../data/prepared';
import type { SentenceOrigin } from '../../data/run-sentences';
import type { SpaceSentence, StoredPoints } from '../../storage/workspace/space-record';
import { invariant } from '../../util/errors';

export interface PlacedSentence extends SentenceOrigin {
	characters: readonly string[];
}

export interface RunPlaces {
	corpusId: string | null;
	unit: TextUnit;
	/** One entry for each prepared sentence. */
	splits: Record<SplitName, readonly PlacedSentence[]>;
}

/** Chosen points with their sentences' texts, as they are kept. */
export function describePoints(chosen: ChosenPoints, data: PreparedData, places: RunPlaces): StoredPoints {
	const sentences = chosen.sentences.map(({ split, index, offset }): SpaceSentence => {
		const { ref, start, characters } = places.splits[split][index];
		const length = data.splits[split][index].characterRows.length;
		invariant(characters.length === length, `${characters.length} characters for a sentence of ${length}`);
		return { ref, start, split, characters: [...characters], offset };
	});
	const { characterIndex, sentences: _, ...rest } = chosen;
	const { corpusId, unit } = places;
	return { ...rest, corpusId, unit, count: characterIndex.length, tags: [...data.labels.tags], sentences };
}
