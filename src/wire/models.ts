// The part of the wire about models: those of the workspace and those that come with the page, opened, imported, exported.

import type { ExperimentConfig } from '../experiment/config';
import type { CheckpointMetrics, Provenance } from '../storage/checkpoint';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { SourceFile } from './source-file';

/** A model: the last run's of this page, a stored checkpoint, or a file that is served beside the page. */
export type ModelRef =
	| { kind: 'run' }
	| { kind: 'checkpoint'; id: string }
	| { kind: 'shipped'; url: string; sizeBytes: number };

/** A checkpoint that comes with the page; scores from 0 to 1, by the published rule. */
export interface ShippedModel {
	name: string;
	/** FLAT or NerCo. */
	method: string;
	preset: string;
	corpus: string;
	url: string;
	sizeBytes: number;
	parameters: number;
	seed: number;
	/** Mean and sample deviation over seeds where they were measured, else the one seed's. */
	devF1: SeedScore;
	testF1: SeedScore;
}

export interface SeedScore {
	mean: number;
	deviation: number | null;
	seeds: number;
}

export interface ModelCard {
	config: ExperimentConfig;
	entityTypes: string[];
	provenance: Provenance;
	metrics: CheckpointMetrics;
	parameterCount: number;
	/** Null when the model came without a lexicon. */
	lexiconWords: number | null;
}

export interface ModelCommands {
	/** The list beside the page, empty where the page was built without models. `base` is the page's address. */
	'shipped-models': { request: { base: string }; reply: { models: ShippedModel[] } };
	/** Reads a model, with progress, and keeps it for tagging. */
	'model-card': { request: { task: string; model: ModelRef }; reply: ModelCard };
	/** Takes a stored checkpoint for tagging, in place of the last run's model. */
	'open-checkpoint': { request: { id: string }; reply: { entityTypes: string[] } };
	/** A checkpoint file of the workbench, or a PyTorch state_dict with the JSON file of its vocabularies. */
	'import-checkpoint': {
		request: { file: SourceFile; name: string; vocabularies?: SourceFile };
		reply: ItemOf<'checkpoint'>;
	};
	'export-checkpoint': { request: { id: string }; reply: { file: Blob } };
	/** As a checkpoint of the workbench, or as a state_dict and its vocabularies for the published program. */
	'export-model': {
		request: { model: ModelRef; format: 'workbench' | 'torch'; name: string };
		reply: { files: { name: string; file: Blob }[] };
	};
}
