// The checkpoint of a run as it stands: the parameters of the best epoch so far with all that tagging needs.

import type { EmbeddingTable, PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import type { RunState } from '../experiment/run-state';
import { layOutNetwork, networkShape } from '../model/shape';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { tensorsOfParameters } from '../storage/flat-parameters';
import { bestOf } from '../training/train-run';

export interface RunCheckpointParts {
	config: ExperimentConfig;
	data: PreparedData;
	state: RunState;
	/** All events of the run, those before a resume included. */
	events: readonly TrainingEvent[];
	dataHashes: Record<string, string>;
	versions: Record<string, string>;
}

export function checkpointOf({ config, data, state, events, dataHashes, versions }: RunCheckpointParts): Checkpoint {
	const network = networkShape(config.model, config.quirks, data);
	const best = events.findLast((event) => event.kind === 'epoch-finished' && event.isBest);
	const epoch = best?.kind === 'epoch-finished' ? best : null;
	return {
		config,
		network,
		labels: data.labels.tags,
		vocabularies: { lattice: storedVocabulary(data.lattice), bigram: storedVocabulary(data.bigram) },
		lexiconWords: config.model.lexicon ? data.lexiconWords : null,
		metrics: { dev: epoch?.dev ?? null, test: epoch?.test ?? null },
		provenance: { stage: epoch?.stage ?? '', epoch: epoch?.epoch ?? 0, dataHashes, versions },
		parameters: tensorsOfParameters(layOutNetwork(network), bestOf(state)),
	};
}

function storedVocabulary({ vocabulary, rowOfId }: EmbeddingTable): StoredVocabulary {
	return { words: vocabulary.words, rowOfId, hasOwnEntry: vocabulary.hasOwnEntry };
}
