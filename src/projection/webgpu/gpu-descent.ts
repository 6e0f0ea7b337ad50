// The descent of t-SNE on the GPU: several steps are sent at once, then the map and what the GPU knows of it are read back. The GPU
// counts its steps and halts by itself where its grid no longer suits the map, so that the result does not depend on how many
// steps are sent together. N points.

import type { Affinities } from '../affinities';
import { awaited, type Slice } from '../awaited';
import { gridCapacity } from '../grid-choice';
import {
	type DescentSettings,
	type DescentState,
	divergedError,
	divergenceEvery,
	earlyMomentum,
	lateMomentum,
	learningRateFor,
} from '../map-descent';
import { attractProgram, moveProgram, repelProgram, settleProgram, surveyProgram } from './descent-programs';
import { halts, planBlock, pointGroup, readState, splitLength, stateBytes } from './descent-words';
import { GpuField } from './gpu-field';
import type { GpuCommand, GpuRoom } from './gpu-room';
import { SlicePace } from './slice-pace';

/** One shown map per slice: more steps would make the picture jump. */
const maxSteps = 25;
/** Positions beyond which nothing can be computed any more. */
const farthest = 1e15;

export interface GpuForces {
	attraction: Float32Array;
	repulsion: Float32Array;
	weightSum: number;
}

export class GpuDescent {
	private readonly buffers: Record<string, GPUBuffer>;
	private readonly field: GpuField | null;
	private readonly rate: number;
	private readonly mass: number;
	private readonly groups: number;
	private commands: GpuCommand[] = [];

	/** UserError `projection-out-of-memory`. */
	constructor(
		private readonly room: GpuRoom,
		private readonly affinities: Affinities,
		start: Float32Array,
		private readonly settings: DescentSettings,
		private readonly repulsion: 'exact' | 'grid',
	) {
		const { count, rowStarts, columns, values } = affinities;
		this.rate = learningRateFor(settings, count);
		this.mass = massOf(affinities);
		this.groups = Math.ceil(count / pointGroup);
		const links = new Int32Array(rowStarts.length + columns.length);
		links.set(rowStarts);
		links.set(columns, rowStarts.length);
		const motions = Float32Array.from({ length: 4 * count }, (_, k) => (k % 4 < 2 ? 0 : 1));
		this.buffers = {
			plan: room.buffer('plan', 64, 'uniform'),
			state: room.buffer('state', stateBytes),
			points: room.filled('points', start),
			links: room.filled('links', links),
			affinities: room.filled('affinities', values),
			forces: room.buffer('forces', count * 16),
			motions: room.filled('motions', motions),
			sums: room.buffer('sums', count * 8),
		};
		this.field = repulsion === 'grid' ? new GpuField(room, this.buffers, count) : null;
		if (!this.field) this.buffers.stretches = room.buffer('stretches', this.splits * count * 16);
		this.plan(widthOf(start));
	}

	private get splits(): number {
		return Math.ceil(this.affinities.count / splitLength);
	}

	/** Tells the GPU its numbers, with a grid for a map of this width, and lays out the dispatches of a step. */
	private plan(width: number): void {
		const { room, field, settings, affinities, groups, repulsion } = this;
		const { count } = affinities;
		const grid = field?.choose(width) ?? null;
		const { iterations, exaggeratedIterations, exaggeration } = settings;
		const block = planBlock({
			...{ count, splits: this.splits, size: grid?.size ?? 0, iterations, exaggeratedIterations },
			...{ divergenceEvery, unit: 2 ** Math.floor(31 - Math.log2(count)) },
			...{ spacing: grid?.spacing ?? 1, capacity: grid ? gridCapacity(grid) : 0, exaggeration, rate: this.rate },
			...{ earlyMomentum, lateMomentum, mass: this.mass },
		});
		room.write(this.buffers.plan, block);
		if (grid) field?.prepare(grid.size);
		const buffers = field?.buffers ?? this.buffers;
		const threads = room.isEmulated ? 4 : 256;
		this.commands = [
			room.command(surveyProgram(threads), buffers, [1, 1]),
			...(field?.commands() ?? [room.command(repelProgram, buffers, [groups, this.splits])]),
			room.command(attractProgram(repulsion), buffers, [groups, 1]),
			room.command(settleProgram(repulsion, threads), buffers, [1, 1]),
			room.command(moveProgram, buffers, [groups, 1]),
		];
	}

	/** To the end; `show` gets every map that is read back, centred. Yields promises. UserError `projection-diverged`, and as
	 *  `GpuRoom.read` has them. */
	*run(state: DescentState, show: (map: Float32Array) => void, now: () => number): Generator<Slice> {
		const { room, buffers } = this;
		const pace = new SlicePace(now, 1, maxSteps);
		const mapBytes = 8 * this.affinities.count;
		for (;;) {
			const start = now();
			room.send(this.commands, pace.amount);
			const [stateRead, mapRead] = yield* awaited(
				room.read([
					{ buffer: buffers.state, bytes: stateBytes },
					{ buffer: buffers.points, bytes: mapBytes },
				]),
			);
			pace.note(now() - start);
			const { iteration, halt, divergence, width } = readState(stateRead);
			const map = new Float32Array(mapRead);
			if (!map.every((value) => Math.abs(value) < farthest)) throw divergedError(this.rate);
			state.iteration = iteration;
			if (iteration > 0 || halt === halts.done) state.divergence = divergence;
			show(centred(map));
			if (halt === halts.done) return;
			if (halt === halts.wrongGrid) this.plan(width);
		}
	}

	/** What the last step computed, [N, 2] each, and the sum of w. */
	async forces(): Promise<GpuForces> {
		const { count } = this.affinities;
		const [state, forces] = await this.room.read([
			{ buffer: this.buffers.state, bytes: stateBytes },
			{ buffer: this.buffers.forces, bytes: 16 * count },
		]);
		const four = new Float32Array(forces);
		const half = (offset: number) =>
			Float32Array.from({ length: 2 * count }, (_, k) => four[4 * (k >> 1) + offset + (k % 2)]);
		return { attraction: half(0), repulsion: half(2), weightSum: readState(state).weightSum };
	}
}

function massOf({ values }: Affinities): number {
	let sum = 0;
	for (const value of values) sum += value;
	return sum;
}

function widthOf(map: Float32Array): number {
	const [low, high] = [
		[map[0], map[1]],
		[map[0], map[1]],
	];
	for (let k = 0; k < map.length; k++) {
		low[k % 2] = Math.min(low[k % 2], map[k]);
		high[k % 2] = Math.max(high[k % 2], map[k]);
	}
	return Math.max(high[0] - low[0], high[1] - low[1]);
}

/** In place. */
function centred(map: Float32Array): Float32Array {
	const sums = [0, 0];
	for (let k = 0; k < map.length; k++) sums[k % 2] += map[k];
	const count = map.length / 2;
	for (let k = 0; k < map.length; k++) map[k] -= sums[k % 2] / count;
	return map;
}
