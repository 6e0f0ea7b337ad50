// Predictions of a run's best epoch, as parts and scores of its record.

import { splitResults } from '../../analysis/run-results';
import {
	type EvaluatedSentence,
	type EvaluatedSplit,
	evaluatedSplits,
	predictedSentences,
} from '../../data/predicted-sentence';
import type { PreparedData } from '../../data/prepared';
import { encodePredictions } from '../../storage/predictions-file';
import { predictionsPart } from '../../storage/workspace/run-record';
import type { LateContent } from '../runs/run-keeper';

export interface BestTags {
	stage: string;
	/** From 1. */
	epoch: number;
	/** Tag ids of each sentence. */
	tags: Record<EvaluatedSplit, readonly Int32Array[]>;
}

export function keptPredictions(
	data: Pick<PreparedData, 'labels' | 'splits'>,
	evaluated: Record<EvaluatedSplit, readonly EvaluatedSentence[]>,
	{ stage, epoch, tags }: BestTags,
): LateContent {
	const sentences = predictedSentences(data, evaluated, tags);
	const parts = Object.fromEntries(
		evaluatedSplits.map((split) => [
			predictionsPart(split),
			encodePredictions({ split, stage, epoch, sentences: sentences[split] }),
		]),
	);
	const { dev, test } = sentences;
	return { parts, change: { results: { stage, epoch, dev: splitResults(dev), test: splitResults(test) } } };
}
