// The contrastive inspector: which sentences make the batch, their representations, the report. How representations are
// computed is up to the entry.

import { contrastReport } from '../../analysis/contrast-report';
import { spansOfIds } from '../../analysis/space-mentions';
import type { SentenceRef } from '../../data/corpus';
import { semanticClasses } from '../../experiment/labels';
import type { StoredPoints } from '../../storage/workspace/space-record';
import { UserError } from '../../util/errors';
import type { ContrastReply, ContrastSource } from '../../wire/space';

export interface ContrastSentence {
	ref: SentenceRef | null;
	characters: string[];
	/** Tag ids. */
	gold: Uint8Array;
}

export interface RepresentedBatch {
	/** Rows of all characters of the sentences, one after another. [n, D] */
	vectors: Float32Array;
	dimension: number;
	parameters: ContrastReply['parameters'];
}

export interface ContrastTools {
	/** Sentences of the batch that the active run takes next; null when it is not this run. */
	currentBatch(runId: string): ContrastSentence[] | null;
	/** Throws a UserError `space-no-model`. */
	represent(runId: string, sentences: readonly ContrastSentence[]): Promise<RepresentedBatch>;
	/** Sentences of a batch of the run's first stage. */
	batchSize(runId: string): Promise<number>;
}

export async function inspectContrast(
	runId: string,
	points: StoredPoints,
	{ source, temperature }: { source: ContrastSource; temperature: number },
	tools: ContrastTools,
): Promise<ContrastReply> {
	const batchSize = await tools.batchSize(runId);
	const train = points.sentences.flatMap(({ split }, index) => (split === 'train' ? [index] : []));
	const batches = Math.ceil(train.length / batchSize);
	const sentences = chooseSentences(source, { runId, points, train, batchSize, tools });
	const { vectors, dimension, parameters } = await tools.represent(runId, sentences);
	const { names, ofTag, outside } = semanticClasses({ tags: points.tags });
	const gold = sentences.flatMap((sentence) => [...sentence.gold]);
	const classes = Int32Array.from(gold, (id) => ofTag[id]);
	const tokens = sentences.flatMap(({ characters }, sentence) =>
		characters.map((_, character) => ({ sentence, character })),
	);
	return {
		report: contrastReport({ vectors, dimension, classes, names, outside, temperature }),
		sentences: sentences.map(({ ref, characters, gold: ids }) => ({
			ref,
			characters,
			gold: spansOfIds(ids, points.tags),
		})),
		tokens: tokens.map((token, index) => ({ ...token, tag: points.tags[gold[index]] })),
		parameters,
		batches,
	};
}

interface Choice {
	runId: string;
	points: StoredPoints;
	/** Training sentences among those of the points. */
	train: readonly number[];
	batchSize: number;
	tools: ContrastTools;
}

function chooseSentences(source: ContrastSource, choice: Choice): ContrastSentence[] {
	const { points, train, batchSize, runId, tools } = choice;
	switch (source.kind) {
		case 'current-batch': {
			const batch = tools.currentBatch(runId);
			if (batch) return batch;
			throw new UserError({
				code: 'space-no-run',
				expected: 'this run to be training',
				found: 'a run that has ended, or none',
				remedy: 'Choose a batch from its sampled training sentences.',
			});
		}
		case 'batch':
			return train
				.slice(source.index * batchSize, (source.index + 1) * batchSize)
				.map((index) => sentenceAt(points, index));
		case 'sentences':
			return source.sentences.map((index) => sentenceAt(points, index));
		default:
			return source satisfies never;
	}
}

function sentenceAt({ sentences, goldOfCharacters }: StoredPoints, index: number): ContrastSentence {
	const { ref, characters, offset } = sentences[index];
	return { ref, characters, gold: goldOfCharacters.slice(offset, offset + characters.length) };
}

export function noKeptModel(): UserError {
	return new UserError({
		code: 'space-no-model',
		expected: 'the model of this run',
		found: 'none yet',
		remedy: 'Train to the end of the first epoch. If the model was deleted in Models, train the run again.',
	});
}
