// What the contrastive loss sees in a batch: positives, negatives, the hardest ones, each class's share of the loss, and
// how the temperature weighs the negatives. The loss is that of NerCo's first stage (Zhang et al., IJCAI 2023), worked out
// on the host: for explaining, not for training. n tokens, D width.

import { meanOrNull, normalizedRows } from './labelled-rows';

/** One class of a batch. */
export interface ContrastClass {
	name: string;
	/** Tokens of the class, and tokens of all other classes. */
	tokens: number;
	negatives: number;
	/** Why it adds nothing to the loss, or null: `outside` is no class to contrast, `single` has one token, `alone` no negatives. */
	silence: 'outside' | 'single' | 'alone' | null;
	/** Its term of the loss, and its share of the whole, 0 to 1; 0 where it is silent. */
	loss: number;
	share: number;
	/** Mean cosine of two different tokens of the class; null for fewer than two. */
	positiveSimilarity: number | null;
	/** Mean cosine of a token of the class and one outside; null where there is none. */
	negativeSimilarity: number | null;
	/** Negatives that pull the most gradient, hardest first. */
	hardest: HardNegative[];
	/** Cosines of its pairs, counted in `similarityBins` equal bins from -1 to 1. */
	positiveHistogram: Int32Array;
	negativeHistogram: Int32Array;
}

export interface HardNegative {
	/** Tokens of the batch. */
	anchor: number;
	negative: number;
	/** Cosine, -1 to 1. */
	similarity: number;
	/** Share of the anchor's weight on negatives at the temperature asked for: a softmax over its negatives; 0 to 1. */
	weight: number;
}

/** How one temperature spreads the weights over an anchor's negatives; means over anchors of classes with a signal. */
export interface TemperatureEffect {
	temperature: number;
	loss: number;
	/** Negatives that count: exp of the entropy of the weights. */
	effectiveNegatives: number;
	/** Weight of the hardest hundredth and tenth of the negatives, 0 to 1. */
	hardestHundredth: number;
	hardestTenth: number;
}

export interface ContrastReport {
	temperature: number;
	tokens: number;
	/** Sum over classes. */
	loss: number;
	classes: ContrastClass[];
	/** For the given temperature and a fixed ladder of others, by rising temperature. */
	temperatures: TemperatureEffect[];
}

const similarityBins = 80;

export interface ContrastInput {
	/** [n, D] */
	vectors: Float32Array;
	dimension: number;
	/** Class of each token: index in `names`. [n] */
	classes: Int32Array;
	names: readonly string[];
	/** The class that is never contrasted, or -1. */
	outside: number;
	temperature: number;
}

const ladder = [0.02, 0.04, 0.07, 0.1, 0.2, 0.5, 1] as const;
const hardestShown = 12;

interface Anchor {
	token: number;
	/** Cosines with the other tokens of its class, and, falling, with all tokens outside it; `negatives` in that order. */
	positive: number[];
	negative: Float64Array;
	negatives: Int32Array;
}

/** Time is (tokens of entities) x (all tokens) x D. */
export function contrastReport(input: ContrastInput): ContrastReport {
	const { temperature, names, outside } = input;
	const units = normalizedRows(input.vectors, input.dimension);
	const groups = names.map((_, index) => tokensOf(input.classes, index));
	const anchors = groups.map((tokens, index) =>
		isSilent(tokens.length, input.classes.length, index === outside) ? [] : anchorsOf(tokens, units, input),
	);
	const losses = anchors.map((list) => lossOf(list, temperature));
	const loss = losses.reduce((sum, value) => sum + value, 0);
	const temperatures = [...new Set([...ladder, temperature])].sort((left, right) => left - right);
	return {
		temperature,
		tokens: input.classes.length,
		loss,
		classes: names.map((name, index) => {
			const tokens = groups[index].length;
			const described = describeClass(anchors[index], temperature);
			return {
				name,
				tokens,
				negatives: input.classes.length - tokens,
				silence: silenceOf(tokens, input.classes.length, index === outside),
				loss: losses[index],
				share: loss > 0 ? losses[index] / loss : 0,
				...described,
			};
		}),
		temperatures: temperatures.map((value) => effectOf(anchors, value)),
	};
}

function tokensOf(classes: Int32Array, wanted: number): number[] {
	return Array.from(classes.keys()).filter((token) => classes[token] === wanted);
}

function silenceOf(tokens: number, all: number, isOutside: boolean): ContrastClass['silence'] {
	if (isOutside) return 'outside';
	if (tokens < 2) return 'single';
	return tokens === all ? 'alone' : null;
}

const isSilent = (tokens: number, all: number, isOutside: boolean) => silenceOf(tokens, all, isOutside) !== null;

