// The BERT of a checkpoint: out of the checkpoint where it was trained with it, else out of its own files, which must be those
// that it was trained beside.

import { bertTensors } from '../experiment/bert-config';
import type { Checkpoint } from '../storage/checkpoint';
import { requireTensor } from '../storage/flat-parameters';
import { readFloats } from '../storage/stored-tensor';
import { invariant, UserError } from '../util/errors';
import type { BertWeights, NetworkBert } from './open-network';
import { bertPrefix, pieceTableName } from './shape';

/** Weights in files, and what they are known by. */
export interface BertFiles extends BertWeights {
	hash: string;
}

/** Throws UserError `bert-missing`, `bert-other`, and for tensors that do not fit the checkpoint's sizes. */
export function checkpointBert(checkpoint: Checkpoint, files: BertFiles | null, file?: string): NetworkBert {
	const prepared = checkpoint.bert;
	invariant(prepared, 'a checkpoint without BERT');
	if (checkpoint.parameters.has(pieceTableName))
		return { prepared, weights: storedWeights(checkpoint, file), isTrained: true };
	if (!files) {
		throw new UserError({
			code: 'bert-missing',
			location: { file },
			expected: `the files of the BERT that this model was trained beside (hash ${shorten(prepared.hash)})`,
			found: 'none',
			remedy: 'Name the folder of that BERT with --bert: the model holds only what was trained.',
		});
	}
	if (files.hash !== prepared.hash) {
		throw new UserError({
			code: 'bert-other',
			location: { file },
			expected: `the BERT that this model was trained beside (hash ${shorten(prepared.hash)})`,
			found: `another one (hash ${shorten(files.hash)})`,
			remedy: 'Give the folder of the BERT that was used in training.',
		});
	}
	return { prepared, weights: files, isTrained: false };
}

function storedWeights({ parameters, network }: Checkpoint, file?: string): BertWeights {
	invariant(network.bert, 'a network without BERT');
	const shapes = bertTensors({ ...network.bert.config, pieces: network.bert.rows });
	return {
		async read(name) {
			const shape = shapes.get(name);
			invariant(shape, `no tensor ${name} in BERT`);
			return readFloats(requireTensor(parameters, bertPrefix + name, shape, file));
		},
	};
}

function shorten(hash: string): string {
	return hash.slice(0, 12);
}
