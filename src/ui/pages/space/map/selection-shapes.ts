// Which points lie in a lasso or a box. Pure.

import type { MapPosition } from './map-view';

/** Whether a position is inside a polygon, by the parity of edges crossed to its right; an open one is closed. */
export function isInPolygon({ x, y }: MapPosition, polygon: readonly MapPosition[]): boolean {
	let isInside = false;
	for (let index = 0, before = polygon.length - 1; index < polygon.length; before = index++) {
		const [a, b] = [polygon[index], polygon[before]];
		if (a.y > y === b.y > y) continue;
		if (x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside;
	}
	return isInside;
}

/** Numbers of the points [2N] within a polygon, rising. */
export function pointsInPolygon(
	positions: Float32Array,
	polygon: readonly MapPosition[],
	passes: (point: number) => boolean = () => true,
): number[] {
	if (polygon.length < 3) return [];
	const xs = polygon.map(({ x }) => x);
	const ys = polygon.map(({ y }) => y);
	const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
	const found: number[] = [];
	for (let point = 0; point < positions.length / 2; point++) {
		const [x, y] = [positions[2 * point], positions[2 * point + 1]];
		if (!(x >= left && x <= right && y >= top && y <= bottom)) continue;
		if (isInPolygon({ x, y }, polygon) && passes(point)) found.push(point);
	}
	return found;
}

/** The corners of a box that was drawn from one position to another. */
export function boxPolygon(from: MapPosition, to: MapPosition): MapPosition[] {
	return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
}

/** A path without the positions that lie less than `minStep` from the one before. */
export function thinnedPath(path: readonly MapPosition[], minStep: number): MapPosition[] {
	const kept: MapPosition[] = [];
	for (const position of path) {
		const last = kept.at(-1);
		if (!last || Math.hypot(position.x - last.x, position.y - last.y) >= minStep) kept.push(position);
	}
	return kept;
}
