// Fixture groups trajectory and trajectory-bert: steps of the real training loop on a tiny model: losses, rates, dev results,
// parameters along the way, with warm-up, decay, clipping, skipped batches, a frozen encoder, a BERT that rests at first.

import { join } from 'node:path';
import { scoreSpans } from '../../analysis/span-scores';
import type { Batch } from '../../data/batch';
import { publishedGroups, type StageConfig } from '../../experiment/config';
import { presetConfig } from '../../experiment/presets';
import type { Device } from '../../kernels/operations';
import type { Network, TrainCall } from '../../model/network';
import { updateRule } from '../../training/network-learner';
import { learningRateAt } from '../../training/schedule';
import { stageGroups } from '../../training/stage-groups';
import { invariant } from '../../util/errors';
import { fixtureBert } from './bert-fixture';
import { type Comparison, tolerances } from './comparison';
import { listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { fixtureNetwork, trajectorySizes } from './fixture-network';
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
	temp?: number;
	/** With BERT: its share of the rate, and the epochs that it rests. */
	bert_lr_rate?: number;
	fix_bert_epoch?: number;
	update_every?: number;
	dev_batch_size?: number;
	dev?: DevResult[];
	loss: number[];
	lr_used: number[][];
	validation?: { epoch: number; dev: DevResult }[];
	config?: Record<string, unknown>;
}

interface DevResult {
	f?: number;
	pre?: number;
	rec?: number;
	loss: number;
}

/** Dev is the first 8 sentences, in batches of the training batch's size where the fixture names no other. */
const devSentences = 8;

export const trajectory = trajectoryGroup('trajectory');
export const trajectoryBert = trajectoryGroup('trajectory-bert');

function trajectoryGroup(name: string): FixtureGroup {
	return {
		name,
		needsDevice: true,
		cases: (folder) => listFolder(folder).filter((entry) => isTrajectory(join(folder, entry))),
		run: runTrajectory,
	};
}

/** A chain of several stages is another group's. */
function isTrajectory(path: string): boolean {
	const files = listFolder(path);
	return files.includes('steps.json') && files.includes('batches.safetensors');
}

async function runTrajectory(
	folder: string,
	name: string,
	comparison: Comparison,
	device: Device | null,
): Promise<void> {
	invariant(device, 'a trajectory needs a device');
	const path = join(folder, name);
	const records = readFixtureJson(path, 'steps.json');
	const run: TrajectoryRun = records;
	const [batchTensors, start] = ['batches', 'init'].map((file) => readFixtureTensors(path, `${file}.safetensors`));
	if (!batchTensors || !start) {
		comparison.missing('all', 'batches or init are absent');
		return;
	}
	const bert = records.bert_config
		? fixtureBert(records, records.lattice_vocabulary_in_id_order__word_count_onlyDevTest, comparison)
		: null;
	const network = fixtureNetwork(device, trajectorySizes, start, { tags: run.labels }, bert?.shape);
	const sentences = Array.from({ length: run.steps_per_epoch }, (_, index) => {
		const plain = sentencesOf(batchTensors.under(`batch_${index}.`));
		return bert ? bert.withPieces(plain) : plain;
	});
	const batches = sentences.map((some) => batchOf(some, device, trajectorySizes.fusion));
	const devSize = run.dev_batch_size ?? run.batch_size;
	const all = sentences.flat().slice(0, devSentences);
	const dev = Array.from({ length: devSentences / devSize }, (_, index) =>
		batchOf(all.slice(index * devSize, (index + 1) * devSize), device, trajectorySizes.fusion),
	);
	await followRun(network, { run, path, batches, dev }, comparison);
}

function stageOf(run: TrajectoryRun): StageConfig {
	const temperature = run.temp ?? Number(run.objective.match(/temp ([\d.]+)/)?.[1] ?? 1);
	const isWhole = !run.only_head && !run.objective.startsWith('contrastive');
	return {
		...presetConfig('weibo').stages[0],
		name: 'trajectory',
		objective: run.objective.startsWith('contrastive') ? 'contrastive' : 'crf',
		trains: run.only_head ? 'head' : 'all',
		batchSize: run.batch_size,
		batching: 'uniform',
		epochs: run.epochs,
		stopAfter: 0,
		patience: run.epochs,
		updateEvery: run.update_every ?? 1,
		temperature,
		groups: {
			...publishedGroups,
			bert: { rate: run.bert_lr_rate ?? 1, firstEpoch: isWhole ? (run.fix_bert_epoch ?? 0) + 1 : 0 },
		},
		optimizer: {
			...presetConfig('weibo').stages[0].optimizer,
			kind: 'sgd',
			learningRate: run.lr,
			momentum: run.momentum,
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
	const schedule = { sentences: run.instances, warmupSilencesDecay: true };
	const expectedDev = run.dev ?? run.validation?.map(({ dev: result }) => result) ?? [];
	const { objective, trains, temperature, updateEvery } = stage;
	const groups = stageGroups(network, stage, run.steps_per_epoch);
	const rates: number[] = [];
	let step = 0;
	let updates = 0;
	let validations = 0;
	for (let epoch = 1; epoch <= run.epochs; epoch++) {
		let isLastSkipped = false;
		for (const batch of batches) {
			step++;
			groups.enter(epoch);
			const call: TrainCall = { objective, trains, resting: groups.resting, temperature, seed: 1, step };
			const { loss, isSkipped } = await network.train(batch, call);
			comparison.compare('step losses', [loss], [run.loss[step - 1]], tolerances.trajectoryLoss);
			isLastSkipped = isSkipped;
			if (!isSkipped && step % updateEvery === 0) {
				const learningRate = learningRateAt(stage, step, epoch, schedule);
				rates.push(learningRate);
				network.device.update(updateRule(stage, learningRate, ++updates), groups.trained);
			}
			if (listFolder(path).includes(`after_step_${step}.safetensors`))
				await compareParameters(network, path, `after_step_${step}`, comparison);
		}
		if (isLastSkipped) continue;
		const expected = expectedDev[validations++];
		if (expected) await compareValidation(network, dev, { stage, labels: run.labels, expected }, comparison);
	}
	comparison.same('number of validations', validations, expectedDev.length);
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
	const flat = await network.device.readParameters({ start: 0, end: network.layout.size });
	for (const entry of network.layout.entries) {
		const actual = flat.subarray(entry.offset, entry.offset + entry.size);
		comparison.compare('parameters', actual, expected.floats(entry.name)?.values, tolerances.trajectoryParameter);
	}
}

async function compareValidation(
	network: Network,
	dev: Batch[],
	{ stage, labels, expected }: { stage: StageConfig; labels: string[]; expected: DevResult },
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
