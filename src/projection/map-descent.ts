// The descent of t-SNE from a start to a map, one short slice of work after another: forces, exaggeration at first, momentum.

import { UserError } from '../util/errors';
import type { Affinities } from './affinities';
import { Descent } from './descent';
import { divergenceOf } from './pair-forces';
import type { ProjectionSettings } from './projection-settings';

export const earlyMomentum = 0.5;
export const lateMomentum = 0.8;
export const divergenceEvery = 25;
const pairsAtOnce = 200_000;

export interface MapForces {
	/** Writes the sums of p w (y_i - y_j) and of w^2 (y_i - y_j), as pair-forces.ts has them, [N, 2] each; returns the sum of w
	 *  over all ordered pairs of different points. Yields between slices of work. */
	compute(map: Float32Array, attraction: Float32Array, repulsion: Float32Array): Generator<void, number>;
}

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

/** Moves `map` in place and keeps `state`; yields after each slice of work. Between two steps the map is complete.
 *  UserError `projection-diverged` where a position is no longer finite. */
export function* descend(
	affinities: Affinities,
	forces: MapForces,
	map: Float32Array,
	settings: DescentSettings,
	state: DescentState,
): Generator<'slice' | 'step'> {
	const rate = learningRateFor(settings, affinities.count);
	const attraction = new Float32Array(map.length);
	const repulsion = new Float32Array(map.length);
	const descent = new Descent(map.length);
	while (state.iteration < settings.iterations) {
		const isEarly = state.iteration < settings.exaggeratedIterations;
		const weightSum = yield* inSlices(forces.compute(map, attraction, repulsion));
		if (state.iteration % divergenceEvery === 0) {
			state.divergence = yield* inSlices(divergenceInSlices(affinities, map, weightSum));
		}
		combineForces(attraction, repulsion, isEarly ? settings.exaggeration : 1, weightSum);
		if (!descent.step(map, attraction, rate, isEarly ? earlyMomentum : lateMomentum)) throw divergedError(rate);
		state.iteration++;
		yield 'step';
	}
	const weightSum = yield* inSlices(forces.compute(map, attraction, repulsion));
	state.divergence = yield* inSlices(divergenceInSlices(affinities, map, weightSum));
}

/** UserError `projection-diverged`. */
export function divergedError(rate: number): UserError {
	return new UserError({
		code: 'projection-diverged',
		expected: 'a map with finite positions',
		found: `positions that diverged at learning rate ${rate}`,
		remedy: 'Lower the learning rate of the projection, or set it to auto.',
	});
}

/** As in the settings, which define `auto`. */
export function learningRateFor({ learningRate, exaggeration }: DescentSettings, count: number): number {
	if (learningRate !== 'auto') return learningRate;
	return Math.max(Math.min(50, count / 16), count / exaggeration / 4); // below 800 points, 50 makes them swing
}

function* inSlices<Result>(work: Generator<void, Result>): Generator<'slice', Result> {
	let next = work.next();
	for (; !next.done; next = work.next()) yield 'slice';
	return next.value;
}

function* divergenceInSlices(affinities: Affinities, map: Float32Array, weightSum: number): Generator<void, number> {
	const { count, columns } = affinities;
	const batch = Math.max(1, Math.floor((pairsAtOnce * count) / columns.length));
	let sum = 0;
	for (let first = 0; first < count; first += batch) {
		if (first > 0) yield;
		sum += divergenceOf(affinities, map, weightSum, first, Math.min(count, first + batch));
	}
	return sum;
}

/** The gradient, in place of the attraction. */
function combineForces(
	attraction: Float32Array,
	repulsion: Float32Array,
	exaggeration: number,
	weightSum: number,
): void {
	const share = 4 / weightSum;
	for (let k = 0; k < attraction.length; k++) attraction[k] = 4 * exaggeration * attraction[k] - share * repulsion[k];
}
