// A network with a fixture's sizes and parameters.

import {
	asPublished,
	type DistanceOrigin,
	type FusionName,
	fusionNames,
	type ModelConfig,
} from '../../experiment/config';
import type { LabelSet } from '../../experiment/labels';
import type { BertShape, NetworkShape } from '../../experiment/network-shape';
import type { Device } from '../../kernels/operations';
import type { ParameterLayout } from '../../kernels/parameters';
import { Network } from '../../model/network';
import { invariant } from '../../util/errors';
import type { FixtureTensors } from './fixture-file';

/** The settings that a fixture's JSON names; no dropout. */
export interface FixtureSizes {
	heads: number;
	headSize: number;
	layers: number;
	feedForwardFactor: number;
	fusion: FusionName;
	distanceOrigin: DistanceOrigin;
	/** The published max_seq_len. */
	maxDistance: number;
}

/** The tiny ff_two model that all trajectories share. */
export const trajectorySizes: FixtureSizes = {
	heads: 4,
	headSize: 8,
	layers: 1,
	feedForwardFactor: 3,
	fusion: 'ff_two',
	distanceOrigin: 'centred',
	maxDistance: 30,
};

/** Fixtures were made without it. */
export const noDropout = { embeddingDropout: 0, feedForwardDropout: 0, outputDropout: 0, wordDropout: 0 };

export function readSizes(config: Record<string, unknown>): FixtureSizes {
	const number = (name: string) => Number(config[name]);
	const fusion = fusionNames.find((name) => name === config.four_pos_fusion);
	invariant(fusion, `no position fusion ${config.four_pos_fusion}`);
	return {
		heads: number('heads'),
		headSize: number('head_dim'),
		layers: number('layers'),
		feedForwardFactor: number('ff') / number('hidden'),
		fusion,
		distanceOrigin: config.rel_pos_init === 0 ? 'shifted' : 'centred',
		maxDistance: number('max_seq_len'),
	};
}

export function fixtureNetwork(
	device: Device,
	sizes: FixtureSizes,
	parameters: FixtureTensors,
	labels: LabelSet,
	bert: BertShape | null = null,
): Network {
	const rowsOf = (name: string) => parameters.floats(name)?.shape ?? [2, 1];
	const [latticeRows, latticeSize] = rowsOf('lattice_embed.embedding.weight');
	const [bigramRows, bigramSize] = rowsOf('bigram_embed.embedding.weight');
	const { maxDistance, ...given } = sizes;
	const model: ModelConfig = {
		...given,
		encoder: bert ? 'flat-bert' : 'flat',
		bigrams: true,
		lexicon: true,
		embeddingSize: latticeSize,
		crfStartEnd: false,
		constrainedDecoding: false,
		...noDropout,
	};
	const tagCount = parameters.floats('output.bias')?.values.length ?? labels.tags.length;
	invariant(asPublished.padTag, 'the published program scores every tag');
	const shape = { model, latticeRows, latticeSize, bigramRows, bigramSize, tagCount, tagOffset: 0, maxDistance, bert };
	const network = new Network(device, shape, labels);
	network.load(flatParameters(network.layout, parameters));
	return network;
}

/** A network of that BERT and nothing else, without dropout. */
export function bertAloneModel(bert: BertShape, tagCount: number): NetworkShape {
	const model: ModelConfig = {
		encoder: 'bert',
		heads: 1,
		headSize: 1,
		layers: 1,
		feedForwardFactor: 1,
		fusion: 'ff_two',
		distanceOrigin: 'centred',
		bigrams: false,
		lexicon: false,
		embeddingSize: 1,
		crfStartEnd: false,
		constrainedDecoding: false,
		...noDropout,
	};
	const tables = { latticeRows: 2, latticeSize: 1, bigramRows: 2, bigramSize: 1 };
	return { model, ...tables, tagCount, tagOffset: 0, maxDistance: 0, bert };
}

/** The flat array of a layout from tensors by name. */
export function flatParameters(layout: ParameterLayout, parameters: FixtureTensors): Float32Array {
	const values = new Float32Array(layout.size);
	for (const entry of layout.entries) {
		const tensor = parameters.floats(entry.name);
		invariant(
			tensor && tensor.values.length === entry.size,
			`the fixture's parameters lack ${entry.name} or its size differs`,
		);
		values.set(tensor.values, entry.offset);
	}
	return values;
}
