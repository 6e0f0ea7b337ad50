// Vectors from raw text: skip-gram with negative sampling (Mikolov et al. 2013, "Distributed Representations of Words
// and Phrases"; window, learning rate and sub-sampling as in the word2vec program). A generator that stops after every
// slice of text, so that whoever runs it stays responsive. The same text, settings and seed give the same vectors.
// Letters: V units, D dimension.

import { UserError } from '../../util/errors';
import { forkSeed, RandomStream } from '../../util/random';
import { cutPiece, longestPiece, type UnitText } from './unit-text';

export interface SkipGramSettings {
	/** Numbers of a vector. */
	dimension: number;
	/** Passes over the text; null: as many as make about five million characters, at least 3 and at most 20. */
	epochs: number | null;
	/** Most units to either side that count as context; the width of each position is drawn from 1 to this. */
	window: number;
	/** Drawn units that are no context, for each that is. */
	negatives: number;
	/** Share of the text above which a unit is thinned out; 0 keeps all. */
	sampling: number;
	/** Falls in a line to a ten-thousandth over the whole training. */
	learningRate: number;
}

export const skipGramDefaults: SkipGramSettings = {
	dimension: 50,
	epochs: null,
	window: 5,
	negatives: 5,
	sampling: 1e-3,
	learningRate: 0.025,
};

export interface SkipGramProgress {
	/** From 1. */
	epoch: number;
	epochs: number;
	/** Characters trained on so far and in all, over all epochs. */
	done: number;
	total: number;
	/** Mean loss of a context with its negatives (natural logarithm) since the last report; null when there was none. */
	loss: number | null;
}

export interface TrainedVectors {
	/** By falling count. [V] */
	words: string[];
	dimension: number;
	/** [V, D] */
	values: Float32Array;
}

/** Characters between two reports: about a tenth of a second. */
const sliceCharacters = 20_000;

/** Yields after every slice; returns the vectors. Throws UserError `skip-gram-text-small` with fewer than two units. */
export function* trainSkipGram(
	text: UnitText,
	settings: SkipGramSettings,
	seed: number,
): Generator<SkipGramProgress, TrainedVectors> {
	if (text.words.length < 2) throw tooSmall(text.words.length);
	const { dimension } = settings;
	const random = new RandomStream(forkSeed(seed, 'skip-gram'));
	const step = new SkipGramStep(text, settings, random);
	const characters = text.pieceStart[text.pieceStart.length - 1];
	const epochs = settings.epochs ?? defaultEpochs(characters);
	const total = epochs * characters;
	const cut = new Int32Array(longestPiece(text));
	let done = 0;
	let reported = 0;
	for (let epoch = 1; epoch <= epochs; epoch++) {
		for (const piece of random.permutation(text.pieceStart.length - 1)) {
			const count = step.thinOut(cut, cutPiece(text, piece, random, cut));
			step.train(cut, count, settings.learningRate * Math.max(1e-4, 1 - done / total));
			done += text.pieceStart[piece + 1] - text.pieceStart[piece];
			if (done - reported < sliceCharacters && done < total) continue;
			reported = done;
			yield { epoch, epochs, done, total, loss: step.takeLoss() };
		}
	}
	return { words: text.words, dimension, values: step.vectors() };
}

function defaultEpochs(characters: number): number {
	return Math.min(20, Math.max(3, Math.ceil(5_000_000 / characters)));
}

function tooSmall(found: number): UserError {
	return new UserError({
		code: 'skip-gram-text-small',
		expected: 'text with at least two different units above the minimum count',
		found: `${found}`,
		remedy: 'Add more text, or lower the minimum count.',
	});
}

/** The two tables and their update; inputs are the vectors that are wanted, outputs their contexts. Rows are filled up
 *  with zeros to a multiple of four numbers, which the loops below take together: sums of their own make them faster. */
class SkipGramStep {
	private readonly width: number;
	private readonly inputs: Float32Array; // [V, width]
	private readonly outputs: Float32Array; // [V, width]
	private readonly source: Float64Array; // [width]
	private readonly gradient: Float64Array; // [width]
	private readonly negatives: AliasTable;
	/** Probability of each unit to stay in the text. [V] */
	private readonly keep: Float64Array;
	private lossSum = 0;
	private lossCount = 0;

	constructor(
		{ words, counts }: UnitText,
		private readonly settings: SkipGramSettings,
		private readonly random: RandomStream,
	) {
		const { dimension, sampling } = settings;
		this.width = Math.ceil(dimension / 4) * 4;
		this.inputs = Float32Array.from({ length: words.length * this.width }, (_, index) =>
			index % this.width < dimension ? (random.uniform() - 0.5) / dimension : 0,
		);
		this.outputs = new Float32Array(words.length * this.width);
		this.source = new Float64Array(this.width);
		this.gradient = new Float64Array(this.width);
		this.negatives = new AliasTable(counts.map((count) => count ** 0.75));
		const limit = sampling * counts.reduce((sum, count) => sum + count, 0);
		this.keep = counts.map((count) => (limit > 0 ? Math.sqrt(limit / count) + limit / count : 1));
	}

