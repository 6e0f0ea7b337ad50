// The batch that a run takes next, in its texts: what the inspector shows of the current step.

import { epochBatches } from '../../data/batches';
import { nodeCount } from '../../data/lattice';
import type { TrainingEvent } from '../../experiment/events';
import type { ContrastSentence } from '../space/space-contrast';
import type { ReadRun } from './read-run';

type Step = Extract<TrainingEvent, { kind: 'step' }>;

/** Behind the last step; null before the first one. At the end of an epoch: the first batch of the next one. */
export function nextBatch({ config, data, places }: ReadRun, last: Step | null): ContrastSentence[] | null {
	const stage = config.stages.find(({ name }) => name === last?.stage);
	if (!last || !stage) return null;
	const { train } = data.splits;
	const stepsPerEpoch = Math.ceil(train.length / stage.batchSize);
	const index = last.step % stepsPerEpoch;
	const batches = epochBatches({
		seed: config.seed,
		stage: stage.name,
		epoch: index === 0 ? last.epoch + 1 : last.epoch,
		batchSize: stage.batchSize,
		batching: stage.batching,
		sizes: train.map(nodeCount),
	});
	const texts = places.splits.train;
	return Array.from(batches[index], (sentence) => ({
		ref: texts[sentence].ref,
		characters: [...texts[sentence].characters],
		gold: Uint8Array.from(train[sentence].tags),
	}));
}
