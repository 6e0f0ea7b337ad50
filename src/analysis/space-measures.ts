// All numbers about a space of representations at one snapshot, as the page shows them beside its map. Each is defined in its own file.

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
	maxTokens?: number;
	maxPairs?: number;
	seed?: number;
}

/** `isBegin` [N]: 1 for the first token of a mention; `neighbourIds` [N, k] in the original space. Yields between measures. */
export function* measureSpace(
	rows: LabelledRows,
	isBegin: Uint8Array,
	neighbourIds: Int32Array,
	{ maxTokens = 1000, maxPairs = 100_000, seed = 1 }: SpaceMeasureOptions = {},
): Generator<void, SpaceMeasures> {
	const purity = neighbourPurity(rows, neighbourIds);
	yield;
	const widths = silhouette(rows, { most: maxTokens, seed });
	yield;
	const aligned = alignment(rows);
	yield;
	const spread = uniformity(rows, { maxPairs, seed });
	yield;
	const distances = classDistances({ ...rows, values: normalizedRows(rows.values, rows.dimension) });
	yield;
	const segmentation = segmentationIndex(rows, isBegin);
	return { purity, silhouette: widths, alignment: aligned, uniformity: spread, distances, segmentation };
}
