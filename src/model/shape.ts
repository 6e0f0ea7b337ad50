// The fixed sizes of one network, from its settings and its data.

import type { ModelConfig } from '../experiment/config';

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
	/** Reach of the position table: distances lie in [-maxDistance, maxDistance]. */
	maxDistance: number;
}

/** H: the model's width. */
export function widthOf(model: ModelConfig): number {
	return model.heads * model.headSize;
}
