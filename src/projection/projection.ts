// A projection of points onto a plane that runs in slices: `createProjection` checks the points, `step` works for a while and
// says how far it is, `map` is always complete. A worker calls `step` between training steps; stopping is `close`.

import { invariant } from '../util/errors';
import { RandomStream } from '../util/random';
import { type Affinities, neighbourAffinities } from './affinities';
import type { Slice } from './awaited';
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
import { umapLayout } from './umap';
import { createMapForces } from './wasm/map-forces';
import { type OpenedMapKernels, openMapKernels } from './wasm/map-kernels';
import { GpuDescent } from './webgpu/gpu-descent';
import { gpuNeighbours } from './webgpu/gpu-neighbours';
import { GpuRoom } from './webgpu/gpu-room';

export type ProjectionPhase = 'axes' | 'neighbours' | 'affinities' | 'descent' | 'done';

export interface ProjectionProgress {
	phase: ProjectionPhase;
	/** Of the phase, 0 to 1. */
	share: number;
	/** Steps of descent done. */
	iteration: number;
	/** Divergence of the map from the points in nats, as of at most 25 steps ago; NaN before the first, for PCA and for UMAP. */
	divergence: number;
	isDone: boolean;
}

export interface ProjectionOptions {
	settings?: Partial<ProjectionSettings>;
	/** Positions of an earlier map, [N, 2]: the descent starts from them, without exaggeration. */
	start?: Float32Array;
	/** Of a start whose points have changed: it is shrunk and passes through exaggeration like a fresh one, so that points can
	 *  move and the layout stays (Policar, Strazar and Zupan 2019). */
	rearranges?: boolean;
	/** Of these very points, found before: as many of each point as perplexity asks, or they are searched again. */
	neighbours?: Neighbours;
	/** A clock in milliseconds, for `step` with a limit of time. */
	now?: () => number;
	/** `wasm` unless given. On `webgpu` neighbours and t-SNE are computed on the GPU; the rest, and UMAP, stay on wasm. */
	device?: 'wasm' | 'webgpu';
	/** A GPU to use with `webgpu` instead of opening one. It stays open. */
	gpu?: GPUDevice;
}

const steadyNow = () => performance.now();
const startDeviation = 1e-4;
/** Points from which `auto` takes the grid. */
const gridFrom = 2000;
/** Points up to which a GPU compares all pairs, whatever the settings say. */
const cellsOnGpuFrom = 50_000;

/** UserError as `checkPoints` has them, `wasm-no-simd`, `wasm-not-loaded`, and for webgpu `device-not-available`. The points are copied. */
export async function createProjection(points: Points, options: ProjectionOptions = {}): Promise<Projection> {
	checkPoints(points);
	const settings = { ...defaultProjectionSettings, ...options.settings };
	invariant(!options.start || options.start.length === 2 * points.count, 'a start with as many positions as points');
	invariant(options.start?.every(Number.isFinite) ?? true, 'a start of finite positions');
	const isOnGpu = options.device === 'webgpu' && settings.method !== 'pca';
	const search = isOnGpu && points.count < cellsOnGpuFrom ? 'exact' : settings.neighbours;
	const [products, kernels] = await Promise.all([openForSearch(points, search), openMapKernels()]);
	const room = !isOnGpu ? null : options.gpu ? new GpuRoom(options.gpu, false) : await GpuRoom.open();
	return new Projection(products, { kernels, room, now: options.now ?? null }, settings, options);
}

/** Where the work is done, and by which clock. */
interface Tools {
	kernels: OpenedMapKernels;
	room: GpuRoom | null;
	now: (() => number) | null;
}

export class Projection {
	readonly notes: ProjectionNote[] = [];
	/** The map after the last finished step; x and y side by side. A new array each time. [N, 2] */
	map: Float32Array;
	/** In the original space: 3 x perplexity of each point, `umapNeighbours` for UMAP; null before they are found, and for PCA. */
	neighbours: Neighbours | null = null;
	private readonly descent: DescentState = { iteration: 0, divergence: Number.NaN };
	private phase: ProjectionPhase = 'axes';
	private share = 0;
	private work: Generator<Slice>;
	/** The GPU's answer that the work waits for. */
	private waiting: Promise<unknown> | null = null;
	private readonly start: Float32Array | null;
	private readonly known: Neighbours | null;
	/** Whether the map stays at the positions of its start. */
	private readonly isWarm: boolean;

	constructor(
		products: PointProducts,
		private readonly tools: Tools,
		readonly settings: ProjectionSettings,
		{ start, rearranges = false, neighbours }: Pick<ProjectionOptions, 'start' | 'rearranges' | 'neighbours'>,
	) {
		this.known = neighbours ?? null;
		this.start = start ?? null;
		this.isWarm = start !== undefined && !rearranges;
		this.map = start?.slice() ?? new Float32Array(2 * products.count);
		this.work = this.run(products);
	}

	/** The GPU's answer that the next step waits for; null where it need not wait. */
	get answer(): Promise<unknown> | null {
		return this.waiting;
	}

	progress(): ProjectionProgress {
		const { phase, share } = this;
		return { phase, share, ...this.descent, isDone: phase === 'done' };
	}

