// What the composed operations need to know of a padded batch, as tensors, each made when first asked for and freed
// with the step. Letters: B sentences, N rows of each, L characters of the longest, P distance tuples.

import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/batch';
import { invariant } from '../../util/errors';

/** Characters of all sentences side by side, as a dense [B, L] block. */
export interface CharacterBlock {
	/** L */
	length: number;
	/** Position b * L + t of each cell's character in arrays over characters; -1 beyond the sentence. [B * L] */
	characterOfCell: Int32Array;
	/** Cell of each character; -1 in padding. [C] */
	cellOfCharacter: Int32Array;
}

export class StepTensors {
	private made: tf.Tensor[] = [];
	private keys: tf.Tensor4D | null = null;
	private relative: { heads: number; perSentence: tf.Tensor1D[] } | null = null;
	private block: CharacterBlock | null = null;

	constructor(readonly batch: Batch) {
		invariant(batch.layout === 'padded', 'this device takes batches in the padded layout');
	}

	/** N */
	get nodes(): number {
		return this.batch.blockSize[0];
	}

	/** 1 where the key is a node of the sentence, else 0. [B, 1, 1, N] */
	keyMask(): tf.Tensor4D {
		if (this.keys === null) {
			const { sentenceCount, nodeCount } = this.batch;
			const mask = new Float32Array(sentenceCount * this.nodes);
			nodeCount.forEach((count, sentence) => {
				mask.fill(1, sentence * this.nodes, sentence * this.nodes + count);
			});
			this.keys = this.keep(tf.tensor4d(mask, [sentenceCount, 1, 1, this.nodes]));
		}
		return this.keys;
	}

	/** For each sentence, where the number of (head, query, key) is in a block [heads, N, P]. [heads * N * N] each */
	relativeIndex(heads: number): tf.Tensor1D[] {
		if (this.relative?.heads !== heads) {
			const perSentence = Array.from({ length: this.batch.sentenceCount }, (_, sentence) =>
				this.keep(tf.tensor1d(this.relativeIndexOf(sentence, heads), 'int32')),
			);
			this.relative = { heads, perSentence };
		}
		return this.relative.perSentence;
	}

	characterBlock(): CharacterBlock {
		this.block ??= layOutCharacters(this.batch);
		return this.block;
	}

	dispose(): void {
		tf.dispose(this.made);
		this.made = [];
	}

	private relativeIndexOf(sentence: number, heads: number): Int32Array {
		const { distances, pairOffset } = this.batch;
		const flat = new Int32Array(heads * this.nodes * this.nodes);
		let position = 0;
		for (let head = 0; head < heads; head++)
			for (let query = 0; query < this.nodes; query++)
				for (let key = 0; key < this.nodes; key++) {
					const tuple = distances.index[pairOffset[sentence] + query * this.nodes + key];
					flat[position++] = (head * this.nodes + query) * distances.count + tuple;
				}
		return flat;
	}

	private keep<T extends tf.Tensor>(tensor: T): T {
		this.made.push(tf.keep(tensor));
		return tensor;
	}
}

function layOutCharacters(batch: Batch): CharacterBlock {
	const length = batch.characterCount.reduce((most, count) => Math.max(most, count), 1);
	const characterOfCell = new Int32Array(batch.sentenceCount * length).fill(-1);
	const cellOfCharacter = new Int32Array(batch.characterRow.length).fill(-1);
	batch.characterCount.forEach((count, sentence) => {
		for (let time = 0; time < count; time++) {
			const character = batch.characterOffset[sentence] + time;
			characterOfCell[sentence * length + time] = character;
			cellOfCharacter[character] = sentence * length + time;
		}
	});
	return { length, characterOfCell, cellOfCharacter };
}
