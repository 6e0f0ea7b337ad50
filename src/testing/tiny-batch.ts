// Batches of sentences whose only content is their shape, for tests of kernels.

import { arrangeBatch } from '../data/arrange-batch';
import type { Batch, RowLayout } from '../data/batch';
import type { LatticeSentence } from '../data/lattice';
import { drawIntegers } from './numeric-gradient';

/** A batch of sentences with so many characters and words each; `tagCount` tags, at random. */
export function tinyBatch(
	sizes: readonly { characters: number; words: number }[],
	{ layout = 'ragged', tagCount = 5, seed = 1 }: { layout?: RowLayout; tagCount?: number; seed?: number } = {},
): Batch {
	const sentences = sizes.map(({ characters, words }, index): LatticeSentence => {
		const wordStart = drawIntegers(seed + index, words, 0, characters).sort();
		return {
			characterRows: drawIntegers(seed + index, characters, 2, 9),
			bigramRows: drawIntegers(seed + index + 1, characters, 2, 9),
			wordRows: drawIntegers(seed + index + 2, words, 2, 9),
			wordStart,
			wordLast: wordStart.map((start) => Math.min(characters - 1, start + 1)),
			tags: drawIntegers(seed + index + 3, characters, 0, tagCount),
		};
	});
	return arrangeBatch(sentences, [...sentences.keys()], { layout, distanceKind: 'pair' });
}
