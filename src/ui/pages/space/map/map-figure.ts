// The map as a figure for print: SVG with points, contours, names and legend; and the same on a canvas for PNG. Sizes are CSS pixels of the figure.

import { printable } from '../../../../util/printable';
import { CanvasPainter } from './canvas-painter';
import { spreadOnScreen } from './cluster-labels';
import { drawContours, drawLabels, type Overlay } from './map-overlay';
import {
	drawingOrder,
	glyphSizes,
	glyphs,
	hasChosen,
	type MapPalette,
	type MapPoints,
	opacityOf,
	pointFlags,
} from './map-points';
import { type MapView, type PaneSize, pixelsPerUnit, toScreen } from './map-view';

export interface FigureEntry {
	name: string;
	count: string;
	/** As `#rrggbb`. */
	colour: string;
	glyphs: readonly number[];
}

export interface Figure {
	/** Under the map: run, snapshot, method. */
	caption: string;
	points: MapPoints;
	overlay: Pick<Overlay, 'contours' | 'labels'>;
	palette: MapPalette;
	legend: readonly FigureEntry[];
	view: MapView;
	size: PaneSize;
}

const font = 'Inter, "PingFang SC", "Noto Sans CJK SC", Arial, sans-serif';
const legendWidth = 150;
const captionHeight = 32;
const rowHeight = 20;

/** The whole figure's size: the map, the legend on its right, the caption below. */
export function figureSize({ size }: Figure): PaneSize {
	return { width: size.width + legendWidth, height: size.height + captionHeight };
}

export function figureSvg(figure: Figure): string {
	const { width, height } = figureSize(figure);
	const { palette, size } = figure;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}">`,
		`<title>${escaped(figure.caption)}</title>`,
		`<rect width="${width}" height="${height}" fill="${palette.ground}"/>`,
		`<clipPath id="map"><rect width="${size.width}" height="${size.height}"/></clipPath>`,
		'<g clip-path="url(#map)">',
		...contourPaths(figure),
		...pointElements(figure),
		...labelElements(figure),
		'</g>',
		...legendElements(figure),
		`<text x="12" y="${height - 12}" font-size="12" fill="${palette.text}">${escaped(figure.caption)}</text>`,
		'</svg>',
		'',
	].join('\n');
}

function contourPaths({ overlay, palette, view, size }: Figure): string[] {
	return overlay.contours.flatMap(({ colour, levels }) =>
		levels.map(({ level, segments }) => {
			const pieces: string[] = [];
			for (let piece = 0; piece < segments.length; piece += 4) {
				const from = toScreen(view, size, { x: segments[piece], y: segments[piece + 1] });
				const to = toScreen(view, size, { x: segments[piece + 2], y: segments[piece + 3] });
				pieces.push(`M${short(from.x)} ${short(from.y)}L${short(to.x)} ${short(to.y)}`);
			}
			const opacity = short(0.35 + 0.5 * level);
			return `<path d="${pieces.join('')}" fill="none" stroke="${palette.colours[colour]}" opacity="${opacity}"/>`;
		}),
	);
}

function pointElements({ points, palette, view, size }: Figure): string[] {
	const sizes = glyphSizes(points.flags.length);
	const isDimming = hasChosen(points);
	const scale = pixelsPerUnit(view, size);
	return [...drawingOrder(points)].map((point) => {
		const x = short((points.positions[2 * point] - view.x) * scale + size.width / 2);
		const y = short((points.positions[2 * point + 1] - view.y) * scale + size.height / 2);
		const glyph = points.glyphs[point];
		const colour = palette.colours[points.colours[point]];
		const flag = points.flags[point];
		const opacity = opacityOf(points, point, isDimming);
		const radius = sizes.radius[glyph];
		const paint =
			glyph === glyphs.inside ? `fill="none" stroke="${colour}" stroke-width="${sizes.line}"` : `fill="${colour}"`;
		const circle = `<circle cx="${x}" cy="${y}" r="${radius}" ${paint} opacity="${opacity}"/>`;
		if (!(flag & pointFlags.wrong)) return circle;
		const halo = `fill="none" stroke="${palette.wrong}" stroke-width="${sizes.halo}" opacity="${opacity}"`;
		return `${circle}<circle cx="${x}" cy="${y}" r="${short(radius + 1 + sizes.halo / 2)}" ${halo}/>`;
	});
}

