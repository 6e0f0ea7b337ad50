// A projection of points onto a plane that runs in slices: `createProjection` checks the points, `step` works for a while and
// says how far it is, `map` is always a whole frame. A worker calls `step` between training steps; stopping is not calling it.

import { invariant } from '../util/errors';
import { RandomStream } from '../util/random';
import { neighbourAffinities } from './affinities';
import { type DescentState, descend } from './map-descent';
import { openForSearch, searchNeighbours } from './neighbour-search';
import type { Neighbours } from './neighbours';
import type { PointProducts } from './point-products';
import { principalComponents, projectOnAxes } from './principal-components';
import {
	checkPoints,
	defaultProjectionSettings,
	type Points,
	type ProjectionNote,
	type ProjectionSettings,
	usablePerplexity,
} from './projection-settings';
import { createMapForces } from './wasm/map-forces';
import { type OpenedMapKernels, openMapKernels } from './wasm/map-kernels';

export type ProjectionPhase = 'axes' | 'neighbours' | 'affinities' | 'descent' | 'done';

export interface ProjectionProgress {
	phase: ProjectionPhase;
	/** Of the phase, 0 to 1. */
	share: number;
	/** Steps of descent done. */
	iteration: number;
	/** Divergence of the map from the points in nats, as of at most 25 steps ago; NaN before the first and for PCA. */
	divergence: number;
	isDone: boolean;
}

export interface ProjectionOptions {
	settings?: Partial<ProjectionSettings>;
	/** Positions of an earlier frame, [N, 2]: the descent goes on from them, without exaggeration. */
	start?: Float32Array;
	/** Of a start whose points have changed: it is shrunk and passes through exaggeration like a fresh one, so that points can
	 *  change places and the layout stays (Policar, Strazar and Zupan 2019). */
	rearranges?: boolean;
	/** A clock in milliseconds, for `step` with a limit of time. */
	now?: () => number;
}

const startDeviation = 1e-4;
/** Points from which `auto` takes the grid. */
const gridFrom = 2000;

/** UserError as `checkPoints` has them, and `wasm-no-simd`, `wasm-not-loaded`. The points are copied. */
export async function createProjection(points: Points, options: ProjectionOptions = {}): Promise<Projection> {
	checkPoints(points);
	const settings = { ...defaultProjectionSettings, ...options.settings };
	invariant(!options.start || options.start.length === 2 * points.count, 'a start with as many positions as points');
	invariant(options.start?.every(Number.isFinite) ?? true, 'a start of finite positions');
	const [products, kernels] = await Promise.all([openForSearch(points, settings.neighbours), openMapKernels()]);
	const { start = null, rearranges = false, now = null } = options;
	return new Projection(products, kernels, settings, { start, rearranges, now });
}

export class Projection {
	readonly notes: ProjectionNote[] = [];
	/** The whole frame of the last finished step; x and y side by side. A new array for each frame. [N, 2] */
	map: Float32Array;
	/** In the original space, 3 x perplexity of each point; null before they are found, and for PCA. */
	neighbours: Neighbours | null = null;
	private readonly descent: DescentState = { iteration: 0, divergence: Number.NaN };
	private phase: ProjectionPhase = 'axes';
	private share = 0;
	private work: Generator<void>;
	private readonly start: Float32Array | null;
	private readonly rearranges: boolean;
	private readonly now: (() => number) | null;

	constructor(
		products: PointProducts,
		private readonly kernels: OpenedMapKernels,
		readonly settings: ProjectionSettings,
		{ start, rearranges, now }: { start: Float32Array | null; rearranges: boolean; now: (() => number) | null },
	) {
		this.start = start;
		this.rearranges = rearranges;
		this.now = now;
		this.map = start ? start.slice() : new Float32Array(2 * products.count);
		this.work = this.run(products);
	}

	progress(): ProjectionProgress {
		const { phase, share } = this;
		return { phase, share, ...this.descent, isDone: phase === 'done' };
	}

