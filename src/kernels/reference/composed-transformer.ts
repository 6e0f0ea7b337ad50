// A standard transformer encoder in plain tensor operations, each forward beside its backward step. Letters: n rows of all
// sentences, L rows of one, H width, h heads, d = H / h.

import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../experiment/bert-config';
import { softmaxGradient } from './composed-dense';

const sigmoidSlope = (input: tf.Tensor2D) => {
	const share = tf.sigmoid(input);
	return tf.mul<tf.Tensor2D>(share, tf.add(tf.mul(input, tf.sub(1, share)), 1));
};

/** The normal distribution function. */
const normalShare = (input: tf.Tensor2D) => tf.mul<tf.Tensor2D>(tf.add(tf.erf(tf.div(input, Math.SQRT2)), 1), 0.5);

/** tanh of the approximation of gelu (Hendrycks and Gimpel 2016), and what it is taken of. */
function tangent(input: tf.Tensor2D): tf.Tensor2D {
	const cube = tf.mul(tf.mul(input, input), input);
	return tf.tanh(tf.mul(tf.add(input, tf.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI)));
}

const activations: Readonly<Record<Activation, (input: tf.Tensor2D) => tf.Tensor2D>> = {
	relu: (input) => tf.relu(input),
	silu: (input) => tf.mul(input, tf.sigmoid(input)),
	gelu: (input) => tf.mul(input, normalShare(input)),
	gelu_new: (input) => tf.mul(tf.mul(input, 0.5), tf.add(tangent(input), 1)),
};

const slopes: Readonly<Record<Activation, (input: tf.Tensor2D) => tf.Tensor2D>> = {
	relu: (input) => tf.cast(tf.greater(input, 0), 'float32'),
	silu: sigmoidSlope,
	gelu: (input) => {
		const density = tf.mul(tf.exp(tf.mul(tf.square(input), -0.5)), 1 / Math.sqrt(2 * Math.PI));
		return tf.add(normalShare(input), tf.mul(input, density));
	},
	gelu_new: (input) => {
		const inner = tangent(input);
		const slope = tf.mul(tf.add(tf.mul(tf.square(input), 3 * 0.044715), 1), Math.sqrt(2 / Math.PI));
		const bend = tf.mul(tf.mul(tf.mul(input, 0.5), tf.sub(1, tf.square(inner))), slope);
		return tf.add(tf.mul(tf.add(inner, 1), 0.5), bend);
	},
};

export function activation(input: tf.Tensor2D, kind: Activation): tf.Tensor2D {
	return activations[kind](input);
}

export function activationGradient(input: tf.Tensor2D, kind: Activation, outputGradient: tf.Tensor2D): tf.Tensor2D {
	return tf.mul(outputGradient, slopes[kind](input));
}

export interface AttentionTensors {
	query: tf.Tensor2D;
	key: tf.Tensor2D;
	value: tf.Tensor2D;
}

/** Rows [start, end) of a matrix, head by head. [h, L, d] */
function headsOf(matrix: tf.Tensor2D, [start, end]: readonly [number, number], heads: number): tf.Tensor3D {
	const length = end - start;
	const rows = tf.slice(matrix, [start, 0], [length, matrix.shape[1]]);
	return tf.transpose(tf.reshape(rows, [length, heads, matrix.shape[1] / heads]), [1, 0, 2]);
}

/** [h, L, d] -> [L, H] */
function rowsOf(byHead: tf.Tensor3D): tf.Tensor2D {
	const [heads, length, depth] = byHead.shape;
	return tf.reshape(tf.transpose(byHead, [1, 0, 2]), [length, heads * depth]);
}

/** Probabilities of one sentence before dropout. [h, L, L], query by key */
export function attentionProbabilities(
	{ query, key }: AttentionTensors,
	range: readonly [number, number],
	heads: number,
): tf.Tensor3D {
	const depth = query.shape[1] / heads;
	const scores = tf.matMul(headsOf(query, range, heads), headsOf(key, range, heads), false, true);
	return tf.softmax(tf.mul(scores, 1 / Math.sqrt(depth)));
}

/** `kept`: what each probability is multiplied by, [h, L, L]; null for none. [L, H] */
export function attended(
	probabilities: tf.Tensor3D,
	kept: tf.Tensor3D | null,
	value: tf.Tensor2D,
	range: readonly [number, number],
	heads: number,
): tf.Tensor2D {
	const shares = kept === null ? probabilities : tf.mul<tf.Tensor3D>(probabilities, kept);
	return rowsOf(tf.matMul(shares, headsOf(value, range, heads)));
}

/** Gradients of one sentence's rows, [L, H] each. */
export function attentionGradients(
	inputs: AttentionTensors,
	{ probabilities, kept }: { probabilities: tf.Tensor3D; kept: tf.Tensor3D | null },
	range: readonly [number, number],
	heads: number,
	outputGradient: tf.Tensor2D,
): AttentionTensors {
	const given = headsOf(outputGradient, range, heads); // [h, L, d]
	const shares = kept === null ? probabilities : tf.mul<tf.Tensor3D>(probabilities, kept);
	const ofShares = tf.matMul(given, headsOf(inputs.value, range, heads), false, true); // [h, L, L]
	const ofProbabilities = kept === null ? ofShares : tf.mul<tf.Tensor3D>(ofShares, kept);
	const scale = 1 / Math.sqrt(inputs.query.shape[1] / heads);
	const ofScores = tf.mul<tf.Tensor3D>(softmaxGradient(probabilities, ofProbabilities as tf.Tensor3D), scale);
	return {
		query: rowsOf(tf.matMul(ofScores, headsOf(inputs.key, range, heads))),
		key: rowsOf(tf.matMul(ofScores, headsOf(inputs.query, range, heads), true)),
		value: rowsOf(tf.matMul(shares, given, true)),
	};
}
