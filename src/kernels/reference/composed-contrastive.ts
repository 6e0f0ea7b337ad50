// NerCo's contrastive loss (Zhang et al. 2023, equation 3) in plain tensor operations over one matrix of similarities
// of all characters with each other, [C, C]. For a pair (i, j) of one class with similarity s_ij the term is
// -s_ij + log(e^s_ij + sum of e^s_ik over the negatives k of i) = softplus(lse_i - s_ij), so a row needs one
// log-sum-exp over its negatives whatever its class.

import * as tf from '@tensorflow/tfjs-core';
import type { ContrastiveCall } from '../operations';

/** Division by norms below this is division by this. (PyTorch's `normalize`) */
const smallestNorm = 1e-12;
/** Used as minus infinity. */
const excluded = -1e15;

/** Weights and memberships of a batch, from its classes alone. */
export interface ContrastivePlan {
	/** 1 / (n (n - 1)) for a character of a class that has a term, else 0; n is the class's size. [C, 1] */
	weights: Float32Array;
	/** The class, or -1. [C] */
	classes: Float32Array;
	/** 1 at (class, character) where the class has a term. [classCount, C] */
	members: Float32Array;
}

export function planContrastive({
	classes,
	classCount,
	outsideClass,
}: Omit<ContrastiveCall, 'features'>): ContrastivePlan {
	const sizes = new Int32Array(classCount);
	for (const index of classes) if (index >= 0) sizes[index]++;
	const total = sizes.reduce((sum, size) => sum + size, 0);
	const hasTerm = (index: number) => index >= 0 && index !== outsideClass && sizes[index] >= 2 && sizes[index] < total;
	const members = new Float32Array(classCount * classes.length);
	const weights = Float32Array.from(classes, (index, character) => {
		if (!hasTerm(index)) return 0;
		members[index * classes.length + character] = 1;
		return 1 / (sizes[index] * (sizes[index] - 1));
	});
	return { weights, classes: Float32Array.from(classes), members };
}

export interface ContrastiveForward {
	loss: tf.Tensor2D; // [1, 1]
	perClass: tf.Tensor2D; // [1, classCount]
	/** Features scaled to norm 1. [C, H] */
	unit: tf.Tensor2D;
	/** [C, 1] */
	norm: tf.Tensor2D;
	/** Gradient of the loss with respect to the similarities. [C, C] */
	similarityGradient: tf.Tensor2D;
}

export function contrastiveForward(
	features: tf.Tensor2D,
	plan: ContrastivePlan,
	temperature: number,
): ContrastiveForward {
	const count = features.shape[0];
	const weights = tf.tensor2d(plan.weights, [count, 1]);
	const members = tf.tensor2d(plan.members, [plan.members.length / count, count]);
	const { positive, negative } = pairMasks(plan, weights); // [C, C]
	const norm = tf.sqrt(tf.maximum<tf.Tensor2D>(tf.sum(tf.square(features), 1, true), smallestNorm ** 2)); // [C, 1]
	const unit = tf.div<tf.Tensor2D>(features, norm);
	const similarity = tf.div<tf.Tensor2D>(tf.matMul(unit, unit, false, true), temperature); // [C, C]

	const negatives = tf.add<tf.Tensor2D>(tf.mul(similarity, negative), tf.mul(tf.sub(1, negative), excluded)); // [C, C]
	const logSum = tf.logSumExp<tf.Tensor2D>(negatives, 1, true); // [C, 1]
	const gap = tf.mul<tf.Tensor2D>(tf.sub(logSum, similarity), positive); // [C, C]
	const terms = tf.mul<tf.Tensor2D>(tf.mul(softplus(gap), positive), weights);
	const rowTerms = tf.reshape(tf.sum(terms, 1), [1, count]);
	const perClass = tf.matMul<tf.Tensor2D>(rowTerms, members, false, true); // [1, classCount]

	const pull = tf.mul<tf.Tensor2D>(tf.mul(tf.sigmoid(gap), positive), weights); // [C, C]
	const share = tf.mul(tf.exp(tf.sub(negatives, logSum)), negative); // [C, C]
	const push = tf.mul(share, tf.sum(pull, 1, true)); // [C, C]
	return { loss: tf.sum<tf.Tensor2D>(perClass, 1, true), perClass, unit, norm, similarityGradient: tf.sub(push, pull) };
}

/** Gradient with respect to the features. [C, H] */
export function contrastiveBackward(
	{ unit, norm, similarityGradient }: Omit<ContrastiveForward, 'loss' | 'perClass'>,
	temperature: number,
): tf.Tensor2D {
	const symmetric = tf.add<tf.Tensor2D>(similarityGradient, tf.transpose(similarityGradient));
	const gradient = tf.div<tf.Tensor2D>(tf.matMul(symmetric, unit), temperature); // with respect to unit
	const along = tf.sum(tf.mul(gradient, unit), 1, true); // [C, 1]
	const isLarge = tf.cast(tf.greater(norm, smallestNorm), 'float32');
	return tf.div(tf.sub(gradient, tf.mul(unit, tf.mul(along, isLarge))), norm);
}

/** positive: two different characters of one class that has a term; negative: two characters of different classes. [C, C] */
function pairMasks({ classes }: ContrastivePlan, weights: tf.Tensor2D) {
	const count = classes.length;
	const column = tf.tensor2d(classes, [count, 1]);
	const row = tf.reshape(column, [1, count]);
	const isSame = tf.cast(tf.equal(column, row), 'float32'); // [C, C]
	const takesPart = tf.cast(tf.greaterEqual(column, 0), 'float32'); // [C, 1]
	const bothTakePart = tf.mul(takesPart, tf.reshape(takesPart, [1, count])); // [C, C]
	const hasTerm = tf.cast(tf.greater(weights, 0), 'float32'); // [C, 1]
	const positions = tf.range(0, count, 1, 'float32');
	const isOther = tf.cast(tf.notEqual(tf.reshape(positions, [count, 1]), tf.reshape(positions, [1, count])), 'float32');
	return {
		positive: tf.mul<tf.Tensor2D>(tf.mul(isSame, isOther), hasTerm),
		negative: tf.mul<tf.Tensor2D>(tf.sub(1, isSame), bothTakePart),
	};
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), without overflow. */
function softplus(x: tf.Tensor2D): tf.Tensor2D {
	return tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}
