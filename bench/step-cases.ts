// Shapes to time: generated batches of the published Weibo network (width 200, 19 tags) with as many characters and
// words as real Weibo and Resume batches have.

import type { LatticeSentence } from '../src/data/lattice';
import type { Objective } from '../src/experiment/config';
import type { RandomStream } from '../src/util/random';

export interface StepCase {
	name: string;
	objective: Objective;
	batchSize: number;
	characters: number;
	words: number;
	/** Too slow for emulated devices without --full. */
	isLarge: boolean;
}

const shapes = [
	{ characters: 40, words: 10 },
	{ characters: 76, words: 24 },
	{ characters: 139, words: 41 },
	{ characters: 230, words: 70 },
];

export const stepCases: readonly StepCase[] = shapes.map((shape, index) => ({
	name: `finetuning, B=10, N=${shape.characters + shape.words}`,
	objective: 'crf',
	batchSize: 10,
	...shape,
	isLarge: index > 1,
}));

export const contrastiveCases: readonly StepCase[] = shapes.slice(0, 3).map((shape, index) => ({
	name: `contrastive, B=40, N=${shape.characters + shape.words}`,
	objective: 'contrastive',
	batchSize: 40,
	...shape,
	isLarge: index > 0,
}));

export const benchTags = [
	'<pad>',
	'<unk>',
	'O',
	...['PER', 'LOC', 'ORG', 'GPE'].flatMap((type) =>
		['NAM', 'NOM'].flatMap((kind) => [`B-${type}.${kind}`, `I-${type}.${kind}`]),
	),
];
export const benchRows = { lattice: 11000, bigram: 34500 };

/** One sentence of the case's size: random rows, words of two or three characters, one character in seven tagged. */
export function benchSentence({ characters, words }: StepCase, stream: RandomStream): LatticeSentence {
	const rows = (length: number, limit: number) => Int32Array.from({ length }, () => 2 + stream.below(limit - 2));
	const wordStart = Int32Array.from({ length: words }, () => stream.below(characters - 3)).sort();
	return {
		characterRows: rows(characters, 3000),
		bigramRows: rows(characters, benchRows.bigram),
		wordRows: rows(words, benchRows.lattice),
		wordStart,
		wordLast: wordStart.map((start) => start + 1 + stream.below(2)),
		tags: Int32Array.from({ length: characters }, () =>
			stream.below(7) === 0 ? 3 + stream.below(benchTags.length - 3) : 2,
		),
	};
}
