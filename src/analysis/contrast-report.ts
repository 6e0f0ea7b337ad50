// What the contrastive loss sees in a batch: positives, negatives, the hardest ones, each class's share of the loss, and
// how the temperature weighs the negatives. The loss is that of NerCo's first stage (Zhang et al., IJCAI 2023), worked out
// on the host: for explaining, not for training. n tokens, D width.

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

export const similarityBins = 80;
