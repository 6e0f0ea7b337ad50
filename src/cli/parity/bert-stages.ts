// Fixture trajectory-bert/stages: the three stages one after another through the workbench's own run, BERT at rest until the
// fourth epoch of the last; and the same run stopped and resumed before and after that, which must be equal to the last bit.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { batchesInOrder } from '../../data/batches';
import type { LatticeSentence } from '../../data/lattice';
import type { EmbeddingTable, PreparedData } from '../../data/prepared';
import { asPublished, type ExperimentConfig, publishedGroups, type StageConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import type { RunState } from '../../experiment/run-state';
import type { Device } from '../../kernels/operations';
import type { NetworkBert } from '../../model/open-network';
import { bertPrefix, layOutNetwork, networkShape } from '../../model/shape';
import { trainRun } from '../../training/train-run';
import { invariant } from '../../util/errors';
import { fixtureBert } from './bert-fixture';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatParameters, noDropout, trajectorySizes } from './fixture-network';
import { sentencesOf } from './padded-fixture';

interface StageRecord {
	lr: number;
	wd: number;
	warmup: number;
	epochs: number;
	bs: number;
	is_ctr: boolean;
	only_head: boolean;
	loss: number[];
	dev: { loss: number; f?: number }[];
	best_epoch: number;
}

/** Dev is the first 6 sentences of train. */
const devSentences = 6;
/** In stage and epoch: before and after BERT begins to be trained. */
const stops = [
	{ stage: 0, epoch: 2 },
	{ stage: 2, epoch: 2 },
	{ stage: 2, epoch: 5 },
];

export const bertStages: FixtureGroup = {
	name: 'trajectory-bert',
	needsDevice: true,
	cases: (folder) => (existsSync(join(folder, 'stages', 'steps.json')) ? ['stages'] : []),
	async run(folder, name, comparison, device) {
		invariant(device, 'the stages need a device');
		const path = join(folder, name);
		const records = readFixtureJson(path, 'steps.json');
		const init = readFixtureTensors(path, 'init.safetensors');
		const names = Object.keys(records.stages);
		const batches = readFixtureTensors(path, `${names[0]}.batches.safetensors`);
		if (!init || !batches) {
			comparison.missing('all', 'init or batches are absent');
			return;
		}
		const bert = fixtureBert(records, records.lattice_vocabulary_in_id_order__word_count_onlyDevTest, comparison);
		const train = bert.withPieces(sentencesIn(batches));
		// The fixture's weights hold the trimmed table: each row begins as itself.
		const prepared = { ...bert.prepared, sources: Int32Array.from(bert.prepared.pieces.keys()) };
		const data = dataOf({ init, labels: records.labels, bert: prepared, train });
		const config = configOf(records, init);
		const given: GivenRun = {
			config,
			data,
			device,
			bert: { prepared, weights: weightsOf(init), isTrained: false },
			init,
		};
		const whole = await follow(given);
		compareEvents(whole.events, names, records.stages, comparison);
		await compareBest(whole.states, { path, names, given }, comparison);
		for (const stop of stops) await compareResumed(given, whole, stop, comparison);
	},
};

function sentencesIn(batches: FixtureTensors): LatticeSentence[] {
	const numbers = new Set(batches.names().map((name) => Number(name.match(/^batch_(\d+)\./)?.[1])));
	return [...numbers]
		.sort((left, right) => left - right)
		.flatMap((index) => sentencesOf(batches.under(`batch_${index}.`)));
}

