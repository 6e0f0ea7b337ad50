// The checkpoint of a run so far: the parameters of the best epoch so far with all that tagging needs.

import type { EmbeddingTable, PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import type { RunState } from '../experiment/run-state';
import { layOutNetwork, networkShape } from '../model/shape';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { tensorsOfParameters } from '../storage/flat-parameters';
import { bestOf } from './train-run';

/** What of a run's state its model is made of. */
export type ModelState = Pick<RunState, 'position' | 'parameters' | 'bestParameters'>;

export interface RunCheckpointParts {
	config: ExperimentConfig;
	data: PreparedData;
	state: ModelState;
	/** All events of the run, those before a resume included. */
	events: readonly TrainingEvent[];
	dataHashes: Record<string, string>;
	versions: Record<string, string>;
}

export function checkpointOf({ state, events, ...parts }: RunCheckpointParts): Checkpoint {
	return withParameters(checkpointShell(parts), state, events);
}

/** The checkpoint of a run without its parameters: what of its data a model needs, for a time when they may be gone. */
export function checkpointShell({
	config,
	data,
	dataHashes,
	versions,
}: Omit<RunCheckpointParts, 'state' | 'events'>): Checkpoint {
	return {
		config,
		network: networkShape(config, data),
		labels: data.labels.tags,
		vocabularies: { lattice: storedVocabulary(data.lattice), bigram: storedVocabulary(data.bigram) },
		lexiconWords: config.model.lexicon ? data.lexiconWords : null,
		bert: data.bert,
		metrics: { dev: null, test: null },
		provenance: { stage: '', epoch: 0, dataHashes, versions },
		parameters: new Map(),
	};
}

/** `events`: all of the run, those before a resume included. */
export function withParameters(shell: Checkpoint, state: ModelState, events: readonly TrainingEvent[]): Checkpoint {
	const { stage, epoch } = originOf(shell.config, state);
	const measured = events.findLast(
		(event) => event.kind === 'epoch-finished' && event.isBest && event.stage === stage && event.epoch === epoch,
	);
	const { dev, test } = measured?.kind === 'epoch-finished' ? measured : { dev: null, test: null };
	return {
		...shell,
		metrics: { dev, test },
		provenance: { ...shell.provenance, stage, epoch },
		parameters: tensorsOfParameters(layOutNetwork(shell.network), bestOf(state)),
	};
}

/**
 * Stage and epoch of the parameters that `bestOf` gives: the best epoch of the stage so far; before there is one, the epoch
 * that the run is in (it has no metrics then); between two stages, what the earlier one handed over.
 */
function originOf(
	config: ExperimentConfig,
	{ position, bestParameters }: ModelState,
): { stage: string; epoch: number } {
	const { stageIndex, progress, stages } = position;
	const earlier = stages[stageIndex - 1];
	if (bestParameters === null && progress.step === 0 && earlier) {
		return { stage: earlier.stage, epoch: earlier.bestEpoch > 0 ? earlier.bestEpoch : earlier.epochsRun };
	}
	const begun = progress.stepInEpoch > 0 ? progress.epoch : progress.epoch - 1;
	return { stage: config.stages[stageIndex].name, epoch: bestParameters ? progress.bestEpoch : begun };
}

function storedVocabulary({ vocabulary, rowOfId }: EmbeddingTable): StoredVocabulary {
	return { words: vocabulary.words, rowOfId, hasOwnEntry: vocabulary.hasOwnEntry };
}
