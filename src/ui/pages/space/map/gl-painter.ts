// Points by WebGL2: one vertex a point, which the GPU makes a square (a point sprite), in which the fragment shader draws the glyph by its
// distance from the middle; the many dots of a crowd are drawn as the squares that they are. Positions of two maps lie on the GPU, so that a
// transition sends nothing.

import { invariant } from '../../../../util/errors';
import {
	dimmed,
	drawingOrder,
	type GlyphSizes,
	glyphSizes,
	hasChosen,
	isPlainDot,
	type MapPalette,
	type MapPoints,
	maxColours,
	plain,
} from './map-points';
import { type MapView, type PaneSize, pixelsPerUnit } from './map-view';
import type { PointPainter } from './point-painter';

/** `style`: glyph, colour, flags. A point whose earlier position is unknown is drawn at its new one. */
const vertexSource = `#version 300 es
layout(location = 0) in vec2 before;
layout(location = 1) in vec2 position;
layout(location = 2) in uvec3 style;
uniform vec2 middle;
uniform vec2 unit;      // clip units for one map unit
uniform float share;
uniform float ratio;    // device pixels for one of CSS
uniform vec3 radius;
uniform vec2 widths;    // of a ring's line, of a halo
uniform bool hasChosen;
uniform bool isSquare;
uniform vec4 opacities; // mention, outside; the same when others are chosen
uniform vec4 colours[${maxColours}];
flat out vec4 colour;
flat out vec3 shape;    // radius, half the line of a ring or 0, halo, in device pixels
out float side;
void main() {
	vec2 at = any(isnan(before)) ? position : mix(before, position, share);
	gl_Position = vec4((at - middle) * unit, 0.0, 1.0);
	uint glyph = style.x;
	bool isChosen = (style.z & 4u) != 0u;
	bool isWrong = (style.z & 2u) != 0u;
	float size = radius[glyph];
	shape = vec3(size, glyph == 1u ? widths.x * 0.5 : 0.0, isWrong ? widths.y : 0.0) * ratio;
	vec2 pair = hasChosen && !isChosen ? opacities.zw : opacities.xy;
	float opacity = isChosen ? 1.0 : glyph == 2u ? pair.y : pair.x;
	colour = vec4(colours[style.y].rgb, opacity);
	// Half a pixel more than the glyph: there its edge has faded.
	float reach = shape.x + shape.y + (isWrong ? 1.0 * ratio + shape.z : 0.0) + 0.5;
	side = isSquare ? max(1.0, floor(2.0 * shape.x + 0.5)) : 2.0 * reach;
	gl_PointSize = side;
}`;

const fragmentSource = `#version 300 es
precision highp float;
flat in vec4 colour;
flat in vec3 shape;
in float side;
uniform vec3 wrong;
uniform float ratio;
out vec4 result;
float inside(float edge, float distance) { return clamp(edge - distance + 0.5, 0.0, 1.0); }
void main() {
	float away = length(gl_PointCoord - 0.5) * side;
	float cover = shape.y > 0.0
		? inside(shape.y, abs(away - shape.x))
		: inside(shape.x, away);
	float ring = shape.z > 0.0 ? inside(shape.z * 0.5, abs(away - shape.x - shape.y - ratio - shape.z * 0.5)) : 0.0;
	float alpha = max(cover, ring) * colour.a;
	result = vec4(mix(colour.rgb, wrong, ring > cover ? 1.0 : 0.0) * alpha, alpha);
}`;

const squareSource = `#version 300 es
precision mediump float;
flat in vec4 colour;
out vec4 result;
void main() {
	result = vec4(colour.rgb * colour.a, colour.a);
}`;

/** Bytes of a point: two positions as floats, then glyph, colour, flags and one for the alignment. */
const stride = 20;

export class GlPainter implements PointPainter {
	readonly kind = 'webgl';
	private readonly vertices: WebGLBuffer;
	private readonly order: WebGLBuffer;
	private readonly array: WebGLVertexArrayObject;
	private drawn = 0;
	/** Of those drawn first, how many are squares. */
	private squares = 0;
	private sizes: GlyphSizes = glyphSizes(0);
	private isDimming = false;

	private constructor(
		private readonly gl: WebGL2RenderingContext,
		private readonly shaped: Program,
		private readonly square: Program,
	) {
		this.vertices = gl.createBuffer();
		this.order = gl.createBuffer();
		this.array = gl.createVertexArray();
		gl.bindVertexArray(this.array);
		gl.bindBuffer(gl.ARRAY_BUFFER, this.vertices);
		gl.enableVertexAttribArray(0);
		gl.vertexAttribPointer(0, 2, gl.FLOAT, false, stride, 0);
		gl.enableVertexAttribArray(1);
		gl.vertexAttribPointer(1, 2, gl.FLOAT, false, stride, 8);
		gl.enableVertexAttribArray(2);
		gl.vertexAttribIPointer(2, 3, gl.UNSIGNED_BYTE, stride, 16);
		gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
		gl.enable(gl.BLEND);
		gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
	}

	/** Null where the browser gives no WebGL2, or one whose driver does not take the program. */
	static open(canvas: HTMLCanvasElement): GlPainter | null {
		const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
		if (!gl || gl.isContextLost()) return null;
		const [shaped, square] = [Program.link(gl, fragmentSource), Program.link(gl, squareSource)];
		return shaped && square ? new GlPainter(gl, shaped, square) : null;
	}

