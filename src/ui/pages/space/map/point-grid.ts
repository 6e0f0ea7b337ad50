// Points of the plane in cells of one size, so that the nearest one to a pointer is found among a few. Pure.

import type { MapPosition } from './map-view';

/** About this many points fall into a cell. */
const pointsPerCell = 2;
const maxCellsPerSide = 512;

/** Finds points of one map; points that are not finite are never found. */
export class PointGrid {
	private readonly side: number;
	private readonly left: number;
	private readonly top: number;
	private readonly cellSize: number;
	/** Where the points of each cell start in `members`; one entry more than cells. */
	private readonly starts: Int32Array;
	private readonly members: Int32Array;

	/** `positions` [2N]; kept, not copied. */
	constructor(private readonly positions: Float32Array) {
		const count = positions.length / 2;
		this.side = Math.max(1, Math.min(maxCellsPerSide, Math.ceil(Math.sqrt(count / pointsPerCell))));
		const [left, right] = rangeOf(positions, 0);
		const [top, bottom] = rangeOf(positions, 1);
		this.left = left;
		this.top = top;
		this.cellSize = Math.max(right - left, bottom - top) / this.side || 1;
		const cells = new Int32Array(count).map((_, point) => this.cellOf(point));
		this.starts = new Int32Array(this.side * this.side + 1);
		for (const cell of cells) if (cell >= 0) this.starts[cell + 1]++;
		for (let cell = 0; cell < this.side * this.side; cell++) this.starts[cell + 1] += this.starts[cell];
		this.members = new Int32Array(this.starts[this.side * this.side]);
		const next = this.starts.slice();
		for (let point = 0; point < count; point++) if (cells[point] >= 0) this.members[next[cells[point]]++] = point;
	}

	/** The nearest point that is at most `reach` away and passes, or -1. */
	nearest({ x, y }: MapPosition, reach: number, passes: (point: number) => boolean = () => true): number {
		let best = -1;
		let bestSquare = reach * reach;
		this.visit({ x: x - reach, y: y - reach }, { x: x + reach, y: y + reach }, (point) => {
			const dx = this.positions[2 * point] - x;
			const dy = this.positions[2 * point + 1] - y;
			const square = dx * dx + dy * dy;
			// Of two at one position the one that is drawn last.
			if (square > bestSquare || (square === bestSquare && point < best) || !passes(point)) return;
			best = point;
			bestSquare = square;
		});
		return best;
	}

	/** Calls for each point in the cells that a rectangle touches, so some may lie a little outside of it. */
	visit(from: MapPosition, to: MapPosition, call: (point: number) => void): void {
		const [firstColumn, lastColumn] = [this.cellIndex(from.x - this.left), this.cellIndex(to.x - this.left)];
		const [firstRow, lastRow] = [this.cellIndex(from.y - this.top), this.cellIndex(to.y - this.top)];
		for (let row = firstRow; row <= lastRow; row++) {
			for (let column = firstColumn; column <= lastColumn; column++) {
				const cell = row * this.side + column;
				for (let member = this.starts[cell]; member < this.starts[cell + 1]; member++) call(this.members[member]);
			}
		}
	}

	private cellOf(point: number): number {
		const [x, y] = [this.positions[2 * point], this.positions[2 * point + 1]];
		if (!Number.isFinite(x) || !Number.isFinite(y)) return -1;
		return this.cellIndex(y - this.top) * this.side + this.cellIndex(x - this.left);
	}

	private cellIndex(offset: number): number {
		return Math.max(0, Math.min(this.side - 1, Math.floor(offset / this.cellSize)));
	}
}

/**
 * The point nearest to `from` in a direction, within 45 degrees of it, or -1: what an arrow key moves to. Points farther from
 * the direction count as farther away.
 */
export function nearestInDirection(
	positions: Float32Array,
	from: number,
	direction: MapPosition,
	passes: (point: number) => boolean = () => true,
): number {
	let best = -1;
	let bestCost = Number.POSITIVE_INFINITY;
	for (let point = 0; point < positions.length / 2; point++) {
		const dx = positions[2 * point] - positions[2 * from];
		const dy = positions[2 * point + 1] - positions[2 * from + 1];
		const along = dx * direction.x + dy * direction.y;
		const across = Math.abs(dx * direction.y - dy * direction.x);
		if (point === from || !(along > 0) || across > along) continue;
		const cost = along + 2 * across;
		if (cost < bestCost && passes(point)) {
			best = point;
			bestCost = cost;
		}
	}
	return best;
}

function rangeOf(positions: Float32Array, axis: 0 | 1): [number, number] {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (let index = axis; index < positions.length; index += 2) {
		const value = positions[index];
		if (!Number.isFinite(value)) continue;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	return low > high ? [0, 0] : [low, high];
}
