// Reads the representations of chosen tokens off a network between two steps of training: the encoder's output rows of
// characters without dropout, which the contrastive stage pulls together and the CRF's output layer reads. Draws nothing at
// random and leaves nothing on the device, so training is not affected. n points, C characters, D width, K tags.

import type { ChosenPoints } from '../analysis/space-points';
import { nodeCount } from '../data/lattice';
import type { PreparedData } from '../data/prepared';
import type { SnapshotKey } from '../experiment/space-snapshot';
import { type CrfScores, crfScores } from '../model/crf-scores';
import type { Network } from '../model/network';
import { representationWidth } from '../model/shape';
import { arrangeFor, shapesFor } from './evaluate';

/** A step of a run at which a snapshot can be captured: the network may be read, not changed. */
export interface RunSnapshot extends SnapshotKey {
	network: Network;
	/** The device holds the best parameters of the stage that ended; the key is that of its best epoch. */
	isStageBest: boolean;
	/** False while no CRF stage has trained: predictions would mean nothing. */
	hasPredictions: boolean;
}

export interface CapturedSpace {
	/** [n, D] */
	vectors: Float32Array;
	dimension: number;
	/** Null without predictions. */
	predictions: CapturedPredictions | null;
}

export interface CapturedPredictions {
	/** Best tag id of each character of the chosen sentences. [C] */
	tags: Uint8Array;
	/** Scores of tags from `tagOffset` on. [C, K] */
	emissions: Float32Array;
	crf: CrfScores;
	tagOffset: number;
}

export interface CaptureOptions {
	hasPredictions: boolean;
	/** Awaited between batches. */
	breathe?(): Promise<void>;
	/** Lattice nodes of a batch at most, padding included, or one sentence. */
	nodesPerBatch?: number;
}

/** `points` are chosen from these `data`; vectors are in their order. Rejects with the error of the device, as when it is lost. */
export async function captureSpace(
	network: Network,
	data: PreparedData,
	points: ChosenPoints,
	{ hasPredictions, breathe, nodesPerBatch = 2000 }: CaptureOptions,
): Promise<CapturedSpace> {
	const { shape, layout, device } = network;
	const dimension = representationWidth(shape);
	const { tagCount, tagOffset } = shape;
	const lattices = points.sentences.map(({ split, index }) => data.splits[split][index]);
	const rows = pointRows(points);
	const vectors = new Float32Array(points.characterIndex.length * dimension);
	const count = points.goldOfCharacters.length;
	const tags = new Uint8Array(hasPredictions ? count : 0);
	const emissions = new Float32Array(hasPredictions ? count * tagCount : 0);
	const batches = batchesInSize(lattices.map(nodeCount), nodesPerBatch);
	const shapes = shapesFor(network, lattices, batches);
	for (const indices of batches) {
		await breathe?.();
		const batch = arrangeFor(network, lattices, indices, shapes);
		const decoded = hasPredictions
			? await network.decode(batch, { hasTags: false, readsEmissions: true, readsRepresentations: true })
			: null;
		const read = decoded?.representations ?? (await network.represent(batch)); // [C of the batch, D]
		for (const [position, index] of indices.entries()) {
			const first = batch.characterOffset[position];
			for (const { point, character } of rows[index]) {
				const from = (first + character) * dimension;
				vectors.set(read.subarray(from, from + dimension), point * dimension);
			}
			if (!decoded?.emissions) continue;
			tags.set(decoded.tags[position], points.sentences[index].offset);
			emissions.set(decoded.emissions[position], points.sentences[index].offset * tagCount);
		}
	}
	if (!hasPredictions) return { vectors, dimension, predictions: null };
	const crf = crfScores(
		shape,
		data.labels,
		layout,
		await device.readParameters({ start: 0, end: layout.frozenOffset }),
	);
	return { vectors, dimension, predictions: { tags, emissions, crf, tagOffset } };
}

/** The points of each sentence. */
function pointRows({ sentences, sentence, character }: ChosenPoints): { point: number; character: number }[][] {
	const rows: { point: number; character: number }[][] = sentences.map(() => []);
	for (const [point, number] of sentence.entries()) rows[number].push({ point, character: character[point] });
	return rows;
}

/** Sentences from short to long, up to that many nodes per batch, padding included. */
export function batchesInSize(sizes: readonly number[], nodesPerBatch: number): number[][] {
	const order = sizes.map((_, index) => index).sort((left, right) => sizes[left] - sizes[right]);
	const batches: number[][] = [];
	let current: number[] = [];
	for (const index of order) {
		if (current.length > 0 && (current.length + 1) * sizes[index] > nodesPerBatch) {
			batches.push(current);
			current = [];
		}
		current.push(index);
	}
	if (current.length > 0) batches.push(current);
	return batches;
}