	/** Works for about `sliceMs` (one slice of work, some 5 to 20 ms, at least), or one slice where there is no clock.
	 *  UserError `projection-diverged`: then the last whole frame stays in `map`, and the projection is over. */
	step(sliceMs = 0): ProjectionProgress {
		const end = this.now ? this.now() + sliceMs : 0;
		do {
			if (this.advance()) this.phase = 'done';
		} while (this.phase !== 'done' && this.now && this.now() < end);
		return this.progress();
	}

	/** To the end, without a pause. */
	finish(): ProjectionProgress {
		while (this.phase !== 'done') this.step();
		return this.progress();
	}

	private advance(): boolean {
		try {
			return this.work.next().done === true;
		} catch (error) {
			this.phase = 'done';
			throw error;
		}
	}

	private *run(products: PointProducts): Generator<void> {
		const { count } = products;
		if (count < 4) this.notes.push({ kind: 'too-few-points', count });
		const goesOn = this.start !== null && this.settings.method !== 'pca' && count >= 4;
		const first = goesOn ? this.start.slice() : yield* this.mainAxes(products); // [N, 2]
		if (this.settings.method === 'pca' || count < 4) {
			this.map = first;
			return;
		}
		const affinities = yield* this.affinitiesOf(products);
		const map = goesOn ? (this.rearranges ? scaled(first) : first) : jittered(scaled(first), this.settings.seed);
		this.enter('descent');
		const settings = goesOn && !this.rearranges ? { ...this.settings, exaggeratedIterations: 0 } : this.settings;
		const forces = createMapForces(this.kernels, affinities, repulsionFor(settings.repulsion, count));
		for (const what of descend(affinities, forces, map, settings, this.descent)) {
			if (what === 'step') this.map = map.slice();
			this.share = this.descent.iteration / settings.iterations;
			yield;
		}
	}

	private *mainAxes(products: PointProducts): Generator<void, Float32Array> {
		this.enter('axes');
		const components = yield* this.reporting(principalComponents(products));
		return inTwoColumns(projectOnAxes(products, components), products.count);
	}

	private *affinitiesOf(products: PointProducts) {
		const { count } = products;
		const perplexity = usablePerplexity(this.settings.perplexity, count);
		if (perplexity < this.settings.perplexity) {
			this.notes.push({ kind: 'perplexity-lowered', asked: this.settings.perplexity, used: perplexity });
		}
		this.enter('neighbours');
		const size = Math.min(count - 1, Math.floor(3 * perplexity));
		const neighbours = yield* this.reporting(searchNeighbours(products, size, this.settings.seed));
		this.neighbours = neighbours;
		this.enter('affinities');
		return yield* this.reporting(neighbourAffinities(neighbours, perplexity));
	}

	private *reporting<Result>(work: Generator<number, Result>): Generator<void, Result> {
		let next = work.next();
		for (; !next.done; next = work.next()) {
			this.share = next.value;
			yield;
		}
		return next.value;
	}

	private enter(phase: ProjectionPhase): void {
		this.phase = phase;
		this.share = 0;
	}
}

function repulsionFor(asked: ProjectionSettings['repulsion'], count: number): 'exact' | 'grid' {
	if (asked !== 'auto') return asked;
	return count < gridFrom ? 'exact' : 'grid';
}

/** A second column of zeros where there is one axis only. [N, 2] */
function inTwoColumns(coordinates: Float32Array, count: number): Float32Array {
	if (coordinates.length === 2 * count) return coordinates;
	return Float32Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? coordinates[k / 2] : 0));
}

/** The first axis' standard deviation is `startDeviation`. */
function scaled(flat: Float32Array): Float32Array {
	let square = 0;
	for (let k = 0; k < flat.length; k += 2) square += flat[k] * flat[k];
	const factor = startDeviation / Math.sqrt(Math.max(square / (flat.length / 2), Number.MIN_VALUE));
	return flat.map((value) => value * factor);
}

/** Parts points that are equal, by a hundredth of the start's spread. */
function jittered(flat: Float32Array, seed: number): Float32Array {
	const random = new RandomStream(seed);
	return flat.map((value) => value + startDeviation * 0.02 * (random.uniform() - 0.5));
}
