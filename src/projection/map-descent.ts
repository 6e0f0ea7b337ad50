// The descent of t-SNE from a start to a map, one short slice of work after another: forces, exaggeration at first, momentum.

import type { Affinities } from './affinities';
import { Descent } from './descent';
import { attract, divergence } from './pair-forces';
import type { ProjectionSettings } from './projection-settings';
import type { Repulsion } from './repulsion';

const earlyMomentum = 0.5;
const lateMomentum = 0.8;
const divergenceEvery = 25;
const pointsAtOnce = 16384;

export interface DescentState {
	/** Steps done. */
	iteration: number;
	/** In nats, as of at most 25 steps ago; NaN before the first. */
	divergence: number;
}

export type DescentSettings = Pick<
	ProjectionSettings,
	'iterations' | 'exaggeration' | 'exaggeratedIterations' | 'learningRate'
>;

/** Moves `map` in place and keeps `state`; yields after each slice of work. Between two steps the map is a whole frame. */
export function* descend(
	affinities: Affinities,
	repulsion: Repulsion,
	map: Float32Array,
	settings: DescentSettings,
	state: DescentState,
): Generator<'slice' | 'step'> {
	const { count } = affinities;
	const rate = learningRateFor(settings, count);
	const attraction = new Float32Array(map.length);
	const repelled = new Float32Array(map.length);
	const descent = new Descent(map.length);
	while (state.iteration < settings.iterations) {
		const isEarly = state.iteration < settings.exaggeratedIterations;
		yield* attractInSlices(affinities, map, attraction);
		const slices = repulsion.compute(map, repelled);
		let slice = slices.next();
		for (; !slice.done; slice = slices.next()) yield 'slice';
		const weightSum = slice.value;
		if (state.iteration % divergenceEvery === 0) state.divergence = divergence(affinities, map, weightSum);
		combineForces(attraction, repelled, isEarly ? settings.exaggeration : 1, weightSum);
		descent.step(map, attraction, rate, isEarly ? earlyMomentum : lateMomentum);
		state.iteration++;
		yield 'step';
	}
	state.divergence = yield* finalDivergence(affinities, repulsion, map, repelled);
}

function learningRateFor({ learningRate, exaggeration }: DescentSettings, count: number): number {
	if (learningRate !== 'auto') return learningRate;
	return Math.max(Math.min(50, count / 16), count / exaggeration / 4); // below 800 points, 50 makes them swing
}

function* attractInSlices(affinities: Affinities, map: Float32Array, out: Float32Array): Generator<'slice'> {
	for (let first = 0; first < affinities.count; first += pointsAtOnce) {
		if (first > 0) yield 'slice';
		attract(affinities, map, first, Math.min(affinities.count, first + pointsAtOnce), out);
	}
}

/** The gradient, in place of the attraction. */
function combineForces(
	attraction: Float32Array,
	repelled: Float32Array,
	exaggeration: number,
	weightSum: number,
): void {
	const share = 4 / weightSum;
	for (let k = 0; k < attraction.length; k++) attraction[k] = 4 * exaggeration * attraction[k] - share * repelled[k];
}

function* finalDivergence(
	affinities: Affinities,
	repulsion: Repulsion,
	map: Float32Array,
	repelled: Float32Array,
): Generator<'slice', number> {
	const slices = repulsion.compute(map, repelled);
	let slice = slices.next();
	for (; !slice.done; slice = slices.next()) yield 'slice';
	return divergence(affinities, map, slice.value);
}
