// Fixture group trajectory: sixty steps of the real training loop on a tiny model: losses, rates, dev results,
// parameters along the way, with warm-up, decay, clipping, skipped batches, a frozen encoder.

import { join } from 'node:path';
import { scoreSpans } from '../../analysis/span-scores';
import type { Batch } from '../../data/batch';
import type { StageConfig } from '../../experiment/config';
import { trainedAlike } from '../../kernels/parameters';
import type { Network, TrainCall } from '../../model/network';
import { trainedEntries } from '../../model/shape';
import { learningRateAt } from '../../training/schedule';
import { invariant } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { type FixtureSizes, fixtureNetwork } from './fixture-network';
import { batchOf, sentencesOf } from './padded-fixture';

/** What steps.json tells of a run. */
interface TrajectoryRun {
	objective: string;
	only_head: boolean;
	lr: number;
	momentum: number;
	weight_decay: number;
	clip_value: number;
	warmup: number;
	epochs: number;
	batch_size: number;
	instances: number;
	steps_per_epoch: number;
	labels: string[];
	loss: number[];
	lr_used: number[][];
	validation: { epoch: number; dev: { f?: number; pre?: number; rec?: number; loss: number } }[];
	config?: Record<string, unknown>;
}

/** The tiny ff_two model that all trajectories share. */
const sizes: FixtureSizes = {
	heads: 4,
	headSize: 8,
	layers: 1,
	feedForwardFactor: 3,
	fusion: 'ff_two',
	distanceOrigin: 'centred',
	maxDistance: 30,
};
/** Dev is the first 8 sentences, in batches of the training batch's size. */
const devSentences = 8;

export const trajectory: FixtureGroup = {
	name: 'trajectory',
	needsDevice: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).includes('steps.json')),
	async run(folder, name, comparison, device) {
		invariant(device, 'trajectory needs a device');
		const path = join(folder, name);
		const run: TrajectoryRun = readFixtureJson(path, 'steps.json');
		const [batchTensors, start] = ['batches', 'init'].map((file) => readFixtureTensors(path, `${file}.safetensors`));
		if (!batchTensors || !start) {
			comparison.missing('all', 'batches or init are absent');
			return;
		}
		const network = fixtureNetwork(device, sizes, start, { tags: run.labels });
		const sentences = Array.from({ length: run.steps_per_epoch }, (_, index) =>
			sentencesOf(batchTensors.under(`batch_${index}.`)),
		);
		const batches = sentences.map((some) => batchOf(some, device, sizes.fusion));
		const all = sentences.flat().slice(0, devSentences);
		const dev = Array.from({ length: devSentences / run.batch_size }, (_, index) =>
			batchOf(all.slice(index * run.batch_size, (index + 1) * run.batch_size), device, sizes.fusion),
		);
		await followRun(network, { run, path, batches, dev }, comparison);
	},
};

function stageOf(run: TrajectoryRun): StageConfig {
	const temperature = Number(run.objective.match(/temp ([\d.]+)/)?.[1] ?? 1);
	return {
		name: 'trajectory',
		objective: run.objective.startsWith('contrastive') ? 'contrastive' : 'crf',
		trains: run.only_head ? 'head' : 'all',
		batchSize: run.batch_size,
		batching: 'uniform',
		epochs: run.epochs,
		stopAfter: 0,
		patience: run.epochs,
		updateEvery: 1,
		temperature,
		optimizer: {
			kind: 'sgd',
			learningRate: run.lr,
			momentum: run.momentum,
			beta2: 0,
			epsilon: 0,
			weightDecay: run.weight_decay,
			clipValue: run.clip_value,
			warmup: run.warmup,
			epochDecay: 0.05,
		},
	};
}

async function followRun(
	network: Network,
	{ run, path, batches, dev }: { run: TrajectoryRun; path: string; batches: Batch[]; dev: Batch[] },
	comparison: Comparison,
): Promise<void> {
	const stage = stageOf(run);
	const { momentum, weightDecay, clipValue } = stage.optimizer;
	const trained = trainedAlike(trainedEntries(network.layout, stage.objective, stage.trains));
	const schedule = { sentences: run.instances, warmupSilencesDecay: true };
	const rates: number[] = [];
	let step = 0;
	let validations = 0;
	for (let epoch = 1; epoch <= run.epochs; epoch++) {
		let isLastSkipped = false;
		for (const batch of batches) {
			step++;
			const call: TrainCall = {
				objective: stage.objective,
				trains: stage.trains,
				temperature: stage.temperature,
				seed: 1,
				step,
			};
			const { loss, isSkipped } = await network.train(batch, call);
			comparison.compare('step losses', [loss], [run.loss[step - 1]], tolerances.trajectoryLoss);
			isLastSkipped = isSkipped;
			if (!isSkipped) {
				const learningRate = learningRateAt(stage, step, epoch, schedule);
				rates.push(learningRate);
				network.device.update({ kind: 'sgd', learningRate, momentum, weightDecay, clipNorm: 0, clipValue }, trained);
			}
			if ([1, 2, 6].includes(step)) await compareParameters(network, path, `after_step_${step}`, comparison);
		}
		if (isLastSkipped) continue;
		const expected = run.validation[validations++]?.dev;
		if (expected) await compareValidation(network, dev, { stage, labels: run.labels, expected }, comparison);
	}
	comparison.same('number of validations', validations, run.validation.length);
	comparison.compare(
		'learning rates',
		rates,
		run.lr_used.map(([rate]) => rate),
		tolerances.rate,
	);
	await compareParameters(network, path, 'final', comparison);
}

async function compareParameters(network: Network, path: string, file: string, comparison: Comparison): Promise<void> {
	const expected = readFixtureTensors(path, `${file}.safetensors`);
	if (!expected) {
		comparison.missing(`parameters ${file}`, `${file}.safetensors is absent`);
		return;
	}
	const flat = await network.device.readParameters();
	for (const entry of network.layout.entries) {
		const actual = flat.subarray(entry.offset, entry.offset + entry.size);
		comparison.compare('parameters', actual, expected.floats(entry.name)?.values, tolerances.trajectoryParameter);
	}
}

async function compareValidation(
	network: Network,
	dev: Batch[],
	{
		stage,
		labels,
		expected,
	}: { stage: StageConfig; labels: string[]; expected: TrajectoryRun['validation'][0]['dev'] },
	comparison: Comparison,
): Promise<void> {
	let total = 0;
	const pairs: { predicted: string[]; gold: string[] }[] = [];
	for (const batch of dev) {
		if (stage.objective === 'contrastive') total += (await network.evaluate(batch, stage)).loss;
		else {
			const { loss, tags } = await network.decode(batch);
			total += loss ?? Number.NaN;
			tags.forEach((path, sentence) => {
				const start = batch.characterOffset[sentence];
				const gold = batch.tags.subarray(start, start + path.length);
				pairs.push({ predicted: Array.from(path, (tag) => labels[tag]), gold: Array.from(gold, (tag) => labels[tag]) });
			});
		}
	}
	comparison.compare('dev losses', [total / dev.length], [expected.loss], tolerances.trajectoryLoss);
	if (expected.f === undefined) return;
	const { micro } = scoreSpans(pairs, 'published');
	comparison.compare(
		'dev scores',
		[micro.f1, micro.precision, micro.recall],
		[expected.f, expected.pre ?? Number.NaN, expected.rec ?? Number.NaN],
		tolerances.score,
	);
}
