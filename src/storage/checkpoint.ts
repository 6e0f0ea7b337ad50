// A checkpoint: one safetensors file with a network's parameters and everything that is needed to tag text with it or
// to train it further. Loads to the same predictions on any device.

import type { PreparedBert } from '../data/bert/bert-text';
import { isBertConfig } from '../experiment/bert-config';
import type { ExperimentConfig } from '../experiment/config';
import { readConfig } from '../experiment/config-versions';
import type { Evaluation } from '../experiment/events';
import type { BertShape, NetworkShape } from '../experiment/network-shape';
import { invariant, UserError } from '../util/errors';
import { ownValue } from '../util/own-value';
import { requireTensor } from './flat-parameters';
import { readIntegers, type StoredTensor, storeNumbers } from './stored-tensor';
import {
	decodeWorkbenchFile,
	encodeWorkbenchFile,
	type FileKind,
	hasCounts,
	isRecord,
	isTextList,
	isTextRecord,
	type WorkbenchFile,
	workbenchFileParts,
} from './workbench-file';

/** A vocabulary and the rows of its embedding table: data/prepared.ts without the table itself. */
export interface StoredVocabulary {
	/** In id order: `<pad>` 0, `<unk>` 1. */
	words: readonly string[];
	/** Row of each id; 1 for words without a row of their own. */
	rowOfId: Int32Array;
	/** 1 for words that have an entry of their own, 0 for words seen outside train only. */
	hasOwnEntry: Uint8Array;
}

export interface Provenance {
	/** Stage and epoch that the parameters are of; empty and 0 when unknown (an imported file). */
	stage: string;
	/** From 1. */
	epoch: number;
	/** SHA-256 of the files it was made from, by role: train, dev, test, characterVectors, … */
	dataHashes: Record<string, string>;
	/** Versions of the workbench and what it ran on, by name. */
	versions: Record<string, string>;
}

export interface CheckpointMetrics {
	dev: Evaluation | null;
	test: Evaluation | null;
}

export interface Checkpoint {
	config: ExperimentConfig;
	/** Its `model` is the model of `config`. */
	network: NetworkShape;
	/** Tags in id order (experiment/labels.ts). */
	labels: readonly string[];
	vocabularies: { lattice: StoredVocabulary; bigram: StoredVocabulary };
	/** Words to match in new text; null when the checkpoint carries no lexicon. */
	lexiconWords: readonly string[] | null;
	/** The BERT of its network, null without. Its weights are among the parameters when they were trained with it; else only in
	 *  the files of that hash. */
	bert: PreparedBert | null;
	metrics: CheckpointMetrics;
	provenance: Provenance;
	/** Parameters by their published names; flat-parameters.ts makes the flat array of them. */
	parameters: ReadonlyMap<string, StoredTensor>;
}

const checkpointKind: FileKind = { name: 'checkpoint', migrations: [], words: 'a checkpoint of this workbench' };
const tables = ['lattice', 'bigram'] as const;
type TableName = (typeof tables)[number];
const rowTensor = (table: TableName) => `vocabulary.${table}.row_of_id`;
const pieceSources = 'vocabulary.pieces.source';
const ownEntryTensor = (table: TableName) => `vocabulary.${table}.has_own_entry`;

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
	const { records, tensors } = contentOf(checkpoint);
	return encodeWorkbenchFile(checkpointKind, records, tensors);
}

/** The same file in parts: no second copy of a large model's parameters is made. */
export function checkpointParts(checkpoint: Checkpoint): AsyncGenerator<Uint8Array, void> {
	const { records, tensors } = contentOf(checkpoint);
	return workbenchFileParts(checkpointKind, records, tensors);
}

function contentOf(checkpoint: Checkpoint): {
	records: Readonly<Record<string, unknown>>;
	tensors: Map<string, StoredTensor>;
} {
	const { config, network, labels, vocabularies, lexiconWords, bert, metrics, provenance, parameters } = checkpoint;
	const { model, ...sizes } = network;
	const tensors = new Map<string, StoredTensor>(parameters);
	for (const table of tables) {
		const { words, rowOfId, hasOwnEntry } = vocabularies[table];
		invariant(rowOfId.length === words.length, `${rowOfId.length} rows for ${words.length} words`);
		invariant(hasOwnEntry.length === words.length, `${hasOwnEntry.length} entries for ${words.length} words`);
		tensors.set(rowTensor(table), storeNumbers(rowOfId, [rowOfId.length]));
		tensors.set(ownEntryTensor(table), storeNumbers(hasOwnEntry, [hasOwnEntry.length]));
	}
	if (bert) tensors.set(pieceSources, storeNumbers(bert.sources, [bert.sources.length]));
	const records = {
		config: { ...config, model },
		network: sizes,
		labels,
		lattice_words: vocabularies.lattice.words,
		bigram_words: vocabularies.bigram.words,
		metrics,
		provenance,
		...(lexiconWords ? { lexicon_words: lexiconWords } : {}),
		...(bert ? { bert: { hash: bert.hash, pieces: bert.pieces, tokenizer: bert.tokenizer } } : {}),
	};
	return { records, tensors };
}

/** Throws a UserError when the file is cut off, of another kind or version, or its parts do not fit each other. The
 *  parameters are views into `bytes`; their names and shapes are checked when they are laid out (flat-parameters.ts). */
