// UMAP's layout (McInnes, Healy and Melville 2018): tied points are drawn together, points drawn by chance are pushed apart, in rounds
// over the ties, each tie as often as it is strong. Seeded; one thread, so the same seed gives the same map. N points, E ties.

import { RandomStream } from '../util/random';
import { fuzzyTies } from './fuzzy-ties';
import type { Neighbours } from './neighbours';
import type { ProjectionSettings } from './projection-settings';
import type { SparseRows } from './sparse-rows';

const negatives = 5;
const maxStep = 4;
const tiesAtOnce = 20_000;
/** Farthest coordinate at the start. */
const startReach = 10;
/** First step width; a map that starts from an earlier one takes smaller steps, so that it stays where it was. */
const [coldRate, warmRate] = [1, 0.25];

export type LayoutSettings = Pick<ProjectionSettings, 'iterations' | 'leastDistance' | 'seed'>;

/** From `start`, [N, 2]; yields the map (a new array, centred) after each round, null between. */
export function* umapLayout(
	neighbours: Neighbours,
	start: Float32Array,
	settings: LayoutSettings,
	{ isWarm = false } = {},
): Generator<Float32Array | null> {
	const strengths = fuzzyTies(neighbours);
	let next = strengths.next();
	for (; !next.done; next = strengths.next()) yield null;
	const ties = next.value;
	const random = new RandomStream(settings.seed);
	const map = isWarm ? start.slice() : spreadOut(start, random);
	const curve = fitCurve(settings.leastDistance);
	const { iterations } = settings;
	const rate = isWarm ? warmRate : coldRate;
	const schedule = scheduleOf(ties, iterations);
	for (let round = 0; round < iterations; round++) {
		const walk = { ties, schedule, map, curve, random, round, rate: rate * (1 - round / iterations) };
		for (let first = 0; first < ties.count; ) {
			first = layRows(walk, first);
			yield first < ties.count ? null : centred(map);
		}
	}
}

/** Rounds between two turns of each tie, infinite for those too weak to have one, and the round of its next turn. [E] */
interface Schedule {
	gaps: Float64Array;
	turns: Float64Array;
}

function scheduleOf({ values }: SparseRows, iterations: number): Schedule {
	let strongest = 0;
	for (const value of values) strongest = Math.max(strongest, value);
	const gaps = Float64Array.from(values, (value) =>
		value * iterations < strongest ? Number.POSITIVE_INFINITY : strongest / value,
	);
	return { gaps, turns: gaps.map((gap) => gap - 1) };
}

interface Walk {
	ties: SparseRows;
	schedule: Schedule;
	map: Float32Array;
	curve: Curve;
	random: RandomStream;
	round: number;
	rate: number;
}

/** Rows from `first` on until about `tiesAtOnce` ties were handled; returns the next row. */
function layRows(walk: Walk, first: number): number {
	const { rowStarts, columns, count } = walk.ties;
	const { gaps, turns } = walk.schedule;
	const last = rowStarts[first] + tiesAtOnce;
	let row = first;
	for (; row < count && rowStarts[row] < last; row++) {
		for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
			if (turns[entry] > walk.round) continue;
			turns[entry] += gaps[entry];
			drawTogether(walk, 2 * row, 2 * columns[entry]);
			for (let k = 0; k < negatives; k++) pushApart(walk, 2 * row, 2 * walk.random.below(count));
		}
	}
	return row;
}

function drawTogether({ map, curve: { a, b }, rate }: Walk, point: number, other: number): void {
	const dx = map[point] - map[other];
	const dy = map[point + 1] - map[other + 1];
	const square = dx * dx + dy * dy;
	if (square === 0) return;
	const power = square ** b;
	const factor = (-2 * a * b * power) / (square * (1 + a * power));
	const x = rate * bounded(factor * dx);
	const y = rate * bounded(factor * dy);
	map[point] += x;
	map[point + 1] += y;
	map[other] -= x;
	map[other + 1] -= y;
}

function pushApart({ map, curve: { a, b }, rate }: Walk, point: number, other: number): void {
	if (point === other) return;
	const dx = map[point] - map[other];
	const dy = map[point + 1] - map[other + 1];
	const square = dx * dx + dy * dy;
	const factor = (2 * b) / ((0.001 + square) * (1 + a * square ** b));
	map[point] += rate * (square > 0 ? bounded(factor * dx) : maxStep);
	map[point + 1] += rate * (square > 0 ? bounded(factor * dy) : maxStep);
}

function bounded(step: number): number {
	return Math.max(-maxStep, Math.min(maxStep, step));
}

/** Tied points lie at distance d with weight 1 / (1 + a d^2b). */
export interface Curve {
	a: number;
	b: number;
}

/** The curve nearest to 1 up to `leastDistance` and exp(leastDistance - d) beyond it, for d to 3: least squares by Gauss and Newton's
 *  steps, halved where they do not help. */
export function fitCurve(leastDistance: number): Curve {
	const at = Array.from({ length: 300 }, (_, k) => (3 * (k + 1)) / 300);
	const wanted = at.map((d) => (d < leastDistance ? 1 : Math.exp(leastDistance - d)));
	const errorOf = ({ a, b }: Curve) => at.reduce((sum, d, k) => sum + (wanted[k] - 1 / (1 + a * d ** (2 * b))) ** 2, 0);
	let best: Curve = { a: 1, b: 1 };
	let error = errorOf(best);
	for (let step = 0; step < 100; step++) {
		const change = newtonStep(best, at, wanted);
		let length = 1;
		const moved = () => ({ a: best.a * Math.exp(length * change.logA), b: best.b + length * change.b });
		while (length > 1e-6 && !(errorOf(moved()) < error)) length /= 2;
		if (length <= 1e-6) break;
		best = moved();
		error = errorOf(best);
	}
	return best;
}

/** Solves the normal equations of the residuals, in log a and b. */
function newtonStep({ a, b }: Curve, at: readonly number[], wanted: readonly number[]) {
	let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
	for (const [k, d] of at.entries()) {
		const power = a * d ** (2 * b);
		const value = 1 / (1 + power);
		const slopeA = -value * value * power;
		const slopeB = slopeA * 2 * Math.log(d);
		const residual = wanted[k] - value;
		aa += slopeA * slopeA;
		ab += slopeA * slopeB;
		bb += slopeB * slopeB;
		ra += slopeA * residual;
		rb += slopeB * residual;
	}
	const determinant = aa * bb - ab * ab;
	return { logA: (ra * bb - rb * ab) / determinant, b: (rb * aa - ra * ab) / determinant };
}

/** Scaled to `startReach`, with a jitter that parts equal points. */
function spreadOut(flat: Float32Array, random: RandomStream): Float32Array {
	let reach = 0;
	for (const value of flat) reach = Math.max(reach, Math.abs(value));
	const factor = startReach / Math.max(reach, Number.MIN_VALUE);
	return flat.map((value) => value * factor + 1e-3 * (random.uniform() - 0.5));
}

function centred(map: Float32Array): Float32Array {
	const sums = [0, 0];
	for (let k = 0; k < map.length; k++) sums[k % 2] += map[k];
	return map.map((value, k) => value - sums[k % 2] / (map.length / 2));
}
