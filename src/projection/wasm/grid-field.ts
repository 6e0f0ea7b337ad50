// The repulsion of all points by convolution: points are spread onto a grid by cubic B-splines, the grid is convolved with the
// force of one point by Fourier transforms, and read back at the points by the same splines. After FIt-SNE (Linderman et al.
// 2019), with the splines and the filter of particle-mesh Ewald sums (Essmann et al. 1995) in place of polynomials, and
// with the force itself as the kernel: one transform there and one back a step. G nodes an axis hold points, M = 2 G nodes
// keep the convolution from going round.

import { chooseGrid, gridMargin } from '../grid-choice';
import type { BlockMemory } from './block-memory';
import type { MapKernels } from './map-kernels';

const gridSizes = [128, 192, 256, 384, 512, 768, 1024];
const elementsAtOnce = 1 << 20;

interface Grid {
	size: number;
	spacing: number;
	/** Addresses. Points' density [G, G]; two complex work planes [M, M]; kernels of force and weight [M, M]. */
	density: number;
	first: readonly [number, number];
	second: readonly [number, number];
	force: readonly [number, number];
	weight: number;
	twiddles: number;
	scratch: number;
}

export class GridField {
	private grid: Grid | null = null;
	private readonly mark: number;

	/** Everything that the caller keeps must have been taken from `blocks` before. */
	constructor(
		private readonly kernels: MapKernels,
		private readonly blocks: BlockMemory,
	) {
		this.mark = blocks.mark();
	}

	/** Of `count` points at `map`, [N, 2]: forces to `out`, [N, 2]; returns the sum of w over all ordered pairs. Both are
	 *  addresses. Yields between slices. */
	*compute(map: number, count: number, out: number): Generator<void, number> {
		const box = this.boundingBox(map, count);
		const grid = this.gridFor(box.width);
		yield;
		const { size, density } = grid;
		const inverse = 1 / grid.spacing;
		const origin = [
			box.left - grid.spacing * (gridMargin / 2),
			box.top - grid.spacing * (gridMargin / 2),
			inverse,
		] as const;
		this.blocks.floats(density, size * size).fill(0);
		this.kernels.spreadPoints(0, count, map, ...origin, density, size);
		const total = yield* this.convolve(grid);
		this.kernels.gatherForces(0, count, map, ...origin, ...grid.second, size, out);
		return total - count;
	}

	private boundingBox(map: number, count: number) {
		const values = this.blocks.floats(map, 2 * count);
		let [left, right] = [values[0], values[0]];
		let [top, bottom] = [values[1], values[1]];
		for (let k = 0; k < values.length; k += 2) {
			left = Math.min(left, values[k]);
			right = Math.max(right, values[k]);
			top = Math.min(top, values[k + 1]);
			bottom = Math.max(bottom, values[k + 1]);
		}
		return { left, top, width: Math.max(right - left, bottom - top) };
	}

	private gridFor(width: number): Grid {
		const { size, spacing } = chooseGrid(width, gridSizes);
		if (this.grid?.size !== size || this.grid.spacing !== spacing) this.grid = this.makeGrid(size, spacing);
		return this.grid;
	}

	/** Forward, weigh, back; the fields of force end in the second plane. Returns the sum of w, self pairs included. */
	private *convolve(grid: Grid): Generator<void, number> {
		const { size, density, first, second, force, weight } = grid;
		const full = 2 * size;
		yield* this.transform(grid, {
			columns: size,
			present: size,
			wanted: full,
			from: [density, 0],
			stride: size,
			to: first,
		});
		yield* this.transform(grid, { columns: full, present: size, wanted: full, from: first, stride: full, to: second });
		let total = 0;
		for (let row = 0; row < full; row++) {
			const offset = row * full * 4;
			const [real, imaginary] = second;
			total += this.kernels.weighSpectrum(
				...([full, real + offset, imaginary + offset, force[0] + offset, force[1] + offset, weight + offset] as const),
			);
		}
		yield;
		const exchange = ([real, imaginary]: readonly [number, number]) => [imaginary, real] as const;
		const back = { present: full, wanted: size };
		yield* this.transform(grid, { ...back, columns: full, from: exchange(second), stride: full, to: exchange(first) });
		yield* this.transform(grid, { ...back, columns: size, from: exchange(first), stride: size, to: exchange(second) });
		return total;
	}

