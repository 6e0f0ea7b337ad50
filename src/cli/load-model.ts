// A trained model from a file: a checkpoint of the workbench, or a state_dict of the published program with its vocabularies.

import { isTorchName, readPublishedModel } from '../model/published-model';
import { type Checkpoint, decodeCheckpoint } from '../storage/checkpoint';
import { readFileBytes } from '../storage/node/files';
import { UsageError } from './command-line';
import { readText } from './read-inputs';

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