function dataOf({
	init,
	labels,
	bert,
	train,
}: {
	init: FixtureTensors;
	labels: string[];
	bert: PreparedData['bert'];
	train: LatticeSentence[];
}): PreparedData {
	const table = (name: string): EmbeddingTable => {
		const tensor = init.floats(`${name}.embedding.weight`);
		invariant(tensor, `the fixture lacks ${name}`);
		const [rowCount, dimension] = tensor.shape;
		const words = Array.from({ length: rowCount }, (_, row) => `${row}`);
		return {
			vocabulary: { words, hasOwnEntry: new Uint8Array(rowCount).fill(1) },
			rowOfId: Int32Array.from(words, Number),
			...{ rowCount, dimension, values: tensor.values, foundCount: 0, randomCount: 0 },
		};
	};
	return {
		labels: { tags: labels },
		lattice: table('lattice_embed'),
		bigram: table('bigram_embed'),
		bert,
		lexiconWords: [],
		splits: { train, dev: train.slice(0, devSentences), test: [] },
		maxCharacters: trajectorySizes.maxDistance,
	};
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as the fixture's README describes it
function configOf(records: any, init: FixtureTensors): ExperimentConfig {
	const base = presetConfig('weibo');
	const stages = Object.entries<StageRecord>(records.stages).map(([name, record]): StageConfig => {
		const isWhole = !record.is_ctr && !record.only_head;
		return {
			...base.stages[0],
			name,
			objective: record.is_ctr ? 'contrastive' : 'crf',
			trains: record.only_head ? 'head' : 'all',
			batchSize: record.bs,
			epochs: record.epochs,
			patience: record.epochs,
			stopAfter: 0,
			updateEvery: 1,
			temperature: records.temp,
			groups: {
				...publishedGroups,
				bert: { rate: records.bert_lr_rate, firstEpoch: isWhole ? records.fix_bert_epoch + 1 : 0 },
			},
			optimizer: {
				...base.stages[0].optimizer,
				learningRate: record.lr,
				weightDecay: record.wd,
				warmup: record.warmup,
				epochDecay: 0.05,
			},
		};
	});
	const { maxDistance: _, ...sizes } = trajectorySizes;
	return {
		...base,
		model: {
			...base.model,
			...noDropout,
			...sizes,
			encoder: 'flat-bert',
			embeddingSize: init.floats('lattice_embed.embedding.weight')?.shape[1] ?? 0,
			crfStartEnd: false,
			constrainedDecoding: false,
		},
		bert: { ...base.bert, wordDropout: 0, outputDropout: 0 },
		quirks: { ...asPublished },
		stages,
	};
}

function weightsOf(tensors: FixtureTensors): NetworkBert['weights'] {
	return {
		async read(name) {
			const tensor = tensors.floats(bertPrefix + name);
			invariant(tensor, `the fixture lacks ${bertPrefix}${name}`);
			return tensor.values;
		},
	};
}

interface GivenRun {
	config: ExperimentConfig;
	data: PreparedData;
	device: Device;
	bert: NetworkBert;
	init: FixtureTensors;
}

interface FollowedRun {
	events: TrainingEvent[];
	states: RunState[];
}

/** Runs to the end, or until an epoch of a stage is done. */
async function follow(
	{ config, data, device, bert, init }: GivenRun,
	{ resumeFrom, stop }: { resumeFrom?: RunState; stop?: { stage: number; epoch: number } } = {},
): Promise<FollowedRun> {
	const layout = layOutNetwork(networkShape(config, data));
	const events: TrainingEvent[] = [];
	const states: RunState[] = [];
	const stopping = new AbortController();
	const run = trainRun(config, data, {
		device,
		clock: () => 0,
		signal: stopping.signal,
		bert,
		initialParameters: flatParameters(layout, init).subarray(0, layout.frozenOffset),
		batchesOf: (stage) => batchesInOrder(data.splits.train.length, stage.batchSize),
		resumeFrom,
		keepState: (state) => {
			states.push(state);
		},
	});
	for await (const event of run) {
		events.push(event);
		const isThere =
			event.kind === 'epoch-finished' &&
			event.stage === config.stages[stop?.stage ?? -1]?.name &&
			event.epoch === stop?.epoch;
		if (isThere) stopping.abort();
	}
	return { events, states };
}

function compareEvents(
	events: readonly TrainingEvent[],
	names: readonly string[],
	stages: Record<string, StageRecord>,
	comparison: Comparison,
): void {
	for (const name of names) {
		const steps = events.flatMap((event) => (event.kind === 'step' && event.stage === name ? [event.loss] : []));
		comparison.compare('step losses', steps, stages[name].loss, tolerances.trajectoryLoss);
		const dev = events.flatMap((event) => (event.kind === 'epoch-finished' && event.stage === name ? [event.dev] : []));
		const losses = dev.map((measured) => measured?.loss ?? Number.NaN);
		const expected = stages[name].dev;
		comparison.compare(
			'dev losses',
			losses,
			expected.map(({ loss }) => loss),
			tolerances.trajectoryLoss,
		);
		if (stages[name].is_ctr) continue;
		const scores = dev.map((measured) => measured?.scores?.published.micro.f1 ?? Number.NaN);
		comparison.compare(
			'dev scores',
			scores,
			expected.map(({ f }) => f ?? Number.NaN),
			tolerances.score,
		);
	}
	const ends = events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary.bestEpoch] : []));
	comparison.same(
		'best epochs',
		ends,
		names.map((name) => stages[name].best_epoch),
	);
}

/** The parameters of each stage's best epoch; BERT's too where the stage trained it. */
async function compareBest(
	states: readonly RunState[],
	{ path, names, given }: { path: string; names: readonly string[]; given: GivenRun },
	comparison: Comparison,
): Promise<void> {
	const layout = layOutNetwork(networkShape(given.config, given.data));
	for (const [index, name] of names.entries()) {
		const expected = readFixtureTensors(path, `${name}.best.safetensors`);
		const state = states.findLast(({ position, bestParameters }) => position.stageIndex === index && bestParameters);
		const best = state?.bestParameters;
		if (!expected || !best) {
			comparison.missing(`best of ${name}`, 'it is absent');
			continue;
		}
		for (const entry of layout.entries) {
			if (entry.offset >= best.length) continue;
			const actual = best.subarray(entry.offset, entry.offset + entry.size);
			const wanted = expected.floats(entry.name)?.values;
			comparison.compare('best parameters', actual, wanted, tolerances.trajectoryParameter);
		}
		comparison.same('stages that hold a trained BERT', best.length > layout.frozenOffset, index === names.length - 1);
	}
}

async function compareResumed(
	given: GivenRun,
	whole: FollowedRun,
	stop: { stage: number; epoch: number },
	comparison: Comparison,
): Promise<void> {
	const first = await follow(given, { stop });
	const state = first.states.at(-1);
	invariant(state, 'a stopped run kept no state');
	const second = await follow(given, { resumeFrom: structuredClone(state) });
	const losses = ({ events }: FollowedRun) => events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []));
	comparison.same('losses of a resumed run', [...losses(first), ...losses(second)], losses(whole));
	const last = ({ states }: FollowedRun) => states.at(-1) as RunState;
	comparison.compare('parameters of a resumed run', last(second).parameters, last(whole).parameters, tolerances.exact);
	const momentum = (run: FollowedRun) => last(run).optimizer.first;
	comparison.compare('momentum of a resumed run', momentum(second), momentum(whole), tolerances.exact);
}
