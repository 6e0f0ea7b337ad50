// A trained model from and to the files of the published program: a PyTorch state_dict together with its vocabularies,
// which such a file does not hold.

import { asPublished, type ExperimentConfig } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import type { Checkpoint, StoredVocabulary } from '../storage/checkpoint';
import { publishedTensors, readPublishedStateDict } from '../storage/published-checkpoint';
import { readTorchStateDict, writeTorchStateDict } from '../storage/torch-state-dict';
import { UserError } from '../util/errors';
import { bioConstraints } from './decoding-constraints';
import { positionTable } from './position-table';

export interface NamedBytes {
	file: string;
	bytes: Uint8Array;
}

export interface NamedText {
	file: string;
	text: string;
}

interface PublishedVocabularies {
	/** In id order: characters and words; bigrams; tags. */
	lattice: string[];
	bigram: string[];
	label: string[];
	/** Words to match; those of `lattice` when absent. */
	lexicon?: string[];
}

/** Whether a file's name is that of a state_dict. */
export function isTorchName(name: string): boolean {
	return /\.(pt|pth|bin)$/i.test(name);
}

/** Throws `published-…` for another network, `vocabularies-damaged` for lists that are missing or do not fit. */
export function readPublishedModel({ file, bytes }: NamedBytes, vocabularyFile: NamedText): Checkpoint {
	const { network, parameters, rowOfId } = readPublishedStateDict(readTorchStateDict(bytes, file), positionTable, file);
	const vocabularies = readVocabularies(vocabularyFile);
	const requireCount = (list: string[], count: number, name: string) => {
		if (list.length === count) return;
		throw badVocabularies(vocabularyFile.file, `${count} entries under '${name}', as ${file} has`, `${list.length}`);
	};
	const stored = (words: string[], rows: Int32Array): StoredVocabulary => ({
		words,
		rowOfId: rows,
		hasOwnEntry: Uint8Array.from(rows, (row, id) => (id < 2 || row !== 1 ? 1 : 0)),
	});
	const bigramRows = rowOfId.bigram ?? Int32Array.of(0, 1);
	const bigramWords = rowOfId.bigram ? vocabularies.bigram : ['<pad>', '<unk>'];
	requireCount(vocabularies.lattice, rowOfId.lattice.length, 'lattice');
	requireCount(bigramWords, bigramRows.length, 'bigram');
	requireCount(vocabularies.label, network.tagCount + network.tagOffset, 'label');
	return {
		config: importedConfig(network.model),
		network,
		labels: vocabularies.label,
		vocabularies: { lattice: stored(vocabularies.lattice, rowOfId.lattice), bigram: stored(bigramWords, bigramRows) },
		lexiconWords: vocabularies.lexicon ?? vocabularies.lattice.slice(2).filter((word) => [...word].length > 1),
		bert: null,
		metrics: { dev: null, test: null },
		provenance: { stage: '', epoch: 0, dataHashes: {}, versions: {} },
		parameters,
	};
}

/** A state_dict holds no settings: those of the published scripts, with the model that the tensors show. */
function importedConfig(model: ExperimentConfig['model']): ExperimentConfig {
	return { ...presetConfig('weibo'), model, quirks: { ...asPublished } };
}

function readVocabularies({ file, text }: NamedText): PublishedVocabularies {
	let value: Partial<Record<keyof PublishedVocabularies, unknown>>;
	try {
		value = JSON.parse(text);
	} catch {
		throw badVocabularies(file, 'a JSON object', 'text that is not JSON');
	}
	for (const name of ['lattice', 'bigram', 'label', 'lexicon'] as const) {
		const list = value?.[name];
		if (name === 'lexicon' && list === undefined) continue;
		if (Array.isArray(list) && list.every((word) => typeof word === 'string')) continue;
		throw badVocabularies(file, `a list of words under '${name}'`, list === undefined ? 'none' : 'something else');
	}
	return value as PublishedVocabularies;
}

function badVocabularies(file: string, expected: string, found: string): UserError {
	return new UserError({
		code: 'vocabularies-damaged',
		location: { file },
		expected,
		found,
		remedy:
			'Export the vocabularies of the training program as lists in id order: {"lattice": […], "bigram": […], "label": […]}.',
	});
}

/** The state_dict that the published program loads, and the text of its vocabularies. */
export function writePublishedModel(checkpoint: Checkpoint): { bytes: Uint8Array<ArrayBuffer>; vocabularies: string } {
	const { network, vocabularies, labels, lexiconWords, parameters } = checkpoint;
	const tensors = publishedTensors({
		network,
		parameters,
		rowOfId: {
			lattice: vocabularies.lattice.rowOfId,
			bigram: network.model.bigrams ? vocabularies.bigram.rowOfId : null,
		},
		positionTable,
		constraints: network.model.constrainedDecoding ? bioConstraints({ tags: labels }, 0) : undefined,
	});
	const words = {
		lattice: vocabularies.lattice.words,
		bigram: vocabularies.bigram.words,
		label: labels,
		...(lexiconWords ? { lexicon: lexiconWords } : {}),
	};
	return { bytes: writeTorchStateDict(tensors), vocabularies: `${JSON.stringify(words)}\n` };
}
