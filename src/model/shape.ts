// The sizes of one network from its settings and data, and its parameters laid out; named as in the published program's state_dict.

import { type PreparedBert, specialRows } from '../data/bert/bert-text';
import type { PreparedData } from '../data/prepared';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import type {
	BertSettings,
	ExperimentConfig,
	ModelConfig,
	Objective,
	ParameterGroup,
	QuirkConfig,
	TrainedPart,
} from '../experiment/config';
import type { BertShape, NetworkShape } from '../experiment/network-shape';
import { layOutParameters, type ParameterEntry, type ParameterLayout } from '../kernels/parameters';
import { fusions } from './fusion/fusions';
import type { ParameterSpec } from './fusion/position-fusion';

export type { BertShape, NetworkShape };

/** H: the model's width. */
export function widthOf(model: ModelConfig): number {
	return model.heads * model.headSize;
}

export function networkShape({ model, bert, quirks }: ExperimentConfig, data: PreparedData): NetworkShape {
	const tagOffset = quirks.padTag ? 0 : 2;
	return {
		model,
		latticeRows: data.lattice.rowCount,
		latticeSize: data.lattice.dimension,
		bigramRows: data.bigram.rowCount,
		bigramSize: data.bigram.dimension,
		tagCount: data.labels.tags.length - tagOffset,
		tagOffset,
		maxDistance: data.maxCharacters,
		bert: data.bert && bertShape(data.bert, bert, quirks),
	};
}

function bertShape({ config, pieces }: PreparedBert, settings: BertSettings, quirks: QuirkConfig): BertShape {
	return {
		config,
		rows: pieces.length,
		...specialRows(pieces),
		stride: quirks.refuseLongSentences ? null : windowStride(config),
		wordDropout: settings.wordDropout,
		outputDropout: settings.outputDropout,
	};
}

/** Pieces between the starts of the windows of a long sentence: half a window. */
export function windowStride({ positions }: BertConfig): number {
	return Math.ceil((positions - 2) / 2);
}

export const latticeTable = 'lattice_embed.embedding.weight';
export const bigramTable = 'bigram_embed.embedding.weight';
export const outputLayer = { weight: 'output.weight', bias: 'output.bias' } as const;
export const crfNames = { transitions: 'crf.trans_m', start: 'crf.start_scores', end: 'crf.end_scores' } as const;

/** Names of one encoder layer's parameters. */
export function layerNames(layer: number) {
	const prefix = `encoder.layer_${layer}`;
	return {
		query: `${prefix}.attn.w_q`,
		value: `${prefix}.attn.w_v`,
		relative: `${prefix}.attn.w_r`,
		contentBias: `${prefix}.attn.u`,
		positionBias: `${prefix}.attn.v`,
		inner: `${prefix}.ff.w0`,
		outer: `${prefix}.ff.w1`,
		gain: `${prefix}.layer_postprocess.layer_norm.weight`,
		bias: `${prefix}.layer_postprocess.layer_norm.bias`,
	};
}

const linear = (name: string, outputs: number, inputs: number): ParameterSpec[] => [
	{ name: `${name}.weight`, shape: [outputs, inputs] },
	{ name: `${name}.bias`, shape: [outputs] },
];

function layerParameters(layer: number, model: ModelConfig): ParameterSpec[] {
	const names = layerNames(layer);
	const width = widthOf(model);
	const inner = width * model.feedForwardFactor;
	return [
		...linear(names.query, width, width),
		...linear(names.value, width, width),
		...linear(names.relative, width, width),
		{ name: names.contentBias, shape: [model.heads, model.headSize] },
		{ name: names.positionBias, shape: [model.heads, model.headSize] },
		...linear(names.inner, inner, width),
		...linear(names.outer, width, inner),
		{ name: names.gain, shape: [width] },
		{ name: names.bias, shape: [width] },
	];
}

/** Width of what the output layer reads. */
export function representationWidth({ model, bert }: Pick<NetworkShape, 'model' | 'bert'>): number {
	return model.encoder === 'bert' ? (bert?.config.width ?? 0) : widthOf(model);
}

/** All parameters that the computation uses, in a fixed order: BERT's are the part that may be frozen. */
export function layOutNetwork(shape: NetworkShape): ParameterLayout {
	const { model, bert } = shape;
	const specs: ParameterSpec[] = [
		...(model.encoder === 'bert' ? [] : latticeParameters(shape)),
		...linear('output', shape.tagCount, representationWidth(shape)),
		{ name: crfNames.transitions, shape: [shape.tagCount, shape.tagCount] },
	];
	if (model.crfStartEnd)
		for (const name of [crfNames.start, crfNames.end]) specs.push({ name, shape: [shape.tagCount] });
	return layOutParameters(specs, bert ? bertParameters(bert) : []);
}

function latticeParameters(shape: NetworkShape): ParameterSpec[] {
	const { model, bert } = shape;
	const width = widthOf(model);
	const characterInputs = shape.latticeSize + (model.bigrams ? shape.bigramSize : 0) + (bert ? bert.config.width : 0);
	return [
		{ name: latticeTable, shape: [shape.latticeRows, shape.latticeSize] },
		...(model.bigrams ? [{ name: bigramTable, shape: [shape.bigramRows, shape.bigramSize] }] : []),
		...linear('char_proj', width, characterInputs),
		...(model.lexicon ? linear('lex_proj', width, shape.latticeSize) : []),
		...fusions[model.fusion].parameters(width),
		...Array.from({ length: model.layers }, (_, layer) => layerParameters(layer, model)).flat(),
	];
}

/** Before the names of a model's own tensors. */
export const bertPrefix = 'bert_embedding.model.encoder.';
export const pieceTableName = `${bertPrefix}embeddings.word_embeddings.weight`;

/** Without given features alone, which have no rows. */
function bertParameters({ config, rows }: BertShape): ParameterSpec[] {
	if (rows === 0) return [];
	return Array.from(bertTensors({ ...config, pieces: rows }), ([name, shape]) => ({
		name: bertPrefix + name,
		shape,
	}));
}

const isHead = (name: string) => name.startsWith('output.') || name.startsWith('crf.');

export function parameterGroup(name: string): ParameterGroup {
	if (name.startsWith(bertPrefix)) return 'bert';
	if (isHead(name)) return 'head';
	return name === latticeTable || name === bigramTable ? 'tables' : 'encoder';
}

/** What a step trains. */
export interface TrainedChoice {
	objective: Objective;
	trains: TrainedPart;
	/** Groups that do not change in this step. */
	resting?: readonly ParameterGroup[];
}

/** The parameters that get a gradient in a step, and so decay and momentum too; all others do not change. */
export function trainedEntries(
	layout: ParameterLayout,
	{ objective, trains, resting = [] }: TrainedChoice,
): ParameterEntry[] {
	return layout.entries.filter(({ name }) => {
		if (resting.includes(parameterGroup(name))) return false;
		if (objective === 'contrastive') return trains === 'all' && !isHead(name);
		return trains === 'all' || isHead(name);
	});
}
