// Measures on a device what forecast.ts scales: a few training steps and batches of evaluation of each stage, small
// and large ones of the run's own. The device's parameters are taken over, and mean nothing afterwards.

import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig, StageConfig } from '../experiment/config';
import type { RunForecast } from '../experiment/run-forecast';
import type { Device } from '../kernels/operations';
import { initialParameters } from '../model/initial-parameters';
import { Network } from '../model/network';
import { loadBert, type NetworkBert } from '../model/open-network';
import { networkShape } from '../model/shape';
import { evaluateSplit, evaluationBatchSize } from './evaluate';
import { FeatureCache } from './feature-cache';
import {
	type CountedBatch,
	countStage,
	fitLine,
	fitPeaks,
	forecastRun,
	type StageBatches,
	type StageCost,
} from './forecast';
import { networkLearner } from './network-learner';

export interface CalibrateOptions {
	device: Device;
	/** Seconds. */
	clock(): number;
	/** The BERT of the data; absent for a network without. */
	bert?: NetworkBert | null;
	/** Awaited between steps with the share that is done, from 0 to 1: throws where the caller wants to end. */
	report?(share: number): Promise<void>;
}

/** Shares of a stage's batches, from least to most work, at which batches are measured. Not the largest: whether the
 *  device can hold that one is what the forecast is for. */
const measuredShares = [0.2, 0.5, 0.8];
const rounds = 3;

/** Forecasts a run from measured steps. Takes some seconds on a fast device. */
export async function measureForecast(
	config: ExperimentConfig,
	data: PreparedData,
	options: CalibrateOptions,
): Promise<RunForecast> {
	const { device } = options;
	const shape = networkShape(config, data);
	const batches = config.stages.map((stage) => countStage(config, stage, data, { shape, layout: device.rowLayout }));
	const costs: StageCost[] = [];
	for (const [index, stage] of config.stages.entries()) {
		const report = (share: number) => options.report?.((index + share) / config.stages.length);
		costs.push(
			await measureStage(config, stage, data, batches[index], { ...options, report: async (share) => report(share) }),
		);
	}
	return forecastRun(config, batches, costs);
}

async function measureStage(
	config: ExperimentConfig,
	stage: StageConfig,
	data: PreparedData,
	batches: StageBatches,
	{ device, clock, report, bert }: CalibrateOptions,
): Promise<StageCost> {
	const shape = networkShape(config, data);
	const network = new Network(device, shape, data.labels);
	if (bert) await loadBert(network, bert);
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	network.load(initialParameters(shape, network.layout, tables, config.seed));
	const lists = batches.train.map(({ indices }) => indices);
	const learner = networkLearner({
		network,
		data,
		stage,
		seed: config.seed,
		features: new FeatureCache(0),
		batchesOf: () => lists,
		clock,
		isStopped: () => false,
	});
	let step = 0;
	const train = async ({ indices }: CountedBatch) => {
		await learner.train({ epoch: 1, index: lists.indexOf(indices), step: ++step });
		learner.update(1e-9, step);
	};
	const evaluate = ({ indices }: CountedBatch) =>
		evaluateSplit(
			network,
			data.labels,
			Array.from(indices, (index) => data.splits.dev[index]),
			{
				objective: stage.objective,
				temperature: stage.temperature,
				batchSize: evaluationBatchSize(stage.batchSize),
				clock,
			},
		);
	const half = (from: number) => async (share: number) => report?.(from + share / 2);
	const trained = await measureBatches(chosen(batches.train), train, { device, clock, report: half(0) });
	const evaluated = await measureBatches(chosen(batches.dev), evaluate, { device, clock, report: half(0.5) });
	return {
		train: fitLine(trained.map(({ work, seconds }) => ({ x: work, y: seconds }))),
		evaluate: fitLine(evaluated.map(({ work, seconds }) => ({ x: work, y: seconds }))),
		bytes: fitPeaks(trained.map(({ numbers, bytes }) => ({ x: numbers, y: bytes }))),
	};
}

interface MeasuredBatch extends CountedBatch {
	seconds: number;
	bytes: number;
}

/** Steps of a shape after which a device that records steps has settled: two recorded, one compared with its repetition. */
const recordedSteps = 3;

/** Each from small to large, which warms up and shows the peaks of memory, then in rounds; the median of each. */
async function measureBatches(
	batches: readonly CountedBatch[],
	run: (batch: CountedBatch) => Promise<unknown>,
	{ device, clock, report }: CalibrateOptions,
): Promise<MeasuredBatch[]> {
	const bytes: number[] = [];
	const warmUps = device.runStep ? recordedSteps : 1;
	let done = 0;
	const runOne = async (batch: CountedBatch) => {
		await report?.(done++ / (batches.length * (warmUps + rounds)));
		await run(batch);
	};
	for (const batch of batches) {
		for (let step = 0; step < warmUps; step++) await runOne(batch);
		const memory = device.memory();
		bytes.push(memory.peakBytes ?? memory.bytes);
	}
	const seconds: number[][] = batches.map(() => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, batch] of batches.entries()) {
			await report?.(done++ / (batches.length * (warmUps + rounds)));
			const startedAt = clock();
			await run(batch);
			seconds[index].push(clock() - startedAt);
		}
	}
	return batches.map((batch, index) => ({ ...batch, seconds: middle(seconds[index]), bytes: bytes[index] }));
}

/** The batches at `measuredShares`, from least to most work, each once. */
function chosen(batches: readonly CountedBatch[]): CountedBatch[] {
	const sorted = batches.toSorted((left, right) => left.work - right.work);
	const picked = measuredShares.map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
	return [...new Set(picked)].filter((batch) => batch !== undefined);
}

function middle(values: readonly number[]): number {
	return values.toSorted((left, right) => left - right)[values.length >> 1];
}
