// Sets of tokens that the user saved under a name: by their positions in the corpus as imported, so that a set made in one run is the same tokens in
// another. Pure.

import type { SpacePoints } from '../wire/space';

export interface TokenSet {
	name: string;
	/** Split, sentence and character of each token. */
	tokens: readonly (readonly [string, number, number])[];
}

export function tokenSetOf(name: string, points: SpacePoints, chosen: readonly number[]): TokenSet {
	return {
		name,
		tokens: chosen.map((point) => {
			const { ref, start } = points.sentences[points.sentence[point]];
			return [ref.split, ref.index, start + points.character[point]] as const;
		}),
	};
}

/** The points of a run that are in a set, rising. */
export function pointsOfSet({ tokens }: TokenSet, points: SpacePoints): number[] {
	const wanted = new Set(tokens.map((token) => token.join(' ')));
	const found: number[] = [];
	for (let point = 0; point < points.count; point++) {
		const { ref, start } = points.sentences[points.sentence[point]];
		if (wanted.has(`${ref.split} ${ref.index} ${start + points.character[point]}`)) found.push(point);
	}
	return found;
}

/** What storage gave, taken only as far as it is a list of sets. */
export function readTokenSets(value: unknown): TokenSet[] {
	if (!Array.isArray(value)) return [];
	return value.filter(
		(set): set is TokenSet =>
			typeof set?.name === 'string' &&
			Array.isArray(set.tokens) &&
			set.tokens.every((token: unknown) => Array.isArray(token) && token.length === 3),
	);
}
