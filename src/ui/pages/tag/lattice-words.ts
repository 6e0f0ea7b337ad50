// The words under a sentence: those that the model met, and in their old positions those that are switched off.

import type { TaggedWord } from '../../../analysis/tagged-sentence';
import type { LatticeWord } from '../../kit/sentences/CharacterGrid';

export function latticeWords(
	characters: readonly string[],
	words: readonly TaggedWord[],
	withoutWords: readonly string[],
): LatticeWord[] {
	const off = withoutWords.flatMap((text) => positionsOf(characters, [...text]).map((start) => ({ start, text })));
	return [
		...words.map(({ start, end, text }): LatticeWord => ({ start, end, text, state: 'plain' })),
		...off.map(({ start, text }): LatticeWord => ({ start, end: start + [...text].length, text, state: 'off' })),
	].sort((left, right) => left.start - right.start || left.end - right.end);
}

function positionsOf(characters: readonly string[], word: readonly string[]): number[] {
	const positions: number[] = [];
	for (let start = 0; start + word.length <= characters.length; start++) {
		if (word.every((character, position) => characters[start + position] === character)) positions.push(start);
	}
	return positions;
}