function labelElements({ overlay, palette, view, size }: Figure): string[] {
	const placed = overlay.labels.map(({ text, ...position }) => ({ text, ...toScreen(view, size, position) }));
	return spreadOnScreen(placed, (text) => 9 * text.length + 6, 17).map(
		({ text, x, y }) =>
			`<text x="${short(x)}" y="${short(y)}" text-anchor="middle" dominant-baseline="central" font-size="13" font-weight="600" ` +
			`stroke="${palette.ground}" stroke-width="5" stroke-linejoin="round" paint-order="stroke" fill="${palette.text}">${escaped(text)}</text>`,
	);
}

function legendElements({ legend, palette, size }: Figure): string[] {
	return legend.flatMap(({ name, count, colour, glyphs: shapes }, index) => {
		const y = 24 + index * rowHeight;
		const keys = shapes.map((glyph, column) => {
			const paint = glyph === glyphs.inside ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
			return `<circle cx="${size.width + 16 + column * 13}" cy="${y}" r="${glyph === glyphs.outside ? 2.5 : 4}" ${paint}/>`;
		});
		return [
			...keys,
			`<text x="${size.width + 42}" y="${y + 4}" font-size="12" fill="${palette.text}">${escaped(name)}</text>`,
			`<text x="${size.width + legendWidth - 12}" y="${y + 4}" font-size="12" text-anchor="end" fill="${palette.text}">${escaped(count)}</text>`,
		];
	});
}

/** Draws the figure on a canvas made for it; `ratio` device pixels for one of the figure (3 is print size). */
export function drawFigure(canvas: HTMLCanvasElement, figure: Figure, ratio: number): void {
	const { width, height } = figureSize(figure);
	const { palette, points, overlay, view, size } = figure;
	canvas.width = Math.round(width * ratio);
	canvas.height = Math.round(height * ratio);
	const context = canvas.getContext('2d');
	if (!context) return;
	const painter = new CanvasPainter(context);
	painter.setPalette(palette);
	painter.setPoints(points, null);
	painter.draw(view, size, ratio, 1);
	for (const contour of overlay.contours) drawContours(context, contour, palette, view, size);
	drawLabels(context, overlay.labels, palette, view, size);
	drawLegend(context, figure);
	// What the points did not cover is the ground.
	context.globalCompositeOperation = 'destination-over';
	context.fillStyle = palette.ground;
	context.fillRect(0, 0, width, height);
	context.globalCompositeOperation = 'source-over';
}

function drawLegend(context: CanvasRenderingContext2D, { caption, legend, palette, size }: Figure): void {
	context.clearRect(size.width, 0, legendWidth, size.height + captionHeight);
	context.clearRect(0, size.height, size.width, captionHeight);
	context.font = `12px ${font}`;
	context.textBaseline = 'middle';
	context.fillStyle = palette.text;
	context.textAlign = 'left';
	context.fillText(caption, 12, size.height + captionHeight / 2);
	for (const [index, { name, count, colour, glyphs: shapes }] of legend.entries()) {
		const y = 24 + index * rowHeight;
		for (const [column, glyph] of shapes.entries()) drawKey(context, size.width + 16 + column * 13, y, glyph, colour);
		context.fillStyle = palette.text;
		context.textAlign = 'left';
		context.fillText(name, size.width + 42, y);
		context.textAlign = 'right';
		context.fillText(count, size.width + legendWidth - 12, y);
	}
}

function drawKey(context: CanvasRenderingContext2D, x: number, y: number, glyph: number, colour: string): void {
	context.beginPath();
	context.arc(x, y, glyph === glyphs.outside ? 2.5 : 4, 0, 2 * Math.PI);
	context.fillStyle = colour;
	context.strokeStyle = colour;
	context.lineWidth = 1.5;
	if (glyph === glyphs.inside) context.stroke();
	else context.fill();
}

function short(value: number): string {
	return String(Math.round(value * 10) / 10);
}

/** XML holds no control characters, not even escaped. */
function escaped(text: string): string {
	return printable(text)
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}
