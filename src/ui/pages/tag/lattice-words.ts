// The words under a sentence: those that the model met, and in their old places those that are switched off.

import type { TaggedWord } from '../../../analysis/tagged-sentence';
import type { LatticeWord } from '../../kit/sentences/CharacterGrid';

export function latticeWords(
	characters: readonly string[],
	words: readonly TaggedWord[],
	withoutWords: readonly string[],
): LatticeWord[] {
	const off = withoutWords.flatMap((text) => placesOf(characters, [...text]).map((start) => ({ start, text })));
	return [
		...words.map(({ start, end, text }): LatticeWord => ({ start, end, text, state: 'plain' })),
		...off.map(({ start, text }): LatticeWord => ({ start, end: start + [...text].length, text, state: 'off' })),
	].sort((left, right) => left.start - right.start || left.end - right.end);
}

function placesOf(characters: readonly string[], word: readonly string[]): number[] {
	const places: number[] = [];
	for (let start = 0; start + word.length <= characters.length; start++) {
		if (word.every((character, place) => characters[start + place] === character)) places.push(start);
	}
	return places;
}
