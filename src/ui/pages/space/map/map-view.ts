// The camera of a map: what part of the plane a pane of some size shows. Positions are normalised (normalizedMap), so that
// zoom 1 shows a whole map in any pane and a linked second pane of another size shows the same part. Pure.

/** `x`, `y`: the position in the middle of the pane, in map units; y points down as on screen. */
export interface MapView {
	x: number;
	y: number;
	/** 1 shows the square from -1 to 1 with a margin. */
	zoom: number;
}

export interface PaneSize {
	/** CSS pixels. */
	width: number;
	height: number;
}

export interface MapPosition {
	x: number;
	y: number;
}

export const wholeMap: MapView = { x: 0, y: 0, zoom: 1 };

export const zoomLimits = { min: 0.5, max: 400 };

/** Pixels kept free around a whole map. */
const margin = 36;

/** Pixels for one map unit. */
export function pixelsPerUnit(view: MapView, { width, height }: PaneSize): number {
	const side = Math.max(80, Math.min(width, height) - 2 * margin);
	return (view.zoom * side) / 2;
}

export function toScreen(view: MapView, size: PaneSize, { x, y }: MapPosition): MapPosition {
	const scale = pixelsPerUnit(view, size);
	return { x: (x - view.x) * scale + size.width / 2, y: (y - view.y) * scale + size.height / 2 };
}

export function toMap(view: MapView, size: PaneSize, { x, y }: MapPosition): MapPosition {
	const scale = pixelsPerUnit(view, size);
	return { x: (x - size.width / 2) / scale + view.x, y: (y - size.height / 2) / scale + view.y };
}

/** Zooms by a factor; the position under the pixel `at` stays there. */
export function zoomAt(view: MapView, size: PaneSize, factor: number, at: MapPosition): MapView {
	const zoom = Math.min(zoomLimits.max, Math.max(zoomLimits.min, view.zoom * factor));
	const fixed = toMap(view, size, at);
	const rest = view.zoom / zoom;
	return { x: fixed.x + (view.x - fixed.x) * rest, y: fixed.y + (view.y - fixed.y) * rest, zoom };
}

/** Moves the map by pixels, as a hand would. */
export function panBy(view: MapView, size: PaneSize, dx: number, dy: number): MapView {
	const scale = pixelsPerUnit(view, size);
	return { ...view, x: view.x - dx / scale, y: view.y - dy / scale };
}

/** The view that shows a rectangle of map units wholly. */
export function viewOf(from: MapPosition, to: MapPosition): MapView {
	const half = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) / 2;
	const zoom = Math.min(zoomLimits.max, Math.max(zoomLimits.min, half > 0 ? 1 / half : zoomLimits.max));
	return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, zoom };
}

/** Share of the points on each side that may lie outside the square, so that a stray one does not shrink the rest. */
const strayShare = 0.002;

/**
 * Positions [2N] moved and scaled so that all but a few points lie within -1 and 1 on both axes; both axes keep one scale. Points that are
 * not finite become NaN and are not drawn. Where all points are equal, they lie at 0.
 */
export function normalizedMap(positions: Float32Array): Float32Array {
	const [left, right] = innerRange(positions, 0);
	const [top, bottom] = innerRange(positions, 1);
	const half = Math.max(right - left, bottom - top) / 2 || 1;
	const middle = [(left + right) / 2, (top + bottom) / 2];
	return positions.map((value, index) => (Number.isFinite(value) ? (value - middle[index % 2]) / half : Number.NaN));
}

function innerRange(positions: Float32Array, axis: 0 | 1): [number, number] {
	const values = new Float32Array(positions.length / 2);
	let count = 0;
	for (let index = axis; index < positions.length; index += 2) {
		if (Number.isFinite(positions[index])) values[count++] = positions[index];
	}
	if (count === 0) return [0, 0];
	const sorted = values.subarray(0, count).sort();
	const left = Math.floor(count * strayShare);
	return [sorted[left], sorted[count - 1 - left]];
}
