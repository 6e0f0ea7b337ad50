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
	options: BootstrapOptions,
): BootstrapResult {
	const work = bootstrapInSlices([first], [second], options);
	for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** Sums of counts between two yields, so that whoever computes may do something else. */
const sumsPerSlice = 200_000;

/**
 * The same with several runs a system, as of several seeds: `first[run][i]`. What is compared is the mean of the runs'
 * micro F1. Only sentences are drawn again, not seeds. Yields the share that is done, from 0 to 1.
 */
export function* bootstrapInSlices(
	first: readonly (readonly MatchCounts[])[],
	second: readonly (readonly MatchCounts[])[],
	{ seed, resamples = 10_000, level = 0.95 }: BootstrapOptions,
): Generator<number, BootstrapResult, void> {
	invariant(first.length > 0 && second.length > 0, 'a comparison without runs');
	const count = first[0].length;
	const tables = [...first, ...second].map((run) => tableOf(run, count));
	const random = new RandomStream(seed);
	const differences = new Float64Array(resamples);
	const places = new Int32Array(count);
	const slice = Math.max(1, Math.floor(sumsPerSlice / Math.max(1, count * tables.length)));
	for (let sample = 0; sample < resamples; sample++) {
		for (let draw = 0; draw < count; draw++) places[draw] = random.below(count);
		differences[sample] = differenceOf(tables, first.length, places);
		if (sample % slice === slice - 1) yield (sample + 1) / resamples;
	}
	let notBetter = 0;
	for (const difference of differences) notBetter += difference < 0 ? 1 : difference === 0 ? 0.5 : 0;
	differences.sort();
	const tail = (1 - level) / 2;
	const all = Int32Array.from({ length: count }, (_, place) => place);
	return {
		difference: differenceOf(tables, first.length, all),
		low: percentile(differences, tail),
		high: percentile(differences, 1 - tail),
		level,
		pValue: resamples === 0 ? 1 : notBetter / resamples,
		resamples,
	};
}

/** Three counts a sentence. [N, 3] */
function tableOf(run: readonly MatchCounts[], count: number): Int32Array {
	invariant(run.length === count, `${run.length} sentences against ${count}`);
	const table = new Int32Array(count * 3);
	for (const [sentence, counts] of run.entries()) {
		table.set([counts.truePositives, counts.falsePositives, counts.falseNegatives], sentence * 3);
	}
	return table;
}

/** Mean micro F1 of the tables from `border` on minus that of those before it, over the sentences at `places`. */
function differenceOf(tables: readonly Int32Array[], border: number, places: Int32Array): number {
	let first = 0;
	let second = 0;
	for (const [run, table] of tables.entries()) {
		if (run < border) first += microF1(table, places);
		else second += microF1(table, places);
	}
	return second / (tables.length - border) - first / border;
}

/** 0 where there is nothing to find and nothing found. */
function microF1(table: Int32Array, places: Int32Array): number {
	let truePositives = 0;
	let wrong = 0;
	for (const place of places) {
		truePositives += table[place * 3];
		wrong += table[place * 3 + 1] + table[place * 3 + 2];
	}
	const denominator = 2 * truePositives + wrong;
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
