// A trained model out of what a run learns from and its parameters: what tagging and measuring need of it.

import { rowLookup } from '../data/encode-sentence';
import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import { networkShape } from '../model/shape';
import type { TrainedModel } from './encode-text';

export interface PreparedRun {
	config: ExperimentConfig;
	data: PreparedData;
	/** Null for a run without a lexicon. */
	lexiconWords: Iterable<string> | null;
}

/** `parameters` in the layout of the run's network. */
export function modelOfRun({ config, data, lexiconWords }: PreparedRun, parameters: Float32Array): TrainedModel {
	return {
		shape: networkShape(config.model, config.quirks, data),
		labels: data.labels,
		latticeRows: rowLookup(data.lattice),
		bigramRows: rowLookup(data.bigram),
		lexiconWords,
		normalizesEmbeddings: config.data.normalizeEmbeddings,
		parameters,
	};
}
