// A linear-chain CRF in plain tensor operations, one time step after another (Lafferty et al. 2001; Rabiner 1989 for
// forward-backward and Viterbi). Forward and backward scores are normalised at every step, so that rounding does not
// grow with the sentence; the normalisers' sum is log Z. Letters: B sentences, L characters of the longest, K tags.

import * as tf from '@tensorflow/tfjs-core';

export interface CrfScores {
	transitions: tf.Tensor2D; // [K, K], from row to column
	start: tf.Tensor2D; // [1, K]
	end: tf.Tensor2D; // [1, K]
}

export interface CrfProblem extends CrfScores {
	/** Finite everywhere, also beyond the sentence. */
	emissions: tf.Tensor3D; // [B, L, K]
	/** 1 within the sentence, 0 beyond. */
	inside: tf.Tensor2D; // [B, L]
}

export interface CrfForward {
	/** Log probability of each tag given the characters so far; beyond the sentence that of its last character. [B, K] each */
	alphas: tf.Tensor2D[];
	/** What each step adds to log Z; 0 beyond the sentence. [B, 1] each */
	normalisers: tf.Tensor2D[];
	/** What the end scores add to log Z. [B, 1] */
	last: tf.Tensor2D;
}

export interface CrfGradients {
	emissions: tf.Tensor3D; // [B, L, K]
	transitions: tf.Tensor2D; // [K, K]
	start: tf.Tensor2D; // [1, K]
	end: tf.Tensor2D; // [1, K]
}

export function crfForward({ emissions, inside, transitions, start, end }: CrfProblem): CrfForward {
	const times = tf.unstack(emissions, 1) as tf.Tensor2D[]; // L of [B, K]
	const masks = columnsOf(inside); // L of [B, 1]
	const alphas: tf.Tensor2D[] = [];
	const normalisers: tf.Tensor2D[] = [];
	times.forEach((emission, time) => {
		const reached =
			time === 0
				? tf.add<tf.Tensor2D>(emission, start)
				: tf.add<tf.Tensor2D>(
						tf.logSumExp<tf.Tensor2D>(tf.add(tf.expandDims(alphas[time - 1], 2), tf.expandDims(transitions, 0)), 1),
						emission,
					); // [B, K]
		const normaliser = tf.logSumExp<tf.Tensor2D>(reached, 1, true); // [B, 1]
		const alpha = tf.sub<tf.Tensor2D>(reached, normaliser);
		alphas.push(time === 0 ? alpha : choose(masks[time], alpha, alphas[time - 1]));
		normalisers.push(tf.mul(normaliser, masks[time]));
	});
	const last = tf.logSumExp<tf.Tensor2D>(tf.add(alphas[alphas.length - 1], end), 1, true); // [B, 1]
	return { alphas, normalisers, last };
}

/** log Z less the score of the given tags, of each sentence. `chosen` is `chooseTags` of the tags. [B, 1] */
export function crfNegativeLogLikelihood(problem: CrfProblem, forward: CrfForward, chosen: tf.Tensor3D): tf.Tensor2D {
	const emissions = tf.unstack(tf.sum(tf.mul(problem.emissions, chosen), 2, true), 1) as tf.Tensor2D[]; // L of [B, 1]
	const tags = tf.unstack(chosen, 1) as tf.Tensor2D[]; // L of [B, K]
	let sum = tf.sub<tf.Tensor2D>(forward.last, tf.sum(tf.mul(lastTags(problem, chosen), problem.end), 1, true));
	tags.forEach((tag, time) => {
		const before = time === 0 ? problem.start : tf.matMul(tags[time - 1], problem.transitions); // [1 or B, K]
		const score = tf.add(emissions[time], tf.sum(tf.mul(before, tag), 1, true));
		sum = tf.add(sum, tf.sub(forward.normalisers[time], score));
	});
	return sum;
}

/** Gradients of the sum of all sentences' negative log likelihoods. */
export function crfBackward(problem: CrfProblem, forward: CrfForward, chosen: tf.Tensor3D): CrfGradients {
	const { betas, pairs } = crfBackwardScores(problem, forward);
	const tags = tf.unstack(chosen, 1) as tf.Tensor2D[]; // L of [B, K]
	const masks = columnsOf(problem.inside);
	const emissions = tags.map((tag, time) =>
		tf.sub<tf.Tensor2D>(tf.mul(tf.softmax(tf.add(forward.alphas[time], betas[time])), masks[time]), tag),
	); // L of [B, K]
	let transitions = tf.zerosLike(problem.transitions);
	for (let time = 1; time < tags.length; time++) {
		const moved = tf.matMul(tags[time - 1], tags[time], true); // [K, K]; `tag` is 0 beyond the sentence
		transitions = tf.add(transitions, tf.sub(pairs[time - 1], moved));
	}
	const lastProbability = tf.softmax(tf.add<tf.Tensor2D>(forward.alphas[tags.length - 1], problem.end)); // [B, K]
	return {
		emissions: tf.stack(emissions, 1) as tf.Tensor3D,
		transitions,
		start: tf.sum(emissions[0], 0, true),
		end: tf.sum(tf.sub(lastProbability, lastTags(problem, chosen)), 0, true),
	};
}

