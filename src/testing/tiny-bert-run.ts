// A run with a small random BERT over made-up sentences, frozen in its first epochs and trained after: for tests of training.

import type { PreparedData } from '../data/prepared';
import { type BertConfig, bertTensors } from '../experiment/bert-config';
import type { ExperimentConfig } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import type { NetworkBert } from '../model/open-network';
import { elementCount } from '../storage/stored-tensor';
import { RandomStream } from '../util/random';
import { tinyData } from './tiny-data';

const config: BertConfig = {
	family: 'bert',
	...{ layers: 2, width: 8, heads: 2, innerWidth: 12, embeddingWidth: 8 },
	...{ pieces: 30, positions: 40, segmentTypes: 2, layerNormEpsilon: 1e-12, activation: 'gelu' },
	...{ hiddenDropout: 0.1, attentionDropout: 0.1 },
};

/** Each character is one piece, of its own row where the table has one. */
export function tinyBertData(counts: { train: number; dev: number; test: number }): PreparedData {
	const data = tinyData(counts);
	const withPieces = (split: PreparedData['splits']['train']) =>
		split.map((sentence) => ({
			...sentence,
			pieces: {
				rows: sentence.characterRows.map((row) => 4 + (row % (config.pieces - 4))),
				starts: Int32Array.from({ length: sentence.characterRows.length + 1 }, (_, index) => index),
			},
		}));
	const { train, dev, test } = data.splits;
	const pieces = [
		'[PAD]',
		'[UNK]',
		'[CLS]',
		'[SEP]',
		...Array.from({ length: config.pieces - 4 }, (_, id) => `p${id}`),
	];
	return {
		...data,
		splits: { train: withPieces(train), dev: withPieces(dev), test: withPieces(test) },
		bert: { config, hash: 'tiny', pieces, sources: Int32Array.from(pieces, (_, row) => row), tokenizer: null },
	};
}

/** The weights in any order of reading. */
export function tinyBertOf(data: PreparedData): NetworkBert {
	if (!data.bert) throw new Error('data without BERT');
	const stream = new RandomStream(5);
	const tensors = new Map(
		Array.from(bertTensors(config), ([name, shape]) => {
			const isGain = name.endsWith('LayerNorm.weight');
			return [name, Float32Array.from({ length: elementCount(shape) }, () => (isGain ? 1 : stream.uniform() - 0.5))];
		}),
	);
	return {
		prepared: data.bert,
		weights: { read: async (name) => tensors.get(name) ?? new Float32Array(0) },
		isTrained: false,
	};
}

/** One stage of four epochs that trains BERT from the third on. */
export function tinyBertConfig(change: (config: ExperimentConfig) => void = () => {}): ExperimentConfig {
	const made = presetConfig('smoke-bert');
	Object.assign(made.model, { heads: 2, headSize: 8 });
	const stage = made.stages[made.stages.length - 1];
	Object.assign(stage, { batchSize: 4, epochs: 4, stopAfter: 0, patience: 9 });
	stage.groups.bert = { rate: 0.5, firstEpoch: 3 };
	made.stages = [stage];
	change(made);
	return made;
}
