// The part of the wire about models and tagging: what text can be tagged with, tagging of texts and whole files, exports.

import type { TaggedSentence } from '../analysis/tagged-sentence';
import type { TextUnit } from '../data/corpus';
import type { TextFormat } from '../data/formats/format-list';
import type { ExperimentConfig } from '../experiment/config';
import type { CheckpointMetrics, Provenance } from '../storage/checkpoint';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { SourceFile } from './protocol';

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

export interface TaggedText {
	sentences: TaggedSentence[];
	/** Characters of the text; those with no row in the model but in the run's vector files; those read as unknown. */
	characters: { total: number; lookedUp: number; unknown: number };
	/** What its sentences are lists of; characters when absent. */
	unit?: TextUnit;
	/** In the order of their slots. */
	entityTypes?: string[];
	seconds?: number;
}

/** A file that was tagged; its sentences wait in the worker for `export-tagged`. */
export interface TaggedFile {
	/** The first `firstShown`. */
	first: TaggedSentence[];
	sentences: number;
	mentions: number;
	unit: TextUnit;
	entityTypes: string[];
	seconds: number;
}

/** Sentences of a tagged file that the page gets. */
export const firstShown = 200;

export interface TaggingCommands {
	/** The list beside the page, empty where the page was built without models. `base` is the page's address. */
	'shipped-models': { request: { base: string }; reply: { models: ShippedModel[] } };
	/** Reads a model, with progress, and keeps it for tagging. */
	'model-card': { request: { task: string; model: ModelRef }; reply: ModelCard };
	/** Takes a stored checkpoint for tagging, in place of the last run's model. */
	'open-checkpoint': { request: { id: string }; reply: { entityTypes: string[] } };
	/** Tags plain text, one sentence a line, with the named model, else with the last run's or the opened checkpoint. With
	 *  a model named, lines are cut at sentence ends, and confidences, alternatives and words are told too. */
	'tag-text': {
		request: { text: string; task?: string; model?: ModelRef; withoutWords?: string[] };
		reply: TaggedText;
	};
	/** Tags a file of any corpus format; tags that it has are not read. */
	'tag-file': { request: { task: string; model: ModelRef; file: SourceFile }; reply: TaggedFile };
	/** All sentences of the file that was tagged last. */
	'export-tagged': {
		request: { format: TextFormat; sentences: TaggedSentence[] | 'file'; name: string };
		reply: { files: { name: string; file: Blob }[] };
	};
	/** Keeps the text of tagged sentences, without their tags, as a corpus to annotate: all of them are train. */
	'keep-tagged': {
		request: { sentences: Pick<TaggedSentence, 'characters'>[] | 'file'; name: string; source: string };
		reply: ItemOf<'corpus'>;
	};

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
