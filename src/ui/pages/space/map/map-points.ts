// What a map draws: points with a glyph, a colour and flags, in columns that go to the GPU as they are.

/** Shapes by position in a mention: a disc at the start, a ring inside, a small dot outside. */
export const glyphs = { begin: 0, inside: 1, outside: 2 } as const;

export const pointFlags = {
	/** Filtered away: neither drawn nor found. */
	hidden: 1,
	/** The prediction differs from gold: a halo. */
	wrong: 2,
	chosen: 4,
} as const;

export interface MapPoints {
	/** Normalised [2N] (normalizedMap). NaN: not drawn. */
	positions: Float32Array;
	/** [N] */
	glyphs: Uint8Array;
	/** Entry of the palette's colours. [N] */
	colours: Uint8Array;
	/** [N] */
	flags: Uint8Array;
}

/** Colours as CSS writes them, already resolved: the painters know no custom properties. */
export interface MapPalette {
	/** At most `maxColours`. */
	colours: readonly string[];
	ground: string;
	text: string;
	wrong: string;
	accent: string;
}

export const maxColours = 48;

/** Points from which glyphs are smaller. */
const manyPoints = 20_000;

export interface GlyphSizes {
	/** CSS pixels, by glyph. */
	radius: readonly [number, number, number];
	/** Width of a ring's line. */
	line: number;
	/** Width of the halo of a wrong point. */
	halo: number;
	/** Whether dots are so small that a square of the same width looks alike. */
	hasSquareDots: boolean;
}

export function glyphSizes(count: number): GlyphSizes {
	return count > manyPoints
		? { radius: [2, 1.9, 1.1], line: 1, halo: 1.2, hasSquareDots: true }
		: { radius: [3.1, 2.6, 1.5], line: 1.3, halo: 1.5, hasSquareDots: false };
}

/** Opacity of points that are not chosen while others are; of mentions and of O. */
export const dimmed = { mention: 0.38, outside: 0.5 };
export const plain = { mention: 0.9, outside: 0.8 };

/** How strongly a point is drawn, as the shader of the WebGL painter has it too. `isDimming`: some point is chosen. */
export function opacityOf({ glyphs: shapes, flags }: MapPoints, point: number, isDimming: boolean): number {
	if ((flags[point] & pointFlags.chosen) !== 0) return 1;
	const pair = isDimming ? dimmed : plain;
	return shapes[point] === glyphs.outside ? pair.outside : pair.mention;
}

/**
 * Number of the shown points in the order in which they are drawn: O below (those that are wrong above the others), then mentions, then what
 * is chosen.
 */
export function drawingOrder(points: MapPoints): Uint32Array {
	const { positions, glyphs: shapes, flags } = points;
	const layers: number[][] = [[], [], [], []];
	for (let point = 0; point < flags.length; point++) {
		if (flags[point] & pointFlags.hidden || !Number.isFinite(positions[2 * point])) continue;
		const isOutside = shapes[point] === glyphs.outside;
		layers[flags[point] & pointFlags.chosen ? 3 : isPlainDot(points, point) ? 0 : isOutside ? 1 : 2].push(point);
	}
	return Uint32Array.from(layers.flat());
}

/** An O that has no halo and is not chosen. */
export function isPlainDot({ glyphs: shapes, flags }: MapPoints, point: number): boolean {
	return shapes[point] === glyphs.outside && (flags[point] & (pointFlags.wrong | pointFlags.chosen)) === 0;
}

export function hasChosen(points: MapPoints): boolean {
	return points.flags.some((flag) => (flag & pointFlags.chosen) !== 0 && (flag & pointFlags.hidden) === 0);
}

/** Positions between two maps of the same points. `share` 0 to 1, already eased. */
export function positionsBetween(from: Float32Array, to: Float32Array, share: number): Float32Array {
	return to.map((value, index) => (Number.isFinite(from[index]) ? from[index] + (value - from[index]) * share : value));
}
