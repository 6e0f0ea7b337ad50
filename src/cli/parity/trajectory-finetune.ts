// Fixture group trajectory-finetune: BERT -> linear -> CRF as people finetune it today: AdamW with falling rates per layer, no
// decay on biases and LayerNorm, a linear schedule, gradients clipped by their common norm.

import type { Batch } from '../../data/batch';
import type { LatticeSentence } from '../../data/lattice';
import type { StageConfig } from '../../experiment/config';
import type { BertShape } from '../../experiment/network-shape';
import { presetConfig } from '../../experiment/presets';
import { Network, type TrainCall } from '../../model/network';
import { bertPrefix } from '../../model/shape';
import { parseBertConfig } from '../../storage/bert/config-file';
import { updateRule } from '../../training/network-learner';
import { trainedParameters } from '../../training/parameter-groups';
import { learningRateAt } from '../../training/schedule';
import { invariant } from '../../util/errors';
import { type Comparison, type Tolerance, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { bertAloneModel, flatParameters } from './fixture-network';
import { batchOf, plainSentences } from './padded-fixture';

/** What steps.json tells of the run. */
interface FinetuningRun {
	config: object;
	tags: number;
	steps: number;
	batches: number;
	batch_of_step: number[];
	base_rate: number;
	head_rate: number;
	layer_decay: number;
	betas: [number, number];
	eps: number;
	weight_decay: number;
	warmup_steps: number;
	clip_global_norm: number;
	group_of: Record<string, string>;
	loss: number[];
	norm_before_clipping: number[];
	lr_used: Record<string, number[]>;
}

/** README-lm.md; key biases have no true gradient, and AdamW divides noise by noise. */
const parameterTolerance: Tolerance = { absolute: 5e-5, relative: 1e-5 };
const rateTolerance: Tolerance = { absolute: 1e-9, relative: 1e-6 };
const isKeyBias = (name: string) => name.endsWith('attention.self.key.bias');

/** Rows of the fixture's table of pieces. */
const specialRows = { unknown: 1, first: 2, last: 3 };

const fixtureName = (name: string) => name.replace(bertPrefix, 'bert.');

export const trajectoryFinetune: FixtureGroup = {
	name: 'trajectory-finetune',
	needsDevice: true,
	cases: (folder) => (listFolder(folder).includes('steps.json') ? [''] : []),
	async run(folder, _name, comparison, device) {
		invariant(device, 'trajectory-finetune needs a device');
		const run: FinetuningRun = readFixtureJson(folder, 'steps.json');
		const [tensors, start] = ['batches', 'init'].map((file) => readFixtureTensors(folder, `${file}.safetensors`));
		if (!tensors || !start) {
			comparison.missing('all', 'batches or init are absent');
			return;
		}
		const labels = { tags: Array.from({ length: run.tags }, (_, tag) => `${tag}`) };
		const network = new Network(device, bertAloneModel(bertOf(run), run.tags), labels);
		const { entries } = network.layout;
		device.openFrozen();
		network.load(flatParameters(network.layout, start.renamed(entries.map(({ name }) => [fixtureName(name), name]))));
		const batches = Array.from({ length: run.batches }, (_, index) =>
			batchOf(sentencesOf(tensors.under(`batch_${index}.`)), device, 'ff_two'),
		);
		await followRun({ network, run, batches, folder }, comparison);
	},
};

function bertOf(run: FinetuningRun): BertShape {
	const config = parseBertConfig(JSON.stringify(run.config), 'steps.json');
	return { config, rows: config.pieces, ...specialRows, stride: null, wordDropout: 0, outputDropout: 0 };
}

/** The sentences of a padded batch, words with their pieces; the fixture's ids hold [CLS] and [SEP] as well. */
function sentencesOf(tensors: FixtureTensors): LatticeSentence[] {
	const read = (name: string) => {
		const tensor = tensors.integers(name);
		invariant(tensor, `the fixture's batch lacks ${name}`);
		return { width: tensor.shape[1] ?? 1, values: tensor.values };
	};
	const [ids, mask, first, target] = ['input_ids', 'attention_mask', 'first_piece', 'target'].map(read);
	return plainSentences(target.values, read('seq_len').values).map((sentence, row) => {
		const cells = (from: { width: number; values: Int32Array }) =>
			from.values.subarray(row * from.width, (row + 1) * from.width);
		const last = cells(mask).filter((isReal) => isReal === 1).length - 1;
		const starts = [...cells(first).subarray(0, sentence.tags.length), last].map((cell) => cell - 1);
		return { ...sentence, pieces: { rows: cells(ids).slice(1, last), starts: Int32Array.from(starts) } };
	});
}

/** The run's settings as a stage says them. */
function stageOf(run: FinetuningRun, sentences: number): StageConfig {
	const [published] = presetConfig('weibo').stages;
	const open = { rate: 1, firstEpoch: 1 };
	return {
		...published,
		objective: 'crf',
		trains: 'all',
		batchSize: sentences / run.batches,
		epochs: run.steps / run.batches,
		updateEvery: 1,
		groups: { tables: open, encoder: open, bert: open, head: { ...open, rate: run.head_rate / run.base_rate } },
		optimizer: {
			kind: 'adamw',
			learningRate: run.base_rate,
			momentum: run.betas[0],
			beta2: run.betas[1],
			epsilon: run.eps,
			weightDecay: run.weight_decay,
			clipValue: 0,
			clipNorm: run.clip_global_norm,
			layerDecay: run.layer_decay,
			decaysBiases: false,
			schedule: 'linear',
			warmup: run.warmup_steps / run.steps,
			epochDecay: 0,
		},
	};
}

interface Following {
	network: Network;
	run: FinetuningRun;
	batches: readonly Batch[];
	folder: string;
}

async function followRun({ network, run, batches, folder }: Following, comparison: Comparison): Promise<void> {
	const { device, layout } = network;
	const sentences = batches.reduce((sum, { sentenceCount }) => sum + sentenceCount, 0);
	const stage = stageOf(run, sentences);
	const trained = trainedParameters(layout, stage, { epoch: 1, stepsPerEpoch: run.batches });
	for (const [index, batchIndex] of run.batch_of_step.entries()) {
		const step = index + 1;
		const call: TrainCall = { objective: 'crf', trains: 'all', temperature: 1, seed: 1, step };
		const { loss } = await network.train(batches[batchIndex], call);
		comparison.compare('step losses', [loss], [run.loss[index]], tolerances.trajectoryLoss);
		const norm = await device.gradientNorm(layout.entries);
		comparison.compare('gradient norms', [norm], [run.norm_before_clipping[index]], tolerances.trajectoryLoss);
		const learningRate = learningRateAt(stage, step, 1, { sentences, warmupSilencesDecay: true });
		const used = trained.map(({ entry }) => run.lr_used[run.group_of[fixtureName(entry.name)]][index]);
		const rates = trained.map(({ rate }) => learningRate * rate);
		comparison.compare('learning rates', rates, used, rateTolerance);
		device.update(updateRule(stage, learningRate, step), trained);
		if ([2, 10].includes(step)) await compareParameters(network, folder, `after_step_${step}`, comparison);
	}
	await compareParameters(network, folder, 'final', comparison);
}

async function compareParameters(
	{ device, layout }: Network,
	folder: string,
	file: string,
	comparison: Comparison,
): Promise<void> {
	const expected = readFixtureTensors(folder, `${file}.safetensors`);
	if (!expected) {
		comparison.missing(`parameters ${file}`, `${file}.safetensors is absent`);
		return;
	}
	const flat = await device.readParameters();
	for (const { name, offset, size } of layout.entries) {
		if (isKeyBias(name)) continue;
		const values = expected.floats(fixtureName(name))?.values;
		comparison.compare('parameters', flat.subarray(offset, offset + size), values, parameterTolerance);
	}
}
