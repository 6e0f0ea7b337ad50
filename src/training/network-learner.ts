// The learner of a stage over a network on a device: which parameters it trains, how it updates them, what it
// validates on.

import type { Batch } from '../data/batch';
import type { BatchSize } from '../data/batch-buckets';
import type { SplitName } from '../data/corpus';
import type { PreparedData } from '../data/prepared';
import type { StageConfig } from '../experiment/config';
import type { SplitProgress } from '../experiment/run-state';
import type { UpdateRule } from '../kernels/operations';
import type { Network } from '../model/network';
import { invariant } from '../util/errors';
import { forkSeed } from '../util/random';
import { arrangeFor, evaluateSplit, evaluationBatchSize, shapesFor } from './evaluate';
import type { FeatureCache } from './feature-cache';
import { stepsPerEpoch } from './schedule';
import { stageGroups } from './stage-groups';
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
	/** Of the run's BERT while it rests. */
	features: FeatureCache;
	/** Whether training reads features from there too. */
	cachesTrainFeatures?: boolean;
	/** Whether `validate` gives the decoded tags too. */
	keepsTags?: boolean;
}

export function networkLearner(options: NetworkLearnerOptions): StageLearner {
	const { network, data, stage, clock, isStopped, breathe, features } = options;
	const { objective, trains, temperature } = stage;
	const dropoutSeed = forkSeed(options.seed, `dropout:${stage.name}`);
	const steps = stepsPerEpoch(stage, data.splits.train.length);
	const groups = stageGroups(network, stage, steps);
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
	const completed = async (split: SplitName, batch: Batch) =>
		groups.isBertResting ? features.filled(network, split, batch) : batch;
	const evaluate = (split: 'dev' | 'test', progress: SplitProgress) =>
		evaluateSplit(network, data.labels, data.splits[split], {
			objective,
			temperature,
			batchSize: evaluationBatchSize(stage.batchSize),
			clock,
			isStopped,
			breathe,
			completed: (batch) => completed(split, batch),
			progress,
		});

	return {
		stepsPerEpoch: steps,
		async train({ epoch, index, step }) {
			groups.enter(epoch);
			const arranged = batchAt(epoch, index);
			const batch = options.cachesTrainFeatures ? await completed('train', arranged) : arranged;
			const call = { objective, trains, resting: groups.resting, temperature, seed: dropoutSeed, step };
			const { loss, isSkipped } = await network.train(batch, call);
			return { loss, isSkipped, characters: batch.realCharacterCount };
		},
		update(learningRate, count) {
			network.device.update(updateRule(stage, learningRate, count), groups.trained);
			if (!groups.isBertResting) features.clear();
		},
		async validate(progress, epoch) {
			groups.enter(epoch);
			const dev = await evaluate('dev', progress.dev);
			const test = await evaluate('test', progress.test);
			if (isStopped()) return null;
			const tags = { dev: progress.dev.tags, test: progress.test.tags };
			return { dev, test, tags: dev?.scores && options.keepsTags ? tags : undefined };
		},
		readParameters: () => network.device.readParameters(),
	};
}

export function updateRule(stage: StageConfig, learningRate: number, count: number): UpdateRule {
	const { weightDecay, clipNorm, clipValue, momentum, beta2, epsilon, kind } = stage.optimizer;
	const gradientScale = stage.accumulation === 'mean' ? 1 / stage.updateEvery : 1;
	const common = { learningRate, weightDecay, gradientScale, clipNorm, clipValue };
	switch (kind) {
		case 'sgd':
			return { kind, ...common, momentum };
		case 'adamw':
			return { kind, ...common, beta1: momentum, beta2, epsilon, count };
		default:
			return kind satisfies never;
	}
}
