// Dense layers and softmax in plain tensor operations, each forward beside its backward step. Nothing here knows of
// batches or parameters. Letters: n rows, H width.

import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from '../operations';

export interface LinearTensors {
	input: tf.Tensor2D; // [n, in]
	weight: tf.Tensor2D; // [out, in]
}

/** input * weight^T + bias, then max(0, .) if asked. [n, out] */
export function linear({ input, weight }: LinearTensors, bias: tf.Tensor2D | null, relu: boolean): tf.Tensor2D {
	const product = tf.matMul<tf.Tensor2D>(input, weight, false, true);
	const sum = bias === null ? product : tf.add<tf.Tensor2D>(product, bias);
	return relu ? tf.relu(sum) : sum;
}

/** Gradient with respect to what is inside max(0, .). */
export function reluGradient(output: tf.Tensor2D, outputGradient: tf.Tensor2D): tf.Tensor2D {
	return tf.mul(outputGradient, tf.cast(tf.greater(output, 0), 'float32'));
}

export interface LayerNormSaved {
	/** (sum - mean) / deviation. [n, H] */
	normal: tf.Tensor2D;
	/** 1 / sqrt(variance + epsilon). [n, 1] */
	inverseDeviation: tf.Tensor2D;
}

/** Gain * normal + bias over the rows of a sum (Ba et al. 2016); the variance is the biased one. */
export function layerNorm(
	sum: tf.Tensor2D,
	gain: tf.Tensor2D,
	bias: tf.Tensor2D,
	epsilon: number,
): LayerNormSaved & { output: tf.Tensor2D } {
	const centred = tf.sub<tf.Tensor2D>(sum, tf.mean(sum, 1, true));
	const variance = tf.mean<tf.Tensor2D>(tf.square(centred), 1, true);
	const inverseDeviation = tf.rsqrt(tf.add<tf.Tensor2D>(variance, epsilon));
	const normal = tf.mul<tf.Tensor2D>(centred, inverseDeviation);
	return { output: tf.add(tf.mul(normal, gain), bias), normal, inverseDeviation };
}

/** Gradient with respect to the sum. */
export function layerNormGradient(
	{ normal, inverseDeviation }: LayerNormSaved,
	gain: tf.Tensor2D,
	outputGradient: tf.Tensor2D,
): tf.Tensor2D {
	const gradient = tf.mul<tf.Tensor2D>(outputGradient, gain); // with respect to normal
	const along = tf.mul(normal, tf.mean(tf.mul(gradient, normal), 1, true));
	return tf.mul(tf.sub(tf.sub(gradient, tf.mean(gradient, 1, true)), along), inverseDeviation);
}

/** Gradient with respect to the logits of a softmax over the last dimension. */
export function softmaxGradient<T extends tf.Tensor>(probabilities: T, outputGradient: T): T {
	const expected = tf.sum(tf.mul(probabilities, outputGradient), -1, true);
	return tf.mul(probabilities, tf.sub(outputGradient, expected));
}

/** Softmax over numbers that are columns / groups apart. [n, groups * width] */
export function softmaxOfGroups(matrix: tf.Tensor2D, groups: number): tf.Tensor2D {
	return fromGroups(tf.softmax(toGroups(matrix, groups)));
}

export function softmaxOfGroupsGradient(output: tf.Tensor2D, outputGradient: tf.Tensor2D, groups: number): tf.Tensor2D {
	return fromGroups(softmaxGradient(toGroups(output, groups), toGroups(outputGradient, groups)));
}

/** [n, groups * width] -> [n, width, groups] */
function toGroups(matrix: tf.Tensor2D, groups: number): tf.Tensor3D {
	const [rows, columns] = matrix.shape;
	return tf.transpose(tf.reshape(matrix, [rows, groups, columns / groups]), [0, 2, 1]);
}

function fromGroups(tensor: tf.Tensor3D): tf.Tensor2D {
	const [rows, width, groups] = tensor.shape;
	return tf.reshape(tf.transpose(tensor, [0, 2, 1]), [rows, width * groups]);
}

export interface UpdateTensors {
	value: tf.Tensor2D;
	gradient: tf.Tensor2D;
	first: tf.Tensor2D;
	second: tf.Tensor2D | null;
}

/** Sum of the squares of all numbers. */
export function squaredNorm(gradient: tf.Tensor2D): tf.Scalar {
	return tf.sum<tf.Scalar>(tf.square(gradient));
}

/** One optimiser step of one parameter; see Device.update. `norm` is that of all gradients where clipNorm asks for it. The gradient
 *  is read only. */
export function updated(
	tensors: UpdateTensors,
	rule: UpdateRule,
	norm: tf.Scalar | null,
): Omit<UpdateTensors, 'gradient'> {
	const { value, first, second } = tensors;
	const { clipValue, clipNorm, gradientScale = 1, learningRate, weightDecay } = rule;
	const factor = norm ? tf.mul(gradientScale, clipFactorOf(tf.mul(norm, gradientScale), clipNorm)) : gradientScale;
	const scaled = tf.mul<tf.Tensor2D>(tensors.gradient, factor);
	const gradient = clipValue > 0 ? tf.clipByValue(scaled, -clipValue, clipValue) : scaled;
	if (rule.kind === 'sgd') {
		const decayed = tf.add<tf.Tensor2D>(gradient, tf.mul(value, weightDecay));
		const momentum = tf.add<tf.Tensor2D>(tf.mul(first, rule.momentum), decayed);
		return { value: tf.sub(value, tf.mul(momentum, learningRate)), first: momentum, second };
	}
	const mean = tf.add<tf.Tensor2D>(tf.mul(first, rule.beta1), tf.mul(gradient, 1 - rule.beta1));
	const old = second ?? tf.zerosLike(value);
	const square = tf.add<tf.Tensor2D>(tf.mul(old, rule.beta2), tf.mul(tf.square(gradient), 1 - rule.beta2));
	const meanHat = tf.div(mean, 1 - rule.beta1 ** rule.count);
	const squareHat = tf.div(square, 1 - rule.beta2 ** rule.count);
	const direction = tf.div(meanHat, tf.add(tf.sqrt(squareHat), rule.epsilon));
	const step = tf.add(direction, tf.mul(value, weightDecay));
	return { value: tf.sub(value, tf.mul(step, learningRate)), first: mean, second: square };
}

/** min(1, clipNorm / (norm + 1e-6)) */
function clipFactorOf(norm: tf.Tensor, clipNorm: number): tf.Tensor {
	return tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-6)));
}
