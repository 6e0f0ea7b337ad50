// Attention with relative positions in plain tensor operations, each forward beside its backward step.
// Letters: B sentences, N rows of each, R = B * N, H width, h heads, d = H / h, P distance tuples.

import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../util/errors';
import type { StepTensors } from './step-tensors';

/** Used as minus infinity in masked scores. */
const masked = -1e15;

export interface AttentionInputs {
	contentQuery: tf.Tensor2D; // [R, H]
	key: tf.Tensor2D; // [R, H]
	positionQuery: tf.Tensor2D; // [R, H]
	relative: tf.Tensor2D; // [P, H]
}

/** Position scores of all tuples, [h, N, P], are computed for each sentence; then each pair picks its own. [B, h, N, N] */
export function relativeScores(step: StepTensors, inputs: AttentionInputs, heads: number): tf.Tensor {
	const { nodes, batch } = step;
	const { contentQuery, key, positionQuery, relative } = inputs;
	const content = tf.matMul(toHeads(step, contentQuery, heads), toHeads(step, key, heads), false, true); // [B, h, N, N]
	const tuples = rowsToHeads(relative, heads); // [h, P, d]
	const queries = tf.unstack(toHeads(step, positionQuery, heads), 0); // B of [h, N, d]
	const indices = step.relativeIndex(heads);
	const position = queries.map((query, sentence) => {
		const all = tf.reshape(tf.matMul(query, tuples, false, true), [-1]); // [h * N * P]
		return tf.reshape(tf.gather(all, indices[sentence]), [heads, nodes, nodes]);
	});
	invariant(position.length === batch.sentenceCount, 'rows of another batch');
	return tf.add(content, tf.stack(position, 0));
}

/** Gradients of the inputs from that of the scores. */
export function relativeScoresGradients(
	step: StepTensors,
	inputs: AttentionInputs,
	gradient: tf.Tensor4D,
): AttentionInputs {
	const [, heads, nodes] = gradient.shape;
	const { contentQuery, key, positionQuery, relative } = inputs;
	const tupleCount = relative.shape[0];
	const tuples = rowsToHeads(relative, heads); // [h, P, d]
	const queries = tf.unstack(toHeads(step, positionQuery, heads), 0);
	const indices = step.relativeIndex(heads);
	const size = heads * nodes * tupleCount;
	const perSentence = tf.unstack(gradient, 0).map((one, sentence) => {
		const where = tf.expandDims(indices[sentence], 1) as tf.Tensor2D;
		const all = tf.reshape(tf.scatterND(where, tf.reshape(one, [-1]), [size]), [heads, nodes, tupleCount]);
		return { query: tf.matMul(all, tuples), tuples: tf.matMul(all, queries[sentence], true) };
	});
	const relativeGradient = perSentence.map((one) => one.tuples).reduce((left, right) => tf.add(left, right));
	return {
		contentQuery: fromHeads(tf.matMul(gradient, toHeads(step, key, heads))),
		key: fromHeads(tf.matMul(gradient, toHeads(step, contentQuery, heads), true)),
		positionQuery: fromHeads(tf.stack(perSentence.map(({ query }) => query))),
		relative: headsToRows(relativeGradient as tf.Tensor3D),
	};
}

/** Softmax over the nodes of the sentence; 0 beyond. [B, h, N, N] */
export function maskedSoftmax(step: StepTensors, scores: tf.Tensor4D): tf.Tensor {
	const mask = step.keyMask();
	const kept = tf.add(tf.mul(scores, mask), tf.mul(tf.sub(1, mask), masked));
	return tf.mul(tf.softmax(kept), mask);
}

/** [R, H] */
export function weightedValues(step: StepTensors, probabilities: tf.Tensor4D, value: tf.Tensor2D): tf.Tensor2D {
	return fromHeads(tf.matMul(probabilities, toHeads(step, value, probabilities.shape[1])));
}

/** Gradient of the probabilities. [B, h, N, N] */
export function probabilitiesGradient(
	step: StepTensors,
	value: tf.Tensor2D,
	outputGradient: tf.Tensor2D,
	heads: number,
): tf.Tensor {
	return tf.matMul(toHeads(step, outputGradient, heads), toHeads(step, value, heads), false, true);
}

/** Gradient of the values. [R, H] */
export function valueGradient(step: StepTensors, probabilities: tf.Tensor4D, outputGradient: tf.Tensor2D): tf.Tensor2D {
	return fromHeads(tf.matMul(probabilities, toHeads(step, outputGradient, probabilities.shape[1]), true));
}

/** [R, H] -> [B, h, N, d] */
function toHeads({ batch, nodes }: StepTensors, matrix: tf.Tensor2D, heads: number): tf.Tensor4D {
	const shape = [batch.sentenceCount, nodes, heads, matrix.shape[1] / heads] as [number, number, number, number];
	return tf.transpose(tf.reshape(matrix, shape), [0, 2, 1, 3]);
}

/** [B, h, N, d] -> [B * N, h * d] */
function fromHeads(tensor: tf.Tensor): tf.Tensor2D {
	const [sentences, heads, nodes, size] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [0, 2, 1, 3]), [sentences * nodes, heads * size]);
}

/** [n, h * d] -> [h, n, d] */
function rowsToHeads(matrix: tf.Tensor2D, heads: number): tf.Tensor3D {
	return tf.transpose(tf.reshape(matrix, [matrix.shape[0], heads, matrix.shape[1] / heads]), [1, 0, 2]);
}

/** [h, n, d] -> [n, h * d] */
function headsToRows(tensor: tf.Tensor3D): tf.Tensor2D {
	const [heads, rows, size] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [1, 0, 2]), [rows, heads * size]);
}
