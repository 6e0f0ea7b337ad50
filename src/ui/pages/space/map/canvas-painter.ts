// Points by the canvas's own fills and strokes: slower, the same picture. Used where WebGL2 is missing or was lost, and for pictures of
// print size.

import {
	drawingOrder,
	glyphSizes,
	glyphs,
	hasChosen,
	type MapPalette,
	type MapPoints,
	opacityOf,
	pointFlags,
	positionsBetween,
} from './map-points';
import { type MapView, type PaneSize, pixelsPerUnit } from './map-view';
import type { PointPainter } from './point-painter';

export class CanvasPainter implements PointPainter {
	readonly kind = 'canvas';
	private points: MapPoints | null = null;
	private from: Float32Array | null = null;
	private order: Uint32Array = new Uint32Array();
	private palette: MapPalette | null = null;

	constructor(private readonly context: CanvasRenderingContext2D) {}

	setPoints(points: MapPoints, from: Float32Array | null): void {
		this.points = points;
		this.from = from?.length === points.positions.length ? from : null;
		this.order = drawingOrder(points);
	}

	setPalette(palette: MapPalette): void {
		this.palette = palette;
	}

	draw(view: MapView, size: PaneSize, pixelRatio: number, share: number): void {
		const { context, points, palette } = this;
		context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
		context.clearRect(0, 0, size.width, size.height);
		if (!points || !palette) return;
		const isMoving = this.from !== null && share < 1;
		const positions = isMoving && this.from ? positionsBetween(this.from, points.positions, share) : points.positions;
		drawGlyphs(context, { ...points, positions }, this.order, palette, view, size);
	}

	close(): void {
		this.points = null;
	}
}

/** Runs of points that look alike are one path. */
function drawGlyphs(
	context: CanvasRenderingContext2D,
	points: MapPoints,
	order: Uint32Array,
	palette: MapPalette,
	view: MapView,
	size: PaneSize,
): void {
	const scale = pixelsPerUnit(view, size);
	const sizes = glyphSizes(points.flags.length);
	const isDimming = hasChosen(points);
	const paths = new Map<string, { path: Path2D; alpha: number; colour: string; isStroke: boolean; width: number }>();
	const pathOf = (key: string, alpha: number, colour: string, width: number) => {
		let found = paths.get(key);
		if (!found) {
			found = { path: new Path2D(), alpha, colour, isStroke: width > 0, width };
			paths.set(key, found);
		}
		return found.path;
	};
	for (const point of order) {
		const x = (points.positions[2 * point] - view.x) * scale + size.width / 2;
		const y = (points.positions[2 * point + 1] - view.y) * scale + size.height / 2;
		if (x < -8 || y < -8 || x > size.width + 8 || y > size.height + 8) continue;
		const glyph = points.glyphs[point];
		const flag = points.flags[point];
		const isChosen = (flag & pointFlags.chosen) !== 0;
		const alpha = opacityOf(points, point, isDimming);
		const isRing = glyph === glyphs.inside;
		const radius = sizes.radius[glyph];
		const key = `${isChosen ? 1 : 0} ${glyph} ${points.colours[point]} ${alpha}`;
		addCircle(pathOf(key, alpha, palette.colours[points.colours[point]], isRing ? sizes.line : 0), x, y, radius);
		if ((flag & pointFlags.wrong) === 0) continue;
		addCircle(pathOf(`wrong ${alpha}`, alpha, palette.wrong, sizes.halo), x, y, radius + 1 + sizes.halo / 2);
	}
	for (const { path, alpha, colour, isStroke, width } of paths.values()) {
		context.globalAlpha = alpha;
		if (isStroke) {
			context.strokeStyle = colour;
			context.lineWidth = width;
			context.stroke(path);
		} else {
			context.fillStyle = colour;
			context.fill(path);
		}
	}
	context.globalAlpha = 1;
}

function addCircle(path: Path2D, x: number, y: number, radius: number): void {
	path.moveTo(x + radius, y);
	path.arc(x, y, radius, 0, 2 * Math.PI);
}
