// The layer over the points: contours, names of clusters, the lasso, the ring around the point that is hovered. Drawn by the canvas.

import { type ClusterLabel, spreadOnScreen } from './cluster-labels';
import type { ContourLevel } from './density-contours';
import type { MapPalette } from './map-points';
import { type MapPosition, type MapView, type PaneSize, pixelsPerUnit, toScreen } from './map-view';

export interface ColouredContours {
	/** Entry of the palette. */
	colour: number;
	levels: readonly ContourLevel[];
}

export interface Overlay {
	contours: readonly ColouredContours[];
	labels: readonly ClusterLabel[];
	/** In map units; null while nothing is drawn round. */
	lasso: readonly MapPosition[] | null;
	/** The points with a ring. */
	ringed: readonly MapPosition[];
}

const labelFont = '600 13px "Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const labelHeight = 17;

export function drawOverlay(
	context: CanvasRenderingContext2D,
	overlay: Overlay,
	palette: MapPalette,
	view: MapView,
	size: PaneSize,
	pixelRatio: number,
): void {
	context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
	context.clearRect(0, 0, size.width, size.height);
	for (const contour of overlay.contours) drawContours(context, contour, palette, view, size);
	drawLabels(context, overlay.labels, palette, view, size);
	if (overlay.lasso) drawLasso(context, overlay.lasso, palette, view, size);
	for (const position of overlay.ringed) drawRing(context, toScreen(view, size, position), palette);
}

export function drawContours(
	context: CanvasRenderingContext2D,
	{ colour, levels }: ColouredContours,
	palette: MapPalette,
	view: MapView,
	size: PaneSize,
): void {
	const scale = pixelsPerUnit(view, size);
	const left = size.width / 2 - view.x * scale;
	const top = size.height / 2 - view.y * scale;
	context.strokeStyle = palette.colours[colour];
	context.lineWidth = 1;
	for (const { level, segments } of levels) {
		context.globalAlpha = 0.35 + 0.5 * level;
		context.beginPath();
		for (let piece = 0; piece < segments.length; piece += 4) {
			context.moveTo(segments[piece] * scale + left, segments[piece + 1] * scale + top);
			context.lineTo(segments[piece + 2] * scale + left, segments[piece + 3] * scale + top);
		}
		context.stroke();
	}
	context.globalAlpha = 1;
}

export function drawLabels(
	context: CanvasRenderingContext2D,
	labels: readonly ClusterLabel[],
	palette: MapPalette,
	view: MapView,
	size: PaneSize,
): void {
	context.font = labelFont;
	context.textAlign = 'center';
	context.textBaseline = 'middle';
	context.lineJoin = 'round';
	const onScreen = labels.map(({ text, ...position }) => ({ text, ...toScreen(view, size, position) }));
	for (const { text, x, y } of spreadOnScreen(onScreen, (name) => context.measureText(name).width + 6, labelHeight)) {
		context.lineWidth = 5;
		context.strokeStyle = palette.ground;
		context.strokeText(text, x, y);
		context.fillStyle = palette.text;
		context.fillText(text, x, y);
	}
}

function drawLasso(
	context: CanvasRenderingContext2D,
	lasso: readonly MapPosition[],
	palette: MapPalette,
	view: MapView,
	size: PaneSize,
): void {
	context.beginPath();
	for (const [index, corner] of lasso.entries()) {
		const { x, y } = toScreen(view, size, corner);
		if (index === 0) context.moveTo(x, y);
		else context.lineTo(x, y);
	}
	context.closePath();
	context.globalAlpha = 0.08;
	context.fillStyle = palette.accent;
	context.fill();
	context.globalAlpha = 1;
	context.setLineDash([5, 3]);
	context.lineWidth = 1.5;
	context.strokeStyle = palette.accent;
	context.stroke();
	context.setLineDash([]);
}

function drawRing(context: CanvasRenderingContext2D, { x, y }: MapPosition, palette: MapPalette): void {
	context.beginPath();
	context.arc(x, y, 7, 0, 2 * Math.PI);
	context.lineWidth = 2;
	context.strokeStyle = palette.text;
	context.stroke();
}
