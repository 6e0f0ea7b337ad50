// A network small enough for tests of behaviour: width 8, a handful of rows, five tags.

import type { LatticeSentence } from '../data/lattice';
import type { ModelConfig } from '../experiment/config';
import type { LabelSet } from '../experiment/labels';
import type { BertShape, NetworkShape } from '../model/shape';
import { RandomStream } from '../util/random';

export const tinyLabels: LabelSet = { tags: ['<pad>', '<unk>', 'O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'] };

export function tinyShape(model: Partial<ModelConfig> = {}, bert: BertShape | null = null): NetworkShape {
	return {
		model: {
			heads: 2,
			headSize: 4,
			layers: 1,
			feedForwardFactor: 3,
			fusion: 'ff_two',
			distanceOrigin: 'centred',
			bigrams: true,
			lexicon: true,
			embeddingSize: 4,
			encoder: 'flat',
			crfStartEnd: false,
			constrainedDecoding: false,
			embeddingDropout: 0,
			feedForwardDropout: 0,
			outputDropout: 0,
			wordDropout: 0,
			...model,
		},
		latticeRows: 20,
		latticeSize: 4,
		bigramRows: 15,
		bigramSize: 4,
		tagCount: tinyLabels.tags.length,
		tagOffset: 0,
		maxDistance: 12,
		bert,
	};
}

/** Random sentences of 2 to 9 characters with up to three words; tags between `O` and the last. */
export function tinySentences(count: number, seed: number): LatticeSentence[] {
	const stream = new RandomStream(seed);
	const rows = (length: number, limit: number) => Int32Array.from({ length }, () => 2 + stream.below(limit - 2));
	return Array.from({ length: count }, () => {
		const length = 2 + stream.below(8);
		const words = stream.below(4);
		const wordStart = rows(words, length + 1).map((start) => Math.min(start - 2, length - 2));
		return {
			characterRows: rows(length, 20),
			bigramRows: rows(length, 15),
			wordRows: rows(words, 20),
			wordStart: wordStart.sort(),
			wordLast: wordStart.map((start) => start + 1),
			tags: rows(length, 7),
		};
	});
}