/** Probability of each tag at each character; 0 beyond the sentence. [B, L, K] */
export function crfMarginals(problem: CrfProblem, forward: CrfForward): tf.Tensor3D {
	const { betas } = crfBackwardScores(problem, forward);
	const times = betas.map((beta, time) => tf.softmax(tf.add<tf.Tensor2D>(forward.alphas[time], beta)));
	return tf.mul(tf.stack(times, 1), tf.expandDims(problem.inside, 2));
}

/**
 * Best path by max-plus recursion. Scores are added in the published program's order, previous + (emission + move), so
 * that equal sums tie at the same tags. `backPointers[t - 1]` holds for each tag at t the tag before it, itself beyond
 * the sentence: [B, K] int32 each; `scores` are those of the best path that ends in each tag, [B, K].
 */
export function crfViterbi(problem: CrfProblem): { scores: tf.Tensor2D; backPointers: tf.Tensor2D[] } {
	const times = tf.unstack(problem.emissions, 1) as tf.Tensor2D[];
	const masks = columnsOf(problem.inside);
	const own = tf.expandDims<tf.Tensor2D>(tf.range(0, problem.transitions.shape[0], 1, 'float32'), 0); // [1, K]
	let scores = tf.add<tf.Tensor2D>(times[0], problem.start);
	const backPointers: tf.Tensor2D[] = [];
	for (let time = 1; time < times.length; time++) {
		const step = tf.add(tf.expandDims(times[time], 1), tf.expandDims(problem.transitions, 0)); // [B, K, K]
		const reached = tf.add(tf.expandDims(scores, 2), step); // [B, K, K]
		const best = tf.argMax<tf.Tensor2D>(reached, 1); // [B, K]; the first of equals
		backPointers.push(tf.cast(choose(masks[time], tf.cast<tf.Tensor2D>(best, 'float32'), own), 'int32'));
		scores = choose(masks[time], tf.max(reached, 1), scores);
	}
	return { scores: tf.add(scores, problem.end), backPointers };
}

/** 1 at the tag of each character, 0 elsewhere and beyond the sentence. `tags` hold 0 beyond. [B, L, K] */
export function chooseTags(problem: CrfProblem, tags: tf.Tensor2D): tf.Tensor3D {
	const chosen = tf.oneHot(tags, problem.transitions.shape[0]);
	return tf.mul<tf.Tensor3D>(tf.cast(chosen, 'float32'), tf.expandDims(problem.inside, 2));
}

/**
 * Backward scores, each up to a constant of its sentence, [B, K]; and the probabilities of each move into time t, summed
 * over the sentences that reach it, [K, K], at index t - 1.
 */
function crfBackwardScores(problem: CrfProblem, { alphas }: CrfForward) {
	const { emissions, inside, transitions, end } = problem;
	const times = tf.unstack(emissions, 1) as tf.Tensor2D[];
	const masks = columnsOf(inside);
	const [sentences, length, tags] = emissions.shape;
	const betas = new Array<tf.Tensor2D>(length);
	const pairs = new Array<tf.Tensor2D>(Math.max(0, length - 1));
	betas[length - 1] = tf.tile(end, [sentences, 1]);
	for (let time = length - 1; time > 0; time--) {
		const ahead = tf.add<tf.Tensor2D>(times[time], betas[time]); // [B, K]
		const step = tf.add(tf.expandDims(ahead, 1), tf.expandDims(transitions, 0)); // [B, K, K]
		const reached = tf.logSumExp<tf.Tensor2D>(step, 2); // [B, K]
		const beta = tf.sub<tf.Tensor2D>(reached, tf.logSumExp(reached, 1, true));
		betas[time - 1] = choose(masks[time], beta, betas[time]);
		const joint = tf.reshape(tf.add(tf.expandDims(alphas[time - 1], 2), step), [sentences, tags * tags]);
		const probability = tf.mul(tf.softmax(joint), masks[time]); // [B, K * K]
		pairs[time - 1] = tf.reshape(tf.sum(probability, 0), [tags, tags]);
	}
	return { betas, pairs };
}

/** The tags of each sentence's last character. [B, K] */
function lastTags({ inside }: CrfProblem, chosen: tf.Tensor3D): tf.Tensor2D {
	const masks = columnsOf(inside);
	const tags = tf.unstack(chosen, 1) as tf.Tensor2D[];
	return tags.reduce((last, tag, time) => (time === 0 ? tag : choose(masks[time], tag, last)));
}

/** `left` where the mask is 1, `right` where it is 0. */
function choose(mask: tf.Tensor2D, left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor2D {
	return tf.add(tf.mul(mask, left), tf.mul(tf.sub(1, mask), right));
}

function columnsOf(matrix: tf.Tensor2D): tf.Tensor2D[] {
	return tf.split(matrix, matrix.shape[1], 1);
}
