// All numbers about a space of representations at one moment, as the page shows them beside its map. Each is defined in its own file.

import { alignment, type Uniformity, uniformity } from './alignment-uniformity';
import { type ClassDistances, classDistances } from './class-distances';
import { type LabelledRows, type MeasureByType, normalizedRows } from './labelled-rows';
import { neighbourPurity } from './neighbour-purity';
import { segmentationIndex } from './segmentation-index';
import { type Silhouette, silhouette } from './silhouette';

export interface SpaceMeasures {
	purity: MeasureByType;
	silhouette: Silhouette;
	alignment: MeasureByType;
	uniformity: Uniformity;
	/** On L2-normalised representations. */
	distances: ClassDistances;
	segmentation: MeasureByType;
}

export interface SpaceMeasureOptions {
	/** Tokens for the silhouette, pairs for the uniformity. */
	mostTokens?: number;
	mostPairs?: number;
	seed?: number;
}

/** `isBegin` [N]: 1 for the first token of a mention; `neighbourIds` [N, k] in the original space. */
export function spaceMeasures(
	rows: LabelledRows,
	isBegin: Uint8Array,
	neighbourIds: Int32Array,
	{ mostTokens = 1000, mostPairs = 100_000, seed = 1 }: SpaceMeasureOptions = {},
): SpaceMeasures {
	return {
		purity: neighbourPurity(rows, neighbourIds),
		silhouette: silhouette(rows, { most: mostTokens, seed }),
		alignment: alignment(rows),
		uniformity: uniformity(rows, { mostPairs, seed }),
		distances: classDistances({ ...rows, values: normalizedRows(rows.values, rows.dimension) }),
		segmentation: segmentationIndex(rows, isBegin),
	};
}
