// The forces of t-SNE on the projection's WebAssembly module: attraction along stored pairs, repulsion of all pairs or by the grid.

import type { Affinities } from '../affinities';
import type { MapForces } from '../map-descent';
import { BlockMemory } from './block-memory';
import { GridField } from './grid-field';
import type { MapKernels, OpenedMapKernels } from './map-kernels';

const pairsAtOnce = 8_000_000;
const attractionsAtOnce = 2_000_000;
/** Position of the numbers that fill up the last four: a point there weighs 1e-30. */
const farAway = 1e15;

/** Copies the affinities to the module's memory, which it takes for itself. */
export function createMapForces(
	{ kernels, memory }: OpenedMapKernels,
	affinities: Affinities,
	repulsion: 'exact' | 'grid',
): MapForces {
	return new WasmForces(kernels, new BlockMemory(memory), affinities, repulsion);
}

class WasmForces implements MapForces {
	private readonly count: number;
	private readonly padded: number;
	private readonly pairsPerPoint: number;
	private readonly at: Record<
		'rowStarts' | 'columns' | 'values' | 'map' | 'xs' | 'ys' | 'attraction' | 'repulsion',
		number
	>;
	private readonly field: GridField | null;

	constructor(
		private readonly kernels: MapKernels,
		private readonly blocks: BlockMemory,
		affinities: Affinities,
		repulsion: 'exact' | 'grid',
	) {
		const { count, rowStarts, columns, values } = affinities;
		this.count = count;
		this.padded = Math.ceil(count / 4) * 4;
		this.pairsPerPoint = columns.length / count;
		this.at = {
			rowStarts: blocks.take(rowStarts.length),
			columns: blocks.take(columns.length),
			values: blocks.take(values.length),
			map: blocks.take(2 * count),
			xs: blocks.take(this.padded),
			ys: blocks.take(this.padded),
			attraction: blocks.take(2 * count),
			repulsion: blocks.take(2 * count),
		};
		blocks.integers(this.at.rowStarts, rowStarts.length).set(rowStarts);
		blocks.integers(this.at.columns, columns.length).set(columns);
		blocks.floats(this.at.values, values.length).set(values);
		this.field = repulsion === 'grid' ? new GridField(kernels, blocks) : null;
	}

	*compute(map: Float32Array, attraction: Float32Array, repulsion: Float32Array): Generator<void, number> {
		const { at, count, blocks } = this;
		blocks.floats(at.map, 2 * count).set(map);
		yield* this.attract();
		const weightSum = this.field ? yield* this.field.compute(at.map, count, at.repulsion) : yield* this.repel(map);
		attraction.set(blocks.floats(at.attraction, 2 * count));
		repulsion.set(blocks.floats(at.repulsion, 2 * count));
		return weightSum;
	}

	private *attract(): Generator<void> {
		const { at, count } = this;
		const batch = Math.max(1, Math.floor(attractionsAtOnce / this.pairsPerPoint));
		for (let first = 0; first < count; first += batch) {
			if (first > 0) yield;
			const last = Math.min(count, first + batch);
			this.kernels.attract(first, last, at.rowStarts, at.columns, at.values, at.map, at.attraction);
		}
	}

	private *repel(map: Float32Array): Generator<void, number> {
		const { at, count, padded } = this;
		const xs = this.blocks.floats(at.xs, padded).fill(farAway);
		const ys = this.blocks.floats(at.ys, padded).fill(farAway);
		for (let point = 0; point < count; point++) {
			xs[point] = map[2 * point];
			ys[point] = map[2 * point + 1];
		}
		const batch = Math.max(1, Math.floor(pairsAtOnce / count));
		let total = 0;
		for (let first = 0; first < count; first += batch) {
			if (first > 0) yield;
			total += this.kernels.repel(first, Math.min(count, first + batch), padded, at.xs, at.ys, at.repulsion);
		}
		return total;
	}
}
