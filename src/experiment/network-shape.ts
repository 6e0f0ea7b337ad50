// The fixed sizes of one network: what a checkpoint must say beside its tensors so that the network can be built again.

import type { BertConfig } from './bert-config';
import type { ModelConfig } from './config';

export interface NetworkShape {
	model: ModelConfig;
	/** Rows and columns of the two embedding tables. */
	latticeRows: number;
	latticeSize: number;
	bigramRows: number;
	bigramSize: number;
	/** Tags that the output layer scores: all, or all but `<pad>` and `<unk>`. */
	tagCount: number;
	/** Tag id of the output layer's first tag: 0, or 2. */
	tagOffset: number;
	/** Longest sentence in characters at the time of making; the published program's max_seq_len. */
	maxDistance: number;
	/** Null for a network without BERT. */
	bert: BertShape | null;
}

export interface BertShape {
	/** Of its file; the table of pieces has `rows` rows here. */
	config: BertConfig;
	/** 0: the features of BERT are given with the batch, and the network has none of its parameters. */
	rows: number;
	/** Rows of [UNK], [CLS] and [SEP]. */
	unknown: number;
	first: number;
	last: number;
	/** Pieces between the starts of a long sentence's windows; null: every sentence fits the positions. */
	stride: number | null;
	/** Drop rates in [0, 1): of whole characters before BERT, and of what it gives where it is the whole encoder. */
	wordDropout: number;
	outputDropout: number;
	/** Whether a trained layer's inside is computed again in the backward pass, which saves memory; the same numbers. */
	recompute?: boolean;
}

/** A network whose features of BERT, so wide, are given with the batch. */
export function givenFeatures(width: number): BertShape {
	const sizes = { layers: 1, heads: 1, innerWidth: 1, pieces: 1, positions: 3, segmentTypes: 1 };
	const config: BertConfig = {
		family: 'bert',
		...sizes,
		width,
		embeddingWidth: width,
		layerNormEpsilon: 1e-12,
		activation: 'gelu',
		hiddenDropout: 0,
		attentionDropout: 0,
	};
	return { config, rows: 0, unknown: 0, first: 0, last: 0, stride: null, wordDropout: 0, outputDropout: 0 };
}
