// Fixture group trajectory-finetune: BERT -> linear -> CRF as people finetune it today: AdamW with falling rates per layer, no
// decay on biases and LayerNorm, a linear schedule, gradients clipped by their common norm.

import { join } from 'node:path';
import type { Batch } from '../../data/batch';
import { bertTensors } from '../../experiment/bert-config';
import type { Device, UpdateRule } from '../../kernels/operations';
import { layOutParameters, type ParameterLayout } from '../../kernels/parameters';
import { type BertInput, encodeBert } from '../../model/bert-encoder';
import { crfNames, outputLayer } from '../../model/shape';
import { Tape } from '../../model/tape';
import { parseBertConfig } from '../../storage/bert/config-file';
import { bertPrefix, trainedParameters } from '../../training/parameter-groups';
import { learningRateAt } from '../../training/schedule';
import { invariant } from '../../util/errors';
import { type Comparison, type Tolerance, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatParameters } from './fixture-network';
import { batchOf, plainSentences } from './padded-fixture';

/** What steps.json tells of the run. */
interface FinetuningRun {
	config: object;
	tags: number;
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

/** The published program's prefix of BERT's tensors; the fixture says `bert.`. */
const prefix = `${bertPrefix}model.encoder.`;
const fixtureName = (name: string) => name.replace(prefix, 'bert.');

export const trajectoryFinetune: FixtureGroup = {
	name: 'trajectory-finetune',
	needsDevice: true,
	cases: (folder) => (listFolder(folder).includes('steps.json') ? [''] : []),
	async run(folder, name, comparison, device) {
		invariant(device, 'trajectory-finetune needs a device');
		const path = join(folder, name);
		const run: FinetuningRun = readFixtureJson(path, 'steps.json');
		const [tensors, start] = ['batches', 'init'].map((file) => readFixtureTensors(path, `${file}.safetensors`));
		if (!tensors || !start) {
			comparison.missing('all', 'batches or init are absent');
			return;
		}
		const layout = layOut(run);
		device.openParameters(layout);
		device.openFrozen();
		const named = start.renamed(layout.entries.map((entry) => [fixtureName(entry.name), entry.name]));
		device.writeParameters(flatParameters(layout, named));
		const inputs = Array.from({ length: run.batches }, (_, index) => inputOf(tensors.under(`batch_${index}.`), device));
		await followRun({ device, layout, run, inputs, path }, comparison);
	},
};

function layOut(run: FinetuningRun): ParameterLayout {
	const config = configOf(run);
	return layOutParameters(
		[
			{ name: outputLayer.weight, shape: [run.tags, config.width] },
			{ name: outputLayer.bias, shape: [run.tags] },
			{ name: crfNames.transitions, shape: [run.tags, run.tags] },
		],
		[...bertTensors(config)].map(([name, shape]) => ({ name: prefix + name, shape })),
	);
}

const configOf = ({ config }: FinetuningRun) => parseBertConfig(JSON.stringify(config), 'steps.json');

interface StepInput {
	batch: Batch;
	pieces: BertInput;
	/** Row of the pieces that each row of characters takes its vector from; -1 for none. */
	firstPieces: Int32Array;
}

/** The fixture's padded batch, each sentence at its own length. */
function inputOf(tensors: FixtureTensors, device: Device): StepInput {
	const read = (name: string) => {
		const tensor = tensors.integers(name);
		invariant(tensor, `the fixture's batch lacks ${name}`);
		return { width: tensor.shape[1] ?? 1, values: tensor.values };
	};
	const [ids, mask, first, target] = ['input_ids', 'attention_mask', 'first_piece', 'target'].map(read);
	const words = read('seq_len').values;
	const cells = [...ids.values.keys()].filter((cell) => mask.values[cell] === 1);
	const starts = Array.from(
		{ length: words.length + 1 },
		(_, row) => cells.filter((cell) => cell < row * ids.width).length,
	);
	const batch = batchOf(plainSentences(target.values, words), device, 'ff_two');
	const firstPieces = new Int32Array(batch.characterRow.length).fill(-1);
	for (let row = 0; row < words.length; row++)
		for (let word = 0; word < words[row]; word++)
			firstPieces[batch.characterOffset[row] + word] = starts[row] + first.values[row * first.width + word];
	return {
		batch,
		firstPieces,
		pieces: {
			pieces: Int32Array.from(cells, (cell) => ids.values[cell]),
			positions: Int32Array.from(cells, (cell) => cell % ids.width),
			segments: new Int32Array(cells.length),
			starts: Int32Array.from(starts),
			rowKeys: Int32Array.from(cells.keys()),
		},
	};
}

interface Following {
	device: Device;
	layout: ParameterLayout;
	run: FinetuningRun;
	inputs: readonly StepInput[];
	path: string;
}

/** The run's settings as a stage says them. */
function stageOf(run: FinetuningRun, sentences: number) {
	const steps = run.batch_of_step.length;
	const open = { rate: 1, firstEpoch: 1 };
	return {
		objective: 'crf',
		trains: 'all',
		updateEvery: 1,
		batchSize: sentences / run.batches,
		epochs: steps / run.batches,
		groups: { tables: open, encoder: open, bert: open, head: { ...open, rate: run.head_rate / run.base_rate } },
		optimizer: {
			learningRate: run.base_rate,
			warmup: run.warmup_steps / steps,
			schedule: 'linear',
			epochDecay: 0,
			layerDecay: run.layer_decay,
			decaysBiases: false,
		},
	} as const;
}

async function followRun({ device, layout, run, inputs, path }: Following, comparison: Comparison): Promise<void> {
	const sentences = inputs.reduce((sum, { batch }) => sum + batch.sentenceCount, 0);
	const stage = stageOf(run, sentences);
	const trained = trainedParameters(layout, stage, { epoch: 1, stepsPerEpoch: run.batches });
	for (const [index, batchIndex] of run.batch_of_step.entries()) {
		const step = index + 1;
		const loss = await trainStep({ device, layout, run }, inputs[batchIndex]);
		comparison.compare('step losses', [loss], [run.loss[index]], tolerances.trajectoryLoss);
		const norm = await device.gradientNorm(layout.entries);
		comparison.compare('gradient norms', [norm], [run.norm_before_clipping[index]], tolerances.trajectoryLoss);
		const learningRate = learningRateAt(stage, step, 1, { sentences, warmupSilencesDecay: true });
		const rates = trained.map(({ entry, rate }) => [run.lr_used[run.group_of[fixtureName(entry.name)]][index], rate]);
		comparison.compare(
			'learning rates',
			rates.map(([, rate]) => learningRate * rate),
			rates.map(([expected]) => expected),
			rateTolerance,
		);
		device.update(ruleOf(run, learningRate, step), trained);
		if ([2, 10].includes(step)) await compareParameters({ device, layout, path }, `after_step_${step}`, comparison);
	}
	await compareParameters({ device, layout, path }, 'final', comparison);
}

function ruleOf(run: FinetuningRun, learningRate: number, count: number): UpdateRule {
	const { betas, eps: epsilon, weight_decay: weightDecay, clip_global_norm: clipNorm } = run;
	const [beta1, beta2] = betas;
	return { kind: 'adamw', learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, clipValue: 0, count };
}

/** Adds a batch's gradients; its loss is the mean over sentences. */
async function trainStep(
	{ device, layout, run }: Pick<Following, 'device' | 'layout' | 'run'>,
	{ batch, pieces, firstPieces }: StepInput,
): Promise<number> {
	device.beginStep(batch);
	const trained = new Set(layout.entries.map(({ name }) => name));
	const tape = new Tape(device, layout, batch, { trained, random: null });
	const { output } = encodeBert(tape, configOf(run), prefix, () => pieces);
	const words = tape.gatherRows(output, device.uploadIndices(firstPieces));
	const emissions = tape.linear(words, outputLayer.weight, outputLayer.bias);
	const crf = { transitions: tape.parameter(crfNames.transitions), start: null, end: null };
	const perSentence = tape.crfLoss(emissions, crf, device.uploadIndices(batch.tags), 1 / batch.sentenceCount);
	tape.backward();
	const losses = await device.read(perSentence);
	device.endStep();
	return losses.reduce((sum, loss) => sum + loss, 0) / batch.sentenceCount;
}

async function compareParameters(
	{ device, layout, path }: Pick<Following, 'device' | 'layout' | 'path'>,
	file: string,
	comparison: Comparison,
): Promise<void> {
	const expected = readFixtureTensors(path, `${file}.safetensors`);
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