	/** Columns of `from` to rows of `to`, in batches. */
	private *transform(grid: Grid, pass: Pass): Generator<void> {
		const full = 2 * grid.size;
		const batch = Math.max(8, Math.floor(elementsAtOnce / full / 8) * 8);
		for (let column = 0; column < pass.columns; column += batch) {
			if (column > 0) yield;
			this.kernels.fourierColumns(
				...([full, column, Math.min(pass.columns, column + batch), pass.present, pass.wanted] as const),
				...([...pass.from, pass.stride, ...pass.to, pass.wanted, grid.twiddles, grid.scratch] as const),
			);
		}
	}

	private makeGrid(size: number, spacing: number): Grid {
		const { blocks } = this;
		const full = 2 * size;
		const area = full * full;
		blocks.freeAbove(this.mark);
		const plane = () => blocks.take(area);
		const grid: Grid = {
			size,
			spacing,
			density: blocks.take(size * size),
			first: [plane(), plane()],
			second: [plane(), plane()],
			force: [plane(), plane()],
			weight: plane(),
			twiddles: blocks.take(2 * full),
			scratch: blocks.take(2 * full * 16),
		};
		const twiddles = blocks.floats(grid.twiddles, 2 * full);
		for (let k = 0; k < full; k++) {
			twiddles[2 * k] = Math.cos((2 * Math.PI * k) / full);
			twiddles[2 * k + 1] = -Math.sin((2 * Math.PI * k) / full);
		}
		this.fillKernels(grid);
		return grid;
	}

	/** Spectra of the force (its x part real, its y part imaginary, before the transform) and of the weight, each divided by the
	 *  splines' own spectrum, so that the spline through the kernel's samples is what points feel. */
	private fillKernels(grid: Grid): void {
		const full = 2 * grid.size;
		const area = full * full;
		const filter = Float64Array.from({ length: full }, (_, k) => (3 / (2 + Math.cos((2 * Math.PI * k) / full))) ** 2);
		const signed = (node: number) => (node < grid.size ? node : node - full) * grid.spacing;
		const [real, imaginary] = grid.first;
		const fill = (write: (x: number, y: number, weight: number, k: number) => void) => {
			for (let row = 0, k = 0; row < full; row++) {
				const y = signed(row);
				for (let column = 0; column < full; column++, k++) {
					const x = signed(column);
					write(x, y, 1 / (1 + x * x + y * y), k);
				}
			}
			const whole = { columns: full, present: full, wanted: full, stride: full };
			for (const _ of this.transform(grid, { ...whole, from: grid.first, to: grid.second }));
			for (const _ of this.transform(grid, { ...whole, from: grid.second, to: grid.first }));
		};
		const [atReal, atImaginary] = [this.blocks.floats(real, area), this.blocks.floats(imaginary, area)];
		const keep = (from: number, to: number) => {
			const [source, target] = [this.blocks.floats(from, area), this.blocks.floats(to, area)];
			for (let row = 0, k = 0; row < full; row++) {
				const factor = filter[row] / area;
				for (let column = 0; column < full; column++, k++) target[k] = source[k] * factor * filter[column];
			}
		};
		atImaginary.fill(0);
		fill((_x, _y, weight, k) => {
			atReal[k] = weight;
		});
		keep(real, grid.weight);
		fill((x, y, weight, k) => {
			atReal[k] = x * weight * weight;
			atImaginary[k] = y * weight * weight;
		});
		keep(real, grid.force[0]);
		keep(imaginary, grid.force[1]);
	}
}

interface Pass {
	columns: number;
	present: number;
	wanted: number;
	from: readonly [number, number];
	stride: number;
	to: readonly [number, number];
}
