// Fixture group pipeline: the whole recipe at real size on a hundred sentences, without dropout and in file order:
// data preparation, then plain FLAT and NerCo's three stages, each run against the published program's own log.

import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { batchesInOrder } from '../../data/batches';
import { readConll } from '../../data/conll';
import type { Split } from '../../data/corpus';
import { prepareData, wantedWords } from '../../data/prepare';
import type { EmbeddingTable, PreparedData } from '../../data/prepared';
import { chooseSentences } from '../../data/run-sentences';
import { type KeptVectors, readVectors } from '../../data/vector-file';
import type { ExperimentConfig, StageConfig } from '../../experiment/config';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import type { RunState } from '../../experiment/run-state';
import type { Device } from '../../kernels/operations';
import type { ParameterLayout } from '../../kernels/parameters';
import { layOutNetwork, networkShape } from '../../model/shape';
import { sharedPath } from '../../testing/shared-data';
import { bestOf, trainRun } from '../../training/train-run';
import { invariant } from '../../util/errors';
import { type Comparison, tolerances } from './comparison';
import { readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatParameters, noDropout } from './fixture-network';

interface RunLog {
	settings: {
		batch: number;
		lr: number;
		warmup: number;
		weight_decay: number;
		temp?: number;
		ctr?: boolean;
		only_head?: boolean;
		epoch: number;
	};
	loss_per_step: number[];
	lr_per_step: number[];
	epochs: { epoch: number; dev: Record<string, number>; test: Record<string, number> }[];
	best_epoch: number;
	final_parameter_statistics: Record<string, { sum: number; l2: number; max_abs: number }>;
}

/** Run by name, and the run whose best parameters it begins from. */
const runs: readonly { name: string; from: string | null }[] = [
	{ name: 'flat', from: null },
	{ name: 'nerco-1-contrastive', from: null },
	{ name: 'nerco-2a-head', from: 'nerco-1-contrastive' },
	{ name: 'nerco-2b-full', from: 'nerco-2a-head' },
];

export const pipeline: FixtureGroup = {
	name: 'pipeline',
	needsDevice: true,
	isSlow: (backend) => backend !== 'wasm',
	cases: (folder) => (existsSync(join(folder, 'data.json')) ? [''] : []),
	async run(folder, _name, comparison, device) {
		invariant(device, 'pipeline needs a device');
		const embeddings = embeddingsFolder(folder);
		if (!embeddings) {
			comparison.missing('all', 'the embeddings folder beside the reference is absent');
			return;
		}
		const config = presetConfig('weibo');
		const data = await prepare(folder, embeddings, config);
		compareData(data, readFixtureJson(folder, 'data.json'), comparison);
		const layout = layOutNetwork(networkShape(withoutDropout(config), data));
		const init = readFixtureTensors(folder, 'init.safetensors');
		if (!init) {
			comparison.missing('runs', 'init.safetensors is absent');
			return;
		}
		const best = new Map<string, Float32Array>();
		for (const { name, from } of runs) {
			const log: RunLog | null = readFixtureJson(folder, `${name}.json`);
			const start = from === null ? flatParameters(layout, init) : best.get(from);
			if (!log || !start) {
				comparison.missing(name, 'its log or the run before it is absent');
				continue;
			}
			const state = await followRun({ name, log, folder, layout, start, device }, data, config, comparison);
			best.set(name, bestOf(state));
		}
	},
};

/** The vectors lie beside the reference folder, else with the rest of the shared material. */
function embeddingsFolder(folder: string): string | null {
	const beside = join(dirname(dirname(folder)), 'embeddings');
	return existsSync(beside) ? beside : sharedPath('embeddings');
}

