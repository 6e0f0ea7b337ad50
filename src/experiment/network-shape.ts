// The fixed sizes of one network: what a checkpoint must say beside its tensors so that the network can be built again.

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
}