export function decodeCheckpoint(bytes: Uint8Array, file?: string): Checkpoint {
	const stored = decodeWorkbenchFile(bytes, checkpointKind, file);
	const config = configOf(stored, file);
	const sizes = stored.record('network', isNetworkSizes, 'the sizes of the network');
	const labels = stored.record('labels', isTextList, 'a list of tags');
	if (labels.length !== sizes.tagCount + sizes.tagOffset) {
		throw stored.damage(`${sizes.tagCount + sizes.tagOffset} tags`, `${labels.length}`);
	}
	const vocabularies = {
		lattice: readVocabulary(stored, 'lattice', sizes.latticeRows, file),
		bigram: readVocabulary(stored, 'bigram', sizes.bigramRows, file),
	};
	const parameters = new Map(stored.tensors);
	for (const table of tables) {
		parameters.delete(rowTensor(table));
		parameters.delete(ownEntryTensor(table));
	}
	parameters.delete(pieceSources);
	const network: NetworkShape = { ...sizes, model: config.model, bert: sizes.bert ?? null };
	return {
		config,
		network,
		labels,
		vocabularies,
		lexiconWords: stored.has('lexicon_words') ? stored.record('lexicon_words', isTextList, 'a list of words') : null,
		bert: network.bert && readBert(stored, network.bert, file),
		metrics: stored.record('metrics', isMetrics, 'the results on dev and test'),
		provenance: stored.record('provenance', isProvenance, 'the origin of the checkpoint'),
		parameters,
	};
}

/** Settings as a file holds them, checked as any that come from outside. Used by resume-state.ts too. */
export function configOf(stored: WorkbenchFile, file?: string): ExperimentConfig {
	try {
		return readConfig(stored.record('config', isRecord, 'the settings of a run'));
	} catch (error) {
		if (!(error instanceof UserError) || error.code.startsWith('workbench-file')) throw error;
		const { code, expected, found } = error;
		const isNewer = code === 'settings-version';
		const remedy = isNewer
			? error.remedy
			: 'Use an unchanged copy of the file: the settings in this one have been edited.';
		throw new UserError({ code, location: { file }, expected, found, remedy });
	}
}

/** Files of earlier versions say nothing of BERT. */
type NetworkSizes = Omit<NetworkShape, 'model' | 'bert'> & { bert?: BertShape | null };

function isNetworkSizes(value: unknown): value is NetworkSizes {
	const isSized = hasCounts(value, ['latticeRows', 'latticeSize', 'bigramRows', 'bigramSize', 'maxDistance']);
	if (!isSized || !hasCounts(value, ['tagCount'], 1) || !hasCounts(value, ['tagOffset'])) return false;
	const { bert } = value as { bert?: unknown };
	return bert === undefined || bert === null || isBertShape(bert);
}

function isBertShape(value: unknown): value is BertShape {
	if (!isRecord(value) || !isRecord(value.config) || !hasCounts(value, ['rows', 'unknown', 'first', 'last']))
		return false;
	const rates = [value.wordDropout, value.outputDropout];
	const isStrided = value.stride === null || hasCounts(value, ['stride'], 1);
	return isBertConfig(value.config) && isStrided && rates.every((rate) => typeof rate === 'number');
}

function readBert(stored: WorkbenchFile, { config, rows }: BertShape, file?: string): PreparedBert {
	const { hash, pieces, tokenizer } = stored.record('bert', isStoredBert, 'the pieces of BERT');
	if (pieces.length !== rows) throw stored.damage(`${rows} pieces`, `${pieces.length}`);
	const sources = readIntegers(requireTensor(stored.tensors, pieceSources, [rows], file), pieceSources);
	const outside = sources.find((row) => row < 0 || row >= config.pieces);
	if (outside !== undefined) throw stored.damage(`rows below ${config.pieces} in ${pieceSources}`, `row ${outside}`);
	return { config, hash, pieces, sources, tokenizer };
}

function isStoredBert(value: unknown): value is Omit<PreparedBert, 'config' | 'sources'> {
	if (!isRecord(value) || typeof value.hash !== 'string' || !isTextList(value.pieces)) return false;
	const { tokenizer } = value;
	if (tokenizer === null) return true;
	const options = ['lowerCase', 'stripAccents', 'splitsChinese'];
	return isRecord(tokenizer) && options.every((option) => typeof ownValue(tokenizer, option) === 'boolean');
}

function readVocabulary(stored: WorkbenchFile, table: TableName, rows: number, file?: string): StoredVocabulary {
	const words = stored.record(`${table}_words`, isTextList, 'a list of words');
	const rowOfId = readIntegers(requireTensor(stored.tensors, rowTensor(table), [words.length], file), rowTensor(table));
	const own = requireTensor(stored.tensors, ownEntryTensor(table), [words.length], file);
	const outside = rowOfId.find((row) => row < 0 || row >= rows);
	if (outside !== undefined) throw stored.damage(`rows below ${rows} in ${rowTensor(table)}`, `row ${outside}`);
	return { words, rowOfId, hasOwnEntry: Uint8Array.from(readIntegers(own, ownEntryTensor(table))) };
}

function isMetrics(value: unknown): value is CheckpointMetrics {
	return isRecord(value) && [value.dev, value.test].every((part) => part === null || isRecord(part));
}

function isProvenance(value: unknown): value is Provenance {
	return (
		isRecord(value) &&
		hasCounts(value, ['epoch']) &&
		typeof value.stage === 'string' &&
		isTextRecord(value.dataHashes) &&
		isTextRecord(value.versions)
	);
}