	setPoints(points: MapPoints, from: Float32Array | null): void {
		const { gl } = this;
		const count = points.flags.length;
		const bytes = new ArrayBuffer(count * stride);
		const floats = new Float32Array(bytes);
		const styles = new Uint8Array(bytes);
		const before = from?.length === points.positions.length ? from : points.positions;
		for (let point = 0; point < count; point++) {
			floats.set(before.subarray(2 * point, 2 * point + 2), point * 5);
			floats.set(points.positions.subarray(2 * point, 2 * point + 2), point * 5 + 2);
			styles[point * stride + 16] = points.glyphs[point];
			styles[point * stride + 17] = points.colours[point];
			styles[point * stride + 18] = points.flags[point];
		}
		const order = drawingOrder(points);
		gl.bindVertexArray(this.array);
		gl.bindBuffer(gl.ARRAY_BUFFER, this.vertices);
		gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
		gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.DYNAMIC_DRAW);
		this.drawn = order.length;
		this.sizes = glyphSizes(count);
		const firstShaped = this.sizes.hasSquareDots ? order.findIndex((point) => !isPlainDot(points, point)) : 0;
		this.squares = firstShaped < 0 ? order.length : firstShaped;
		this.isDimming = hasChosen(points);
	}

	setPalette({ colours, wrong }: MapPalette): void {
		const { gl } = this;
		invariant(colours.length <= maxColours, `${colours.length} colours of a map`);
		const values = new Float32Array(4 * maxColours);
		for (const [index, colour] of colours.entries()) values.set([...colourParts(colour), 1], 4 * index);
		for (const program of [this.shaped, this.square]) {
			program.activate();
			gl.uniform4fv(program.at('colours[0]'), values);
		}
		this.shaped.activate();
		gl.uniform3fv(this.shaped.at('wrong'), colourParts(wrong));
	}

	draw(view: MapView, size: PaneSize, pixelRatio: number, share: number): void {
		const { gl, drawn, squares } = this;
		gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
		gl.clearColor(0, 0, 0, 0);
		gl.clear(gl.COLOR_BUFFER_BIT);
		gl.bindVertexArray(this.array);
		const parts = [
			{ program: this.square, from: 0, to: squares },
			{ program: this.shaped, from: squares, to: drawn },
		];
		for (const { program, from, to } of parts) {
			if (from === to) continue;
			program.activate();
			this.setUniforms(program, view, size, pixelRatio, share);
			gl.drawElements(gl.POINTS, to - from, gl.UNSIGNED_INT, from * Uint32Array.BYTES_PER_ELEMENT);
		}
	}

	close(): void {
		const { gl } = this;
		gl.deleteBuffer(this.vertices);
		gl.deleteBuffer(this.order);
		gl.deleteVertexArray(this.array);
		for (const program of [this.shaped, this.square]) program.delete();
	}

	private setUniforms(program: Program, view: MapView, size: PaneSize, pixelRatio: number, share: number): void {
		const { gl, sizes } = this;
		const scale = pixelsPerUnit(view, size);
		gl.uniform2f(program.at('middle'), view.x, view.y);
		gl.uniform2f(program.at('unit'), (2 * scale) / size.width, (-2 * scale) / size.height);
		gl.uniform1f(program.at('share'), share);
		gl.uniform1f(program.at('ratio'), pixelRatio);
		gl.uniform3f(program.at('radius'), ...sizes.radius);
		gl.uniform2f(program.at('widths'), sizes.line, sizes.halo);
		gl.uniform1i(program.at('hasChosen'), this.isDimming ? 1 : 0);
		gl.uniform1i(program.at('isSquare'), program === this.square ? 1 : 0);
		gl.uniform4f(program.at('opacities'), plain.mention, plain.outside, dimmed.mention, dimmed.outside);
	}
}

/** A linked program of the vertex shader above, and where its uniforms are. */
class Program {
	private readonly locations = new Map<string, WebGLUniformLocation | null>();

	private constructor(
		private readonly gl: WebGL2RenderingContext,
		private readonly program: WebGLProgram,
	) {}

	/** Null where the driver does not take it. */
	static link(gl: WebGL2RenderingContext, fragments: string): Program | null {
		const program = linkedProgram(gl, fragments);
		return program && new Program(gl, program);
	}

	activate(): void {
		// Read through a variable, since linters take `use…` for a hook of React.
		const { useProgram: use } = this.gl;
		use.call(this.gl, this.program);
	}

	at(name: string): WebGLUniformLocation | null {
		if (!this.locations.has(name)) this.locations.set(name, this.gl.getUniformLocation(this.program, name));
		return this.locations.get(name) ?? null;
	}

	delete(): void {
		this.gl.deleteProgram(this.program);
	}
}

function linkedProgram(gl: WebGL2RenderingContext, fragments: string): WebGLProgram | null {
	const program = gl.createProgram();
	const parts = [
		[gl.VERTEX_SHADER, vertexSource],
		[gl.FRAGMENT_SHADER, fragments],
	] as const;
	for (const [kind, source] of parts) {
		const shader = gl.createShader(kind);
		if (!shader) return null;
		gl.shaderSource(shader, source);
		gl.compileShader(shader);
		gl.attachShader(program, shader);
		gl.deleteShader(shader);
	}
	gl.linkProgram(program);
	return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

/** `#rrggbb` as three shares. */
export function colourParts(colour: string): [number, number, number] {
	const digits = /^#([0-9a-f]{6})$/i.exec(colour.trim())?.[1];
	invariant(digits, `the colour ${colour} is not written as #rrggbb`);
	const value = Number.parseInt(digits, 16);
	return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
