// Measures on a device what forecast.ts scales: a few training steps and batches of evaluation of each stage, small
// and large ones of the run's own. The device's parameters are taken over, and mean nothing afterwards.

import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig, StageConfig } from '../experiment/config';
import type { RunForecast } from '../experiment/run-forecast';
import type { Device } from '../kernels/operations';
import { initialParameters } from '../model/initial-parameters';
import { Network } from '../model/network';
import { loadBert, type NetworkBert } from '../model/open-network';
import { invariant } from '../util/errors';
import { runShape } from './bert-memory';
import { evaluateSplit, evaluationBatchSize } from './evaluate';
import { FeatureCache } from './feature-cache';
import {
	type BertPart,
	type CountedBatch,
	countStage,
	evaluationWork,
	fitLine,
	fitPeaks,
	forecastRun,
	type StageBatches,
	type StageCost,
	stagePhases,
	trainingNumbers,
	trainingWork,
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
/** Steps that take longer vary little, and are measured once. */
const slowSeconds = 2;

/** Forecasts a run from measured steps. Takes some seconds on a fast device. */
export async function measureForecast(
	config: ExperimentConfig,
	data: PreparedData,
	options: CalibrateOptions,
): Promise<RunForecast> {
	const { device } = options;
	const shape = runShape(config, data, device);
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
	const network = await openForStage(config, data, { device, bert });
	const hasBert = batches.train.some((batch) => batch.bert !== undefined);
	const phases = stagePhases(stage, hasBert);
	const parts = [
		...(phases.resting > 0 ? [() => measureTraining('forward', 1)] : []),
		() => measureEvaluation('forward'),
		...(hasBert && phases.resting > 1 ? [() => measureEvaluation('none')] : []),
		...(phases.trained > 0 ? [() => measureTraining('trained', stage.groups.bert.firstEpoch)] : []),
	];
	let done = 0;
	const tell = (share: number) => report?.((done + share) / parts.length) ?? Promise.resolve();
	const measureTraining = async (part: BertPart, epoch: number): Promise<Partial<StageCost>> => {
		const run = trainerOf({ network, config, stage, data, batches, clock }, epoch);
		const measured = await measureBatches(chosen(batches.train), run, { device, clock, report: tell });
		const train = fitLine(measured.map((batch) => ({ x: trainingWork(batch, part), y: batch.seconds })));
		const bytes = fitPeaks(measured.map((batch) => ({ x: trainingNumbers(batch, part), y: batch.bytes })));
		return part === 'trained' ? { trained: { train, bytes } } : { train, bytes };
	};
	const measureEvaluation = async (part: 'none' | 'forward'): Promise<Partial<StageCost>> => {
		const run = evaluatorOf({ network, stage, data, clock }, part === 'none');
		const measured = await measureBatches(chosen(batches.dev), run, { device, clock, report: tell });
		const line = fitLine(measured.map((batch) => ({ x: evaluationWork(batch, part), y: batch.seconds })));
		return part === 'none' ? { evaluateKept: line } : { evaluate: line };
	};
	const costs: Partial<StageCost> = {};
	for (const part of parts) {
		Object.assign(costs, await part());
		done++;
	}
	const { trained, evaluate } = costs;
	const { train, bytes } = costs.train && costs.bytes ? { train: costs.train, bytes: costs.bytes } : (trained ?? {});
	invariant(train && bytes && evaluate, `a stage ${stage.name} of which nothing was measured`);
	return { ...costs, train, bytes, evaluate };
}

async function openForStage(
	config: ExperimentConfig,
	data: PreparedData,
	{ device, bert }: Pick<CalibrateOptions, 'device' | 'bert'>,
): Promise<Network> {
	const shape = runShape(config, data, device);
	const network = new Network(device, shape, data.labels);
	if (bert) await loadBert(network, bert);
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	network.load(initialParameters(shape, network.layout, tables, config.seed));
	return network;
}

interface MeasuredStage {
	network: Network;
	stage: StageConfig;
	data: PreparedData;
	clock(): number;
}

/** Trains a batch as in an epoch (from 1), at a rate that leaves the parameters alone. */
function trainerOf(
	{ network, stage, data, clock, config, batches }: MeasuredStage & { config: ExperimentConfig; batches: StageBatches },
	epoch: number,
): (batch: CountedBatch) => Promise<void> {
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
	return async ({ indices }) => {
		await learner.train({ epoch, index: lists.indexOf(indices), step: ++step });
		learner.update(1e-9, step);
	};
}

/** Evaluates a batch; `isKept`: with the features of BERT kept from the time before. */
function evaluatorOf(
	{ network, stage, data, clock }: MeasuredStage,
	isKept: boolean,
): (batch: CountedBatch) => Promise<unknown> {
	const kept = new Map<CountedBatch, FeatureCache>(); // a batch is a split of its own here
	return (counted) => {
		const cache = kept.get(counted) ?? new FeatureCache(Number.POSITIVE_INFINITY);
		kept.set(counted, cache);
		const sentences = Array.from(counted.indices, (index) => data.splits.dev[index]);
		return evaluateSplit(network, data.labels, sentences, {
			objective: stage.objective,
			temperature: stage.temperature,
			batchSize: evaluationBatchSize(stage.batchSize),
			clock,
			...(isKept ? { completed: (batch) => cache.filled(network, 'dev', batch) } : {}),
		});
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
	let slowest = 0;
	for (const batch of batches) {
		for (let step = 0; step < warmUps; step++) {
			const startedAt = clock();
			await runOne(batch);
			slowest = Math.max(slowest, clock() - startedAt);
		}
		const memory = device.memory();
		bytes.push(memory.peakBytes ?? memory.bytes);
	}
	const seconds: number[][] = batches.map(() => []);
	const turns = slowest > slowSeconds ? 1 : rounds;
	for (let round = 0; round < turns; round++) {
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
