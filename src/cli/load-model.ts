// A trained model from a file: a checkpoint of the workbench, or a state_dict of the published program together with
// its vocabularies, which such a file does not hold.

import type { ExperimentConfig } from '../experiment/config';
import { asPublished } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import { positionTable } from '../model/position-table';
import { type Checkpoint, decodeCheckpoint, type StoredVocabulary } from '../storage/checkpoint';
import { readFileBytes } from '../storage/node/files';
import { readPublishedStateDict } from '../storage/published-checkpoint';
import { readTorchStateDict } from '../storage/torch-state-dict';
import { UserError } from '../util/errors';
import { UsageError } from './command-line';
import { readText } from './read-inputs';

/** Opens by its last letters: `.pt`, `.pth` and `.bin` are state_dicts and need `vocabPath`. */
export async function loadCheckpoint(path: string, vocabPath?: string): Promise<Checkpoint> {
	const bytes = await readFileBytes(path);
	if (!/\.(pt|pth|bin)$/i.test(path)) {
		if (vocabPath !== undefined) throw new UsageError('--vocab belongs to a PyTorch file (.pt, .pth, .bin) only');
		return decodeCheckpoint(bytes, path);
	}
	if (vocabPath === undefined) {
		throw new UsageError(
			'--vocab is missing: a state_dict holds no vocabularies; give a JSON file with the lists lattice, bigram and label',
		);
	}
	return importPublished(bytes, path, vocabPath);
}

interface PublishedVocabularies {
	/** In id order: characters and words; bigrams; tags. */
	lattice: string[];
	bigram: string[];
	label: string[];
	/** Words to match; those of `lattice` when absent. */
	lexicon?: string[];
}

async function importPublished(bytes: Uint8Array, path: string, vocabPath: string): Promise<Checkpoint> {
	const { network, parameters, rowOfId } = readPublishedStateDict(readTorchStateDict(bytes, path), positionTable, path);
	const vocabularies = await readVocabularies(vocabPath);
	const requireCount = (list: string[], count: number, name: string) => {
		if (list.length === count) return;
		throw badVocabularies(vocabPath, `${count} entries under '${name}', as ${path} has`, `${list.length}`);
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
		metrics: { dev: null, test: null },
		provenance: { stage: '', epoch: 0, dataHashes: {}, versions: {} },
		parameters,
	};
}

/** A state_dict holds no settings: those of the published scripts, with the model that the tensors show. */
function importedConfig(model: ExperimentConfig['model']): ExperimentConfig {
	return { ...presetConfig('weibo'), model, quirks: { ...asPublished } };
}

async function readVocabularies(path: string): Promise<PublishedVocabularies> {
	const { text } = await readText(path);
	let value: Partial<Record<keyof PublishedVocabularies, unknown>>;
	try {
		value = JSON.parse(text);
	} catch {
		throw badVocabularies(path, 'a JSON object', 'text that is no JSON');
	}
	for (const name of ['lattice', 'bigram', 'label', 'lexicon'] as const) {
		const list = value?.[name];
		if (name === 'lexicon' && list === undefined) continue;
		if (Array.isArray(list) && list.every((word) => typeof word === 'string')) continue;
		throw badVocabularies(path, `a list of words under '${name}'`, list === undefined ? 'none' : 'something else');
	}
	return value as PublishedVocabularies;
}

function badVocabularies(file: string, expected: string, found: string): UserError {
	return new UserError({
		code: 'vocabularies-damaged',
		place: { file },
		expected,
		found,
		remedy:
			'Write the vocabularies of the training program in id order: {"lattice": […], "bigram": […], "label": […]}.',
	});
}
