// What both painters of points have in common: WebGL2 where it is to be had, else the canvas's own strokes and fills.

import type { MapPalette, MapPoints } from './map-points';
import type { MapView, PaneSize } from './map-view';

export interface PointPainter {
	readonly kind: 'webgl' | 'canvas';
	/** Replaces all columns; `from` [2N] are the positions that a transition starts from. */
	setPoints(points: MapPoints, from: Float32Array | null): void;
	setPalette(palette: MapPalette): void;
	/** Draws; `share` of the way from the old positions to the new, `pixelRatio` device pixels for one of CSS. */
	draw(view: MapView, size: PaneSize, pixelRatio: number, share: number): void;
	close(): void;
}
