// The heads of a device made of TensorFlow.js operations: the CRF (loss, decoding, marginals) and the contrastive loss, each
// with its backward step. Letters as in composed-device.ts.

import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type {
	ContrastiveCall,
	CrfConstraints,
	CrfDecoding,
	CrfParameters,
	Indices,
	Matrix,
	Saved,
	Wanted,
} from '../operations';
import {
	type ContrastiveForward,
	contrastiveBackward,
	contrastiveForward,
	planContrastive,
} from './composed-contrastive';
import {
	type CrfForward,
	type CrfProblem,
	type CrfScores,
	chooseTags,
	crfBackward,
	crfForward,
	crfMarginals,
	crfNegativeLogLikelihood,
	crfViterbi,
} from './composed-crf';

import { indicesOf, TensorMatrix, tensorOf } from './tensor-values';
import { TransformerDevice } from './transformer-device';

export abstract class HeadDevice extends TransformerDevice {
	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const made = this.compute(() => {
			const problem = this.crfProblem(emissions, crf);
			const forward = crfForward(problem);
			const chosen = chooseTags(problem, this.packTags(tags, emissions.columns));
			return { perSentence: crfNegativeLogLikelihood(problem, forward, chosen), forward, chosen };
		});
		return { perSentence: new TensorMatrix(made.perSentence), saved: made };
	}

	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		_tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const { forward, chosen } = saved as { forward: CrfForward; chosen: tf.Tensor3D };
		return this.scope(() => {
			const gradients = crfBackward(this.crfProblem(emissions, crf), forward, chosen);
			if (wanted.parameters) {
				this.accumulate(crf.transitions, tf.mul(gradients.transitions, weight));
				if (crf.start) this.accumulate(crf.start, tf.mul(gradients.start, weight));
				if (crf.end) this.accumulate(crf.end, tf.mul(gradients.end, weight));
			}
			return this.matrix(() => tf.mul(this.unpackCharacters(gradients.emissions), weight));
		});
	}

	async crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding> {
		const { batch } = this.currentStep();
		const { length } = this.currentStep().characterBlock();
		this.activate();
		const made = tf.tidy(() => {
			const scored = constrain(this.crfScores(crf), constraints, crf.end !== null);
			const problem = { ...this.crfProblem(emissions, crf), ...scored };
			const { scores, backPointers } = crfViterbi(problem);
			const pointers = backPointers.length > 0 ? tf.stack(backPointers) : tf.zeros([1], 'int32');
			return { scores, best: tf.argMax(scores, 1), pointers };
		});
		const [scores, best, pointers] = await Promise.all(
			[made.scores, made.best, made.pointers].map((one) => this.fetch(one)),
		);
		tf.dispose(made);
		const tagCount = emissions.columns;
		const decoding: CrfDecoding = {
			tags: new Int32Array(emissions.rows),
			scores: new Float32Array(batch.sentenceCount),
		};
		for (let sentence = 0; sentence < batch.sentenceCount; sentence++) {
			let tag = best[sentence];
			decoding.scores[sentence] = scores[sentence * tagCount + tag];
			for (let time = length - 1; time >= 0; time--) {
				if (time < batch.characterCount[sentence]) decoding.tags[batch.characterOffset[sentence] + time] = tag;
				if (time > 0) tag = pointers[((time - 1) * batch.sentenceCount + sentence) * tagCount + tag];
			}
		}
		return decoding;
	}

	async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		this.activate();
		const marginals = tf.tidy(() => {
			const problem = this.crfProblem(emissions, crf);
			return this.unpackCharacters(crfMarginals(problem, crfForward(problem)));
		});
		const values = await this.fetch(marginals);
		marginals.dispose();
		return values;
	}

	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved } {
		const made = this.compute(() =>
			contrastiveForward(tensorOf(call.features), planContrastive(call), call.temperature),
		);
		return { loss: new TensorMatrix(made.loss), perClass: new TensorMatrix(made.perClass), saved: made };
	}

	contrastiveLossBackward(call: ContrastiveCall, saved: Saved): Matrix {
		return this.matrix(() => contrastiveBackward(saved as ContrastiveForward, call.temperature));
	}

	/** Every character that is no padding must have a tag of the CRF. */
	private checkTags(tags: Indices, tagCount: number): void {
		const host = indicesOf(tags);
		for (const character of this.currentStep().characterBlock().characterOfCell) {
			const tag = character < 0 ? 0 : host[character];
			invariant(tag >= 0 && tag < tagCount, `tag ${tag} of ${tagCount} tags`);
		}
	}

	/** The CRF's scores; 0 for those that the model does not have. */
	private crfScores({ transitions, start, end }: CrfParameters): CrfScores {
		const nothing = tf.zeros<tf.Rank.R2>([1, transitions.columns]);
		return {
			transitions: this.valueOf(transitions),
			start: start ? this.asRow(start) : nothing,
			end: end ? this.asRow(end) : nothing,
		};
	}

	/** Characters' rows as a dense block; zeros beyond each sentence. [C, columns] -> [B, L, columns] */
	private packCharacters(matrix: tf.Tensor2D): tf.Tensor3D {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const cells = this.gather(matrix, characterOfCell);
		return tf.reshape(cells, [characterOfCell.length / length, length, matrix.shape[1]]);
	}

	/** The reverse of packCharacters. */
	private unpackCharacters(block: tf.Tensor3D): tf.Tensor2D {
		const { cellOfCharacter } = this.currentStep().characterBlock();
		return this.gather(tf.reshape(block, [-1, block.shape[2]]), cellOfCharacter);
	}

	private crfProblem(emissions: Matrix, crf: CrfParameters): CrfProblem {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const inside = Float32Array.from(characterOfCell, (character) => (character < 0 ? 0 : 1));
		return {
			emissions: this.packCharacters(tensorOf(emissions)),
			inside: tf.tensor2d(inside, [inside.length / length, length]),
			...this.crfScores(crf),
		};
	}

	/** [B, L] int32; 0 beyond each sentence. */
	private packTags(tags: Indices, tagCount: number): tf.Tensor2D {
		const { length, characterOfCell } = this.currentStep().characterBlock();
		const host = indicesOf(tags);
		this.checkTags(tags, tagCount);
		const cells = characterOfCell.map((character) => (character < 0 ? 0 : host[character]));
		return tf.tensor2d(cells, [cells.length / length, length], 'int32');
	}
}

/**
 * The scores with the constraints added. As in the published program the end's column counts only where the model has
 * end scores (reference/crf).
 */
function constrain(scores: CrfScores, constraints: CrfConstraints | null, hasEnd: boolean): CrfScores {
	if (constraints === null) return scores;
	const tags = scores.transitions.shape[0];
	const table = tf.tensor2d(constraints, [tags + 2, tags + 2]);
	const end = tf.reshape(tf.slice(table, [0, tags + 1], [tags, 1]), [1, tags]);
	return {
		transitions: tf.add(scores.transitions, tf.slice(table, [0, 0], [tags, tags])),
		start: tf.add(scores.start, tf.slice(table, [tags, 0], [1, tags])),
		end: hasEnd ? tf.add(scores.end, end) : scores.end,
	};
}
