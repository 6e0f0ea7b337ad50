// The learner of a stage over a network on a device: which parameters it trains, how it updates them, what it
// validates on.

import type { BatchSize } from '../data/batch-buckets';
import type { PreparedData } from '../data/prepared';
import type { OptimizerConfig, StageConfig } from '../experiment/config';
import type { SplitProgress } from '../experiment/run-state';
import type { UpdateRule } from '../kernels/operations';
import { trainedAlike } from '../kernels/parameters';
import type { Network } from '../model/network';
import { trainedEntries } from '../model/shape';
import { invariant } from '../util/errors';
import { forkSeed } from '../util/random';
import { arrangeFor, evaluateSplit, evaluationBatchSize, shapesFor } from './evaluate';
import { stepsPerEpoch } from './schedule';
import type { StageLearner } from './stage-loop';

export interface NetworkLearnerOptions {
	network: Network;
	data: PreparedData;
	stage: StageConfig;
	/** Seed of the run. */
	seed: number;
	/** Positions in the training split of each batch of an epoch (from 1). */
	batchesOf(epoch: number): readonly Int32Array[];
	clock(): number;
	isStopped(): boolean;
	/** Awaited between batches of evaluation. */
	breathe?(): Promise<void>;
	/** Whether `validate` gives the decoded tags too. */
	keepsTags?: boolean;
}

export function networkLearner(options: NetworkLearnerOptions): StageLearner {
	const { network, data, stage, clock, isStopped, breathe } = options;
	const { objective, trains, temperature } = stage;
	const trained = trainedAlike(trainedEntries(network.layout, objective, trains));
	const dropoutSeed = forkSeed(options.seed, `dropout:${stage.name}`);
	const steps = stepsPerEpoch(stage, data.splits.train.length);
	let batches: { epoch: number; lists: readonly Int32Array[] } = { epoch: 0, lists: [] };
	let shapes: readonly BatchSize[] | null = null;

	const batchAt = (epoch: number, index: number) => {
		if (batches.epoch !== epoch) {
			batches = { epoch, lists: options.batchesOf(epoch) };
			invariant(batches.lists.length === steps, `${batches.lists.length} batches, not ${steps}`);
		}
		// Always those of the first epoch, so that a resumed run pads as the uninterrupted one does.
		shapes ??= shapesFor(network, data.splits.train, options.batchesOf(1));
		return arrangeFor(network, data.splits.train, batches.lists[index], shapes);
	};
	const evaluate = (split: 'dev' | 'test', progress: SplitProgress) =>
		evaluateSplit(network, data.labels, data.splits[split], {
			objective,
			temperature,
			batchSize: evaluationBatchSize(stage.batchSize),
			clock,
			isStopped,
			breathe,
			progress,
		});

	return {
		stepsPerEpoch: steps,
		async train({ epoch, index, step }) {
			const batch = batchAt(epoch, index);
			const call = { objective, trains, temperature, seed: dropoutSeed, step };
			const { loss, isSkipped } = await network.train(batch, call);
			return { loss, isSkipped, characters: batch.realCharacterCount };
		},
		update: (learningRate, count) => network.device.update(updateRule(stage.optimizer, learningRate, count), trained),
		async validate(progress) {
			const dev = await evaluate('dev', progress.dev);
			const test = await evaluate('test', progress.test);
			if (isStopped()) return null;
			const tags = { dev: progress.dev.tags, test: progress.test.tags };
			return { dev, test, tags: dev?.scores && options.keepsTags ? tags : undefined };
		},
		readParameters: () => network.device.readParameters(),
	};
}

function updateRule(optimizer: OptimizerConfig, learningRate: number, count: number): UpdateRule {
	const { weightDecay, clipValue, momentum, beta2, epsilon } = optimizer;
	switch (optimizer.kind) {
		case 'sgd':
			return { kind: 'sgd', learningRate, momentum, weightDecay, clipNorm: 0, clipValue };
		case 'adamw':
			return {
				kind: 'adamw',
				learningRate,
				beta1: momentum,
				beta2,
				epsilon,
				weightDecay,
				clipNorm: 0,
				clipValue,
				count,
			};
		default:
			return optimizer.kind satisfies never;
	}
}