	/** Works for about `sliceMs` (one slice of work, some 5 to 20 ms, at least), or one slice where there is no clock. On a GPU it
	 *  returns at once while an answer is under way, which comes between tasks of the event loop.
	 *  UserError `projection-diverged`, and on a GPU `projection-gpu-lost`, `projection-out-of-memory`: then the last complete map stays
	 *  in `map`, and the projection is over. */
	step(sliceMs = 0): ProjectionProgress {
		const end = this.tools.now ? this.tools.now() + sliceMs : 0;
		do {
			if (this.waiting || this.phase === 'done') break;
			if (this.advance()) this.close();
		} while (this.tools.now && this.tools.now() < end);
		return this.progress();
	}

	/** As `step`, and waits first for an answer of the GPU that is under way. */
	async stepAsync(sliceMs = 0): Promise<ProjectionProgress> {
		await this.waiting;
		return this.step(sliceMs);
	}

	/** To the end, without a pause; on wasm only. */
	finish(): ProjectionProgress {
		invariant(!this.tools.room, 'a GPU answers between tasks: finishAsync');
		while (this.phase !== 'done') this.step();
		return this.progress();
	}

	/** To the end, on either device. */
	async finishAsync(): Promise<ProjectionProgress> {
		while (this.phase !== 'done') await this.stepAsync();
		return this.progress();
	}

	/** Stops for good and releases what the GPU holds; the last complete map stays in `map`. Called automatically at the end. */
	close(): void {
		this.phase = 'done';
		this.tools.room?.close();
	}

	private advance(): boolean {
		try {
			const next = this.work.next();
			if (next.value instanceof Promise) this.wait(next.value);
			return next.done === true;
		} catch (error) {
			this.close();
			throw error;
		}
	}

	private wait(answer: Promise<unknown>): void {
		this.waiting = answer.finally(() => {
			this.waiting = null;
		});
	}

	private *run(products: PointProducts): Generator<Slice> {
		const { count } = products;
		if (count < 4) this.notes.push({ kind: 'too-few-points', count });
		const isResumed = this.start !== null && this.settings.method !== 'pca' && count >= 4;
		const first = isResumed ? this.start.slice() : yield* this.mainAxes(products); // [N, 2]
		if (this.settings.method === 'pca' || count < 4) {
			this.map = first;
			return;
		}
		if (this.settings.method === 'umap') yield* this.layOut(products, first);
		else yield* this.descend(yield* this.affinitiesOf(products), first);
	}

	/** `first` is the main axes, or the map to start from. */
	private *descend(affinities: Affinities, first: Float32Array): Generator<Slice> {
		const map = this.isWarm ? first : this.start ? scaled(first) : jittered(scaled(first), this.settings.seed);
		this.enter('descent');
		const settings = this.isWarm ? { ...this.settings, exaggeratedIterations: 0 } : this.settings;
		const { kernels, room } = this.tools;
		const repulsion = repulsionFor(settings.repulsion, affinities.count);
		const show = (current: Float32Array) => {
			this.map = current;
			this.share = this.descent.iteration / settings.iterations;
		};
		if (room) {
			yield* new GpuDescent(room, affinities, map, settings, repulsion).run(
				this.descent,
				show,
				this.tools.now ?? steadyNow,
			);
			return;
		}
		const forces = createMapForces(kernels, affinities, repulsion);
		for (const what of descend(affinities, forces, map, settings, this.descent)) {
			if (what === 'step') show(map.slice());
			yield;
		}
	}

	private *layOut(products: PointProducts, first: Float32Array): Generator<Slice> {
		const { count } = products;
		const { settings } = this;
		const neighbours = yield* this.neighboursOf(products, Math.min(count - 1, settings.umapNeighbours));
		this.enter('descent');
		for (const map of umapLayout(neighbours, first, settings, { isWarm: this.isWarm })) {
			if (map) {
				this.map = map;
				this.descent.iteration++;
				this.share = this.descent.iteration / settings.iterations;
			}
			yield;
		}
	}

	private *mainAxes(products: PointProducts): Generator<Slice, Float32Array> {
		this.enter('axes');
		const components = yield* this.reporting(principalComponents(products));
		return inTwoColumns(projectOnAxes(products, components), products.count);
	}

	private *affinitiesOf(products: PointProducts): Generator<Slice, Affinities> {
		const { count } = products;
		const perplexity = usablePerplexity(this.settings.perplexity, count);
		if (perplexity < this.settings.perplexity) {
			this.notes.push({ kind: 'perplexity-lowered', asked: this.settings.perplexity, used: perplexity });
		}
		const neighbours = yield* this.neighboursOf(products, Math.min(count - 1, Math.floor(3 * perplexity)));
		this.enter('affinities');
		return yield* this.reporting(neighbourAffinities(neighbours, perplexity));
	}

	private *neighboursOf(products: PointProducts, size: number): Generator<Slice, Neighbours> {
		this.enter('neighbours');
		if (this.known?.count === products.count && this.known.size === size) {
			this.neighbours = this.known;
			return this.known;
		}
		const { room, now } = this.tools;
		const search =
			room && products.spareRows === 0
				? gpuNeighbours(room, products, size, now ?? steadyNow)
				: searchNeighbours(products, size, this.settings.seed);
		this.neighbours = yield* this.reporting(search);
		return this.neighbours;
	}

	/** Stores the shares that the work reports, and passes on what it waits for. */
	private *reporting<Result>(work: Generator<Slice, Result>): Generator<Slice, Result> {
		let next = work.next();
		for (; !next.done; next = work.next()) {
			if (typeof next.value === 'number') this.share = next.value;
			yield next.value;
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