	/** Leaves out frequent units by chance, in place; returns how many are left. */
	thinOut(units: Int32Array, count: number): number {
		let kept = 0;
		for (let index = 0; index < count; index++) {
			const unit = units[index];
			if (this.keep[unit] >= 1 || this.random.uniform() < this.keep[unit]) units[kept++] = unit;
		}
		return kept;
	}

	train(units: Int32Array, count: number, learningRate: number): void {
		const { window } = this.settings;
		for (let centre = 0; centre < count; centre++) {
			const width = 1 + this.random.below(window);
			const end = Math.min(count, centre + width + 1);
			for (let other = Math.max(0, centre - width); other < end; other++) {
				if (other !== centre) this.trainPair(units[other], units[centre], learningRate);
			}
		}
	}

	takeLoss(): number | null {
		const loss = this.lossCount > 0 ? this.lossSum / this.lossCount : null;
		this.lossSum = 0;
		this.lossCount = 0;
		return loss;
	}

	/** [V, D] */
	vectors(): Float32Array {
		const { width, inputs } = this;
		const { dimension } = this.settings;
		const values = new Float32Array((inputs.length / width) * dimension);
		for (let from = 0, to = 0; from < inputs.length; from += width, to += dimension) {
			values.set(inputs.subarray(from, from + dimension), to);
		}
		return values;
	}

	/** One descent on -log s(in . out) - sum over negatives of log s(-in . negative), s the logistic function. */
	private trainPair(input: number, context: number, learningRate: number): void {
		const { inputs, source, gradient, width } = this;
		const from = input * width;
		for (let d = 0; d < width; d++) {
			source[d] = inputs[from + d];
			gradient[d] = 0;
		}
		let odds = this.descend(context * width, 1, learningRate);
		for (let sample = 0; sample < this.settings.negatives; sample++) {
			const negative = this.negatives.draw(this.random);
			if (negative !== context) odds *= this.descend(negative * width, -1, learningRate);
		}
		for (let d = 0; d < width; d++) inputs[from + d] += gradient[d];
		this.lossSum -= Math.log(odds);
		this.lossCount++;
	}

	/** Moves one output row; returns s(sign * in . out), and adds what moves the input to the gradient. */
	private descend(to: number, sign: number, learningRate: number): number {
		const { outputs, source, gradient, width } = this;
		let sum0 = 0;
		let sum1 = 0;
		let sum2 = 0;
		let sum3 = 0;
		for (let d = 0; d < width; d += 4) {
			sum0 += source[d] * outputs[to + d];
			sum1 += source[d + 1] * outputs[to + d + 1];
			sum2 += source[d + 2] * outputs[to + d + 2];
			sum3 += source[d + 3] * outputs[to + d + 3];
		}
		const odds = logistic(sign * (sum0 + sum1 + sum2 + sum3));
		const step = sign * learningRate * (1 - odds);
		for (let d = 0; d < width; d += 4) {
			const at = to + d;
			const out0 = outputs[at];
			const out1 = outputs[at + 1];
			const out2 = outputs[at + 2];
			const out3 = outputs[at + 3];
			gradient[d] += step * out0;
			gradient[d + 1] += step * out1;
			gradient[d + 2] += step * out2;
			gradient[d + 3] += step * out3;
			outputs[at] = out0 + step * source[d];
			outputs[at + 1] = out1 + step * source[d + 1];
			outputs[at + 2] = out2 + step * source[d + 2];
			outputs[at + 3] = out3 + step * source[d + 3];
		}
		return odds;
	}
}

/** Kept away from 0 and 1, so that logarithms of products stay finite. */
function logistic(value: number): number {
	return 1 / (1 + Math.exp(-Math.min(12, Math.max(-12, value))));
}

/** Draws numbers by weight in constant time (Walker 1977, built as by Vose 1991). */
class AliasTable {
	private readonly share: Float64Array;
	private readonly alias: Int32Array;

	constructor(weights: Float64Array) {
		const size = weights.length;
		const sum = weights.reduce((total, weight) => total + weight, 0);
		this.share = weights.map((weight) => (weight * size) / sum);
		this.alias = Int32Array.from({ length: size }, (_, index) => index);
		const small: number[] = [];
		const large: number[] = [];
		this.share.forEach((share, index) => {
			(share < 1 ? small : large).push(index);
		});
		while (small.length > 0 && large.length > 0) {
			const poor = small.pop() as number;
			const rich = large[large.length - 1];
			this.alias[poor] = rich;
			this.share[rich] -= 1 - this.share[poor];
			if (this.share[rich] < 1) small.push(large.pop() as number);
		}
		for (const index of [...small, ...large]) this.share[index] = 1; // what rounding left over
	}

	draw(random: RandomStream): number {
		const index = random.below(this.share.length);
		return random.uniform() < this.share[index] ? index : this.alias[index];
	}
}
