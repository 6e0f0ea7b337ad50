// A trained model out of what a run learns from and its parameters: what tagging and measuring need of it.

import { rowLookup } from '../data/encode-sentence';
import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import { bertOfParameters, type NetworkBert } from '../model/open-network';
import { layOutNetwork, networkShape } from '../model/shape';
import type { TrainedModel } from './encode-text';

export interface PreparedRun {
	config: ExperimentConfig;
	data: PreparedData;
	/** Null for a run without a lexicon. */
	lexiconWords: Iterable<string> | null;
	/** As the run got it; absent for a run without. */
	bert?: NetworkBert | null;
}

/** `parameters` in the layout of the run's network, with BERT's part where that was trained. */
export function modelOfRun({ config, data, lexiconWords, bert }: PreparedRun, parameters: Float32Array): TrainedModel {
	const shape = networkShape(config, data);
	const layout = layOutNetwork(shape);
	return {
		shape,
		labels: data.labels,
		latticeRows: rowLookup(data.lattice),
		bigramRows: rowLookup(data.bigram),
		lexiconWords,
		normalizesEmbeddings: config.data.normalizeEmbeddings,
		parameters: parameters.subarray(0, layout.frozenOffset),
		bert: bertOfParameters(bert ?? null, layout, parameters),
	};
}