function anchorsOf(tokens: readonly number[], units: Float32Array, { dimension, classes }: ContrastInput): Anchor[] {
	const own = classes[tokens[0]];
	const others = Array.from(classes.keys()).filter((token) => classes[token] !== own);
	return tokens.map((token) => {
		const cosine = (other: number) => dotOfRows(units, dimension, token, other);
		const all = others.map((other) => ({ other, similarity: cosine(other) }));
		all.sort((left, right) => right.similarity - left.similarity);
		return {
			token,
			positive: tokens.filter((other) => other !== token).map(cosine),
			negative: Float64Array.from(all, ({ similarity }) => similarity),
			negatives: Int32Array.from(all, ({ other }) => other),
		};
	});
}

function dotOfRows(units: Float32Array, dimension: number, left: number, right: number): number {
	let sum = 0;
	for (let k = 0, a = left * dimension, b = right * dimension; k < dimension; k++, a++, b++) sum += units[a] * units[b];
	return sum;
}

/** log of the sum over negatives of exp(similarity / temperature); they are in falling order. */
function logSumOfNegatives({ negative }: Anchor, temperature: number): number {
	let sum = 0;
	for (const similarity of negative) sum += Math.exp((similarity - negative[0]) / temperature);
	return negative[0] / temperature + Math.log(sum);
}

/** Mean over ordered pairs of -log(e^s / (e^s + sum over negatives)), with s = similarity / temperature; 0 without anchors. */
function lossOf(anchors: readonly Anchor[], temperature: number): number {
	let sum = 0;
	let pairs = 0;
	for (const anchor of anchors) {
		const negatives = logSumOfNegatives(anchor, temperature);
		for (const similarity of anchor.positive) {
			const excess = negatives - similarity / temperature;
			sum += excess > 0 ? excess + Math.log1p(Math.exp(-excess)) : Math.log1p(Math.exp(excess));
			pairs++;
		}
	}
	return pairs === 0 ? 0 : sum / pairs;
}

function describeClass(anchors: readonly Anchor[], temperature: number) {
	const positiveHistogram = new Int32Array(similarityBins);
	const negativeHistogram = new Int32Array(similarityBins);
	const positive = { sum: 0, count: 0 };
	const negative = { sum: 0, count: 0 };
	const note = (value: number, histogram: Int32Array, mean: { sum: number; count: number }) => {
		histogram[Math.min(similarityBins - 1, Math.max(0, Math.floor(((value + 1) / 2) * similarityBins)))]++;
		mean.sum += value;
		mean.count++;
	};
	for (const anchor of anchors) {
		for (const value of anchor.positive) note(value, positiveHistogram, positive);
		for (const value of anchor.negative) note(value, negativeHistogram, negative);
	}
	return {
		positiveSimilarity: meanOrNull(positive.sum, positive.count),
		negativeSimilarity: meanOrNull(negative.sum, negative.count),
		hardest: hardestOf(anchors, temperature),
		positiveHistogram,
		negativeHistogram,
	};
}

function hardestOf(anchors: readonly Anchor[], temperature: number): HardNegative[] {
	const candidates = anchors.flatMap((anchor) => {
		const total = logSumOfNegatives(anchor, temperature);
		return Array.from(anchor.negative.subarray(0, hardestShown), (similarity, rank) => ({
			anchor: anchor.token,
			negative: anchor.negatives[rank],
			similarity,
			weight: Math.exp(similarity / temperature - total),
		}));
	});
	return candidates.sort((left, right) => right.similarity - left.similarity).slice(0, hardestShown);
}

function effectOf(classes: readonly (readonly Anchor[])[], temperature: number): TemperatureEffect {
	const anchors = classes.flat();
	const sums = { effective: 0, hundredth: 0, tenth: 0 };
	for (const anchor of anchors) {
		const { negative } = anchor;
		const total = logSumOfNegatives(anchor, temperature);
		let entropy = 0;
		for (const [rank, similarity] of negative.entries()) {
			const weight = Math.exp(similarity / temperature - total);
			if (weight > 0) entropy -= weight * Math.log(weight);
			if (rank < Math.ceil(negative.length / 100)) sums.hundredth += weight;
			if (rank < Math.ceil(negative.length / 10)) sums.tenth += weight;
		}
		sums.effective += Math.exp(entropy);
	}
	const mean = (sum: number) => (anchors.length === 0 ? 0 : sum / anchors.length);
	return {
		temperature,
		loss: classes.reduce((sum, list) => sum + lossOf(list, temperature), 0),
		effectiveNegatives: mean(sums.effective),
		hardestHundredth: mean(sums.hundredth),
		hardestTenth: mean(sums.tenth),
	};
}