async function prepare(folder: string, embeddings: string, config: ExperimentConfig): Promise<PreparedData> {
	const read = (name: string): Split =>
		readConll(readFileSync(join(folder, `${name}.conll.txt`), 'utf8'), { file: name, quirks: config.quirks });
	const [train, dev, test] = ['train', 'dev', 'test'].map(read);
	const wants = wantedWords([train, dev, test]);
	const vectors = (file: string, wanted: (word: string) => boolean): Promise<KeptVectors> =>
		readVectors(createReadStream(join(embeddings, file)), { file, wants: wanted });
	const { data } = prepareData({
		sentences: chooseSentences({ train, dev, test, data: config.data }),
		config,
		lexiconWords: null,
		characterVectors: await vectors('uni.50d.vec.gz', wants.character),
		bigramVectors: await vectors('bi.50d.vec.gz', wants.bigram),
		wordVectors: await vectors('word.50d.vec.gz', wants.word),
		seed: config.seed,
	});
	return data;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as the fixture's README describes it
function compareData(data: PreparedData, expected: any, comparison: Comparison): void {
	comparison.same('labels', data.labels.tags, expected.vocab.label);
	comparison.same('longest sentence', data.maxCharacters, expected.max_seq_len);
	for (const name of ['lattice', 'bigram'] as const) {
		const table: EmbeddingTable = data[name];
		comparison.same('vocabulary order', table.vocabulary.words, expected.vocab[name]);
		comparison.same('row of each word', [...table.rowOfId], expected.words_to_words[name]);
	}
	const rowsOf = (ids: number[], name: string) => ids.map((id) => expected.words_to_words[name][id]);
	for (const name of ['train', 'dev', 'test'] as const) {
		data.splits[name].forEach((sentence, index) => {
			const wanted = expected.sets[name][index];
			const length: number = wanted.seq_len;
			comparison.same('lattices', [...sentence.characterRows, ...sentence.wordRows], rowsOf(wanted.lattice, 'lattice'));
			comparison.same('lattices', [...sentence.bigramRows], rowsOf(wanted.bigrams, 'bigram'));
			comparison.same('lattices', [...sentence.wordStart], wanted.pos_s.slice(length));
			comparison.same('lattices', [...sentence.wordLast], wanted.pos_e.slice(length));
			comparison.same('tags', [...sentence.tags], wanted.target);
		});
	}
}

function withoutDropout(config: ExperimentConfig): ExperimentConfig {
	return { ...config, model: { ...config.model, ...noDropout } };
}

interface FollowedRun {
	name: string;
	log: RunLog;
	folder: string;
	layout: ParameterLayout;
	start: Float32Array;
	device: Device;
}

async function followRun(
	{ name, log, folder, layout, start, device }: FollowedRun,
	data: PreparedData,
	base: ExperimentConfig,
	comparison: Comparison,
): Promise<RunState> {
	const config = { ...withoutDropout(base), stages: [stageOf(name, log, base.stages[0])] };
	const states: RunState[] = [];
	const events: TrainingEvent[] = [];
	const batches = batchesInOrder(data.splits.train.length, log.settings.batch);
	for await (const event of trainRun(config, data, {
		device,
		clock: () => performance.now() / 1000,
		initialParameters: start,
		batchesOf: () => batches,
		keepState: (state) => {
			states.push(state);
		},
	}))
		events.push(event);
	compareLog(name, events, log, comparison);
	const final = states.findLast((state) => state.position.stageIndex === 0);
	invariant(final, `the run ${name} kept no state`);
	compareFinal(final.parameters, { name, folder, layout, log }, comparison);
	return final;
}

function stageOf(name: string, { settings }: RunLog, base: StageConfig): StageConfig {
	return {
		...base,
		name,
		objective: settings.ctr ? 'contrastive' : 'crf',
		trains: settings.only_head ? 'head' : 'all',
		batchSize: settings.batch,
		epochs: settings.epoch,
		temperature: settings.temp ?? base.temperature,
		optimizer: {
			...base.optimizer,
			learningRate: settings.lr,
			warmup: settings.warmup,
			weightDecay: settings.weight_decay,
		},
	};
}

function compareLog(name: string, events: readonly TrainingEvent[], log: RunLog, comparison: Comparison): void {
	const steps = events.filter((event) => event.kind === 'step');
	const losses = steps.map((step) => step.loss);
	const rates = steps.map((step) => step.learningRate);
	comparison.compare(`${name}: step losses`, losses, log.loss_per_step, tolerances.pipelineLoss);
	comparison.compare(`${name}: learning rates`, rates, log.lr_per_step, tolerances.rate);
	const epochs = events.filter((event) => event.kind === 'epoch-finished');
	comparison.same(
		`${name}: epochs`,
		epochs.map(({ epoch }) => epoch),
		log.epochs.map(({ epoch }) => epoch),
	);
	for (const [index, wanted] of log.epochs.entries())
		for (const split of ['dev', 'test'] as const) {
			const actual = epochs[index]?.[split];
			if (!actual) continue;
			comparison.compare(`${name}: dev and test losses`, [actual.loss], [wanted[split].loss], tolerances.pipelineLoss);
			const micro = actual.scores?.published.micro;
			if (!micro) continue;
			const { f, pre, rec } = wanted[split];
			comparison.compare(`${name}: scores`, [micro.f1, micro.precision, micro.recall], [f, pre, rec], tolerances.score);
		}
	const summary = events.find((event) => event.kind === 'stage-finished')?.summary;
	comparison.same(`${name}: best epoch`, summary?.bestEpoch, log.best_epoch);
}

/** The parameters after the last epoch: small ones element by element, all by their sums and norms. */
function compareFinal(
	flat: Float32Array,
	{ name, folder, layout, log }: { name: string; folder: string; layout: ParameterLayout; log: RunLog },
	comparison: Comparison,
): void {
	const small = readFixtureTensors(folder, `${name}.final-small.safetensors`);
	if (!small) comparison.missing(`${name}: final parameters`, 'the final-small file is absent');
	for (const entry of layout.entries) {
		const actual = flat.subarray(entry.offset, entry.offset + entry.size);
		const expected = small?.floats(entry.name);
		if (expected)
			comparison.compare(`${name}: final parameters`, actual, expected.values, tolerances.pipelineParameter);
		const statistics = log.final_parameter_statistics[entry.name];
		const norm = Math.sqrt(actual.reduce((sum, value) => sum + value * value, 0));
		if (statistics)
			comparison.compare(`${name}: norms of parameters`, [norm], [statistics.l2], tolerances.pipelineNorm);
	}
}
