// Is the difference between two systems on the same sentences more than luck? Paired bootstrap over sentences (Koehn,
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

/**
 * Draws as many sentences as there are, with replacement, `resamples` times, the same ones for both systems.
 * `first[i]` and `second[i]` are the match counts of sentence i under one scoring rule.
 */
export function pairedBootstrap(
	first: readonly MatchCounts[],
	second: readonly MatchCounts[],
	{ seed, resamples = 10_000, level = 0.95 }: BootstrapOptions,
): BootstrapResult {
	invariant(first.length === second.length, `${first.length} sentences against ${second.length}`);
	const count = first.length;
	const table = new Int32Array(count * 6);
	for (let sentence = 0; sentence < count; sentence++) {
		table.set(counted(first[sentence]), sentence * 6);
		table.set(counted(second[sentence]), sentence * 6 + 3);
	}
	const random = new RandomStream(seed);
	const differences = new Float64Array(resamples);
	const sums = new Float64Array(6);
	for (let sample = 0; sample < resamples; sample++) {
		sums.fill(0);
		for (let draw = 0; draw < count; draw++) {
			const place = random.below(count) * 6;
			for (let part = 0; part < 6; part++) sums[part] += table[place + part];
		}
		differences[sample] = differenceOf(sums);
	}
	let notBetter = 0;
	for (const difference of differences) notBetter += difference < 0 ? 1 : difference === 0 ? 0.5 : 0;
	differences.sort();
	sums.fill(0);
	for (let place = 0; place < table.length; place++) sums[place % 6] += table[place];
	const tail = (1 - level) / 2;
	return {
		difference: differenceOf(sums),
		low: percentile(differences, tail),
		high: percentile(differences, 1 - tail),
		level,
		pValue: resamples === 0 ? 1 : notBetter / resamples,
		resamples,
	};
}

function counted({ truePositives, falsePositives, falseNegatives }: MatchCounts): number[] {
	return [truePositives, falsePositives, falseNegatives];
}

function differenceOf(sums: Float64Array): number {
	return f1(sums[3], sums[4], sums[5]) - f1(sums[0], sums[1], sums[2]);
}

/** 0 where there is nothing to find and nothing found. */
function f1(truePositives: number, falsePositives: number, falseNegatives: number): number {
	const denominator = 2 * truePositives + falsePositives + falseNegatives;
	return denominator === 0 ? 0 : (2 * truePositives) / denominator;
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
	if (sorted.length === 0) return Number.NaN;
	const place = share * (sorted.length - 1);
	const low = Math.floor(place);
	const high = Math.min(sorted.length - 1, low + 1);
	return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}
