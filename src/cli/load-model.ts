// A trained model from its files: a checkpoint of the workbench, or a state_dict of the published program with its vocabularies.

import { isTorchName, readPublishedModel } from '../model/published-model';
import type { OpenedBert } from '../storage/bert/open-bert';
import { type Checkpoint, decodeCheckpoint } from '../storage/checkpoint';
import { readFileBytes } from '../storage/node/files';
import { UsageError } from './command-line';
import { readBert, readText } from './read-inputs';
import { printNotes } from './terminal';

export interface LoadedModel {
	checkpoint: Checkpoint;
	/** The BERT model that was named. */
	bert: OpenedBert | null;
}

/** Options of every command that uses a model. */
export const modelOptions = { model: { type: 'string' }, vocab: { type: 'string' }, bert: { type: 'string' } } as const;

export const modelUsage = `  --model FILE           a checkpoint (model.safetensors), or a PyTorch state_dict (.pt, .bin) with --vocab
  --vocab FILE           vocabularies of the state_dict: JSON with the lists lattice, bigram and label
  --bert FOLDER          the BERT model that it was trained on, where the checkpoint does not contain its weights`;

/** What `modelOptions` name. */
export async function loadModel(path: string, options: { vocab?: string; bert?: string }): Promise<LoadedModel> {
	const checkpoint = await loadCheckpoint(path, options.vocab);
	const bert = await readBert(options.bert);
	for (const note of bert?.notes ?? []) printNotes(`note: ${note}`);
	return { checkpoint, bert };
}

/** Opens by its last letters: `.pt`, `.pth` and `.bin` are state_dicts and need `vocabPath`. */
export async function loadCheckpoint(path: string, vocabPath?: string): Promise<Checkpoint> {
	const bytes = await readFileBytes(path);
	if (!isTorchName(path)) {
		if (vocabPath !== undefined) throw new UsageError('--vocab can only be used with a PyTorch file (.pt, .pth, .bin)');
		return decodeCheckpoint(bytes, path);
	}
	if (vocabPath === undefined) {
		throw new UsageError(
			'--vocab is required: a state_dict contains no vocabularies; give a JSON file with the lists lattice, bigram and label',
		);
	}
	const { text } = await readText(vocabPath);
	return readPublishedModel({ file: path, bytes }, { file: vocabPath, text });
}
