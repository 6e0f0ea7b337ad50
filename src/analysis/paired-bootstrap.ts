// Whether two systems really differ: paired bootstrap over the same sentences (Koehn,
// "Statistical significance tests for machine translation evaluation", EMNLP 2004; percentile interval, Efron 1979).

import { invariant } from '../util/errors';
import { RandomStream } from '../util/random';
import type { MatchCounts } from './span-scores';

export interface BootstrapResult {
	/** micro F1 of the second system minus that of the first, from -1 to 1. */
	difference: number;
	/** Percentile interval of the difference. */
	low: number;
	high: number;
	/** Share of the interval, 0.95. */
	level: number;
	/** Share of the resamples in which the second system is not better (ties count half). */
	pValue: number;
	resamples: number;
}

export interface BootstrapOptions {
	seed: number;
	resamples?: number;
	level?: number;
}

/** Sums of counts between two yields, so that whoever computes may do something else. */
const sumsPerSlice = 200_000;

/**
 * Draws as many sentences as there are, with replacement, `resamples` times, the same ones for both systems. `first[run][i]`
 * are the match counts of sentence i in one of the system's runs, as of several seeds, under one scoring rule. What is
 * compared is the mean of the runs' micro F1; only sentences are drawn again, not seeds. Yields the share that is done,
 * from 0 to 1.
 */
export function* bootstrapInSlices(
	first: readonly (readonly MatchCounts[])[],
	second: readonly (readonly MatchCounts[])[],
	{ seed, resamples = 10_000, level = 0.95 }: BootstrapOptions,
): Generator<number, BootstrapResult, void> {
	invariant(first.length > 0 && second.length > 0, 'a comparison without runs');
	const count = first[0].length;
	const runs = [...first, ...second];
	const table = packCounts(runs, count);
	const random = new RandomStream(seed);
	const differences = new Float64Array(resamples);
	const sums = new Float64Array(runs.length);
	const add = (sentence: number) => {
		const offset = sentence * runs.length;
		for (let run = 0; run < runs.length; run++) sums[run] += table[offset + run];
	};
	const slice = Math.max(1, Math.floor(sumsPerSlice / Math.max(1, table.length)));
	for (let sample = 0; sample < resamples; sample++) {
		sums.fill(0);
		for (let draw = 0; draw < count; draw++) add(random.below(count));
		differences[sample] = differenceOf(sums, first.length);
		if (sample % slice === slice - 1) yield (sample + 1) / resamples;
	}
	let notBetter = 0;
	for (const difference of differences) notBetter += difference < 0 ? 1 : difference === 0 ? 0.5 : 0;
	differences.sort();
	const tail = (1 - level) / 2;
	sums.fill(0);
	for (let sentence = 0; sentence < count; sentence++) add(sentence);
	return {
		difference: differenceOf(sums, first.length),
		low: percentile(differences, tail),
		high: percentile(differences, 1 - tail),
		level,
		pValue: resamples === 0 ? 1 : notBetter / resamples,
		resamples,
	};
}

/** True positives are kept above this, the denominator of F1 below: one sum carries both, exactly. */
const upper = 2 ** 26;

/** The numerator and the denominator of F1 of each sentence in one number. [N, runs] */
function packCounts(runs: readonly (readonly MatchCounts[])[], count: number): Float64Array {
	const table = new Float64Array(count * runs.length);
	for (const [run, sentences] of runs.entries()) {
		invariant(sentences.length === count, `${sentences.length} sentences against ${count}`);
		for (const [sentence, { truePositives, falsePositives, falseNegatives }] of sentences.entries()) {
			const denominator = 2 * truePositives + falsePositives + falseNegatives;
			invariant(denominator * count < upper, `${denominator} mentions in one sentence`);
			table[sentence * runs.length + run] = truePositives * upper + denominator;
		}
	}
	return table;
}

/** Mean micro F1 of the runs from `border` on minus that of those before it. */
function differenceOf(sums: Float64Array, border: number): number {
	let first = 0;
	let second = 0;
	for (let run = 0; run < sums.length; run++) {
		if (run < border) first += microF1(sums[run]);
		else second += microF1(sums[run]);
	}
	return second / (sums.length - border) - first / border;
}

/** 0 where there is nothing to find and nothing found. */
function microF1(packed: number): number {
	const truePositives = Math.floor(packed / upper);
	const denominator = packed - truePositives * upper;
	return denominator === 0 ? 0 : (2 * truePositives) / denominator;
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
	if (sorted.length === 0) return Number.NaN;
	const rank = share * (sorted.length - 1);
	const low = Math.floor(rank);
	const high = Math.min(sorted.length - 1, low + 1);
	return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
}
