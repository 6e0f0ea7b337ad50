// Representations of the characters of some sentences by a trained model: what the contrastive loss compares. D width.

import { nodeCount } from '../data/lattice';
import type { Device } from '../kernels/operations';
import { openNetwork } from '../model/open-network';
import { representationWidth } from '../model/shape';
import { batchesInSize } from './capture-space';
import { encodeText, type TrainedModel } from './encode-text';
import { arrangeFor } from './evaluate';

const nodesPerBatch = 2000;

/** Rows of all characters, sentence after sentence, without dropout. Takes the device's parameters over. [characters, D] */
export async function representText(
	device: Device,
	model: TrainedModel,
	sentences: readonly (readonly string[])[],
): Promise<{ vectors: Float32Array; dimension: number }> {
	const encoded = encodeText(
		model,
		sentences.map((characters) => ({ characters, tags: null })),
	);
	const network = await openNetwork(device, { ...encoded, labels: model.labels, bert: model.bert });
	const dimension = representationWidth(model.shape);
	const offsets = [0];
	for (const characters of sentences) offsets.push(offsets[offsets.length - 1] + characters.length);
	const vectors = new Float32Array(offsets[sentences.length] * dimension);
	for (const indices of batchesInSize(encoded.sentences.map(nodeCount), nodesPerBatch)) {
		const batch = arrangeFor(network, encoded.sentences, indices);
		const rows = await network.represent(batch);
		for (const [position, index] of indices.entries()) {
			const first = batch.characterOffset[position] * dimension;
			const last = first + batch.characterCount[position] * dimension;
			vectors.set(rows.subarray(first, last), offsets[index] * dimension);
		}
	}
	return { vectors, dimension };
}
