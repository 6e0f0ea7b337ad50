// The sizes of one network from its settings and data, and its parameters laid out; named as in the published program's state_dict.

import type { PreparedData } from '../data/prepared';
import type { ModelConfig, Objective, QuirkConfig, TrainedPart } from '../experiment/config';
import type { NetworkShape } from '../experiment/network-shape';
import { layOutParameters, type ParameterEntry, type ParameterLayout } from '../kernels/parameters';
import { fusions } from './fusion/fusions';
import type { ParameterSpec } from './fusion/position-fusion';

export type { NetworkShape };

/** H: the model's width. */
export function widthOf(model: ModelConfig): number {
	return model.heads * model.headSize;
}

export function networkShape(model: ModelConfig, quirks: QuirkConfig, data: PreparedData): NetworkShape {
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
	};
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

/** All parameters that the computation uses, in a fixed order. */
export function layOutNetwork(shape: NetworkShape): ParameterLayout {
	const { model } = shape;
	const width = widthOf(model);
	const characterInputs = shape.latticeSize + (model.bigrams ? shape.bigramSize : 0) + model.extraFeatureSize;
	const specs: ParameterSpec[] = [
		{ name: latticeTable, shape: [shape.latticeRows, shape.latticeSize] },
		...(model.bigrams ? [{ name: bigramTable, shape: [shape.bigramRows, shape.bigramSize] }] : []),
		...linear('char_proj', width, characterInputs),
		...(model.lexicon ? linear('lex_proj', width, shape.latticeSize) : []),
		...fusions[model.fusion].parameters(width),
		...Array.from({ length: model.layers }, (_, layer) => layerParameters(layer, model)).flat(),
		...linear('output', shape.tagCount, width),
		{ name: crfNames.transitions, shape: [shape.tagCount, shape.tagCount] },
	];
	if (model.crfStartEnd)
		for (const name of [crfNames.start, crfNames.end]) specs.push({ name, shape: [shape.tagCount] });
	return layOutParameters(specs);
}

const isHead = (name: string) => name.startsWith('output.') || name.startsWith('crf.');

/** The parameters that get a gradient in a stage, and so decay and momentum too; all others do not change. */
export function trainedEntries(layout: ParameterLayout, objective: Objective, trains: TrainedPart): ParameterEntry[] {
	return layout.entries.filter(({ name }) => {
		if (objective === 'contrastive') return trains === 'all' && !isHead(name);
		return trains === 'all' || isHead(name);
	});
}
