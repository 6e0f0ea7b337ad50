// Points by WebGL2: one vertex a point, which the GPU makes a square (a point sprite), in which the fragment shader draws the glyph by its
// distance from the middle. Positions of two frames lie on the GPU, so that a transition sends nothing.

import { invariant } from '../../../util/errors';
import {
	dimmed,
	drawingOrder,
	type GlyphSizes,
	glyphSizes,
	hasChosen,
	type MapPalette,
	type MapPoints,
	mostColours,
	plain,
} from './map-points';
import { type MapView, type PaneSize, pixelsPerUnit } from './map-view';
import type { PointPainter } from './point-painter';

/** `look`: glyph, colour, flags. A point whose earlier place is unknown stands at its new one. */
const vertexSource = `#version 300 es
layout(location = 0) in vec2 before;
layout(location = 1) in vec2 place;
layout(location = 2) in uvec3 look;
uniform vec2 middle;
uniform vec2 unit;      // clip units for one map unit
uniform float share;
uniform float ratio;    // device pixels for one of CSS
uniform vec3 radius;
uniform vec2 widths;    // of a ring's line, of a halo
uniform bool hasChosen;
uniform vec4 opacities; // mention, outside; the same when others are chosen
uniform vec4 colours[${mostColours}];
flat out vec4 colour;
flat out vec3 shape;    // radius, half the line of a ring or 0, halo, in device pixels
out float side;
void main() {
	vec2 at = any(isnan(before)) ? place : mix(before, place, share);
	gl_Position = vec4((at - middle) * unit, 0.0, 1.0);
	uint glyph = look.x;
	bool isChosen = (look.z & 4u) != 0u;
	bool isWrong = (look.z & 2u) != 0u;
	float size = radius[glyph];
	shape = vec3(size, glyph == 1u ? widths.x * 0.5 : 0.0, isWrong ? widths.y : 0.0) * ratio;
	vec2 pair = hasChosen && !isChosen ? opacities.zw : opacities.xy;
	float opacity = isChosen ? 1.0 : glyph == 2u ? pair.y : pair.x;
	colour = vec4(colours[look.y].rgb, opacity);
	float reach = shape.x + shape.y + (isWrong ? 1.0 * ratio + shape.z : 0.0) + 1.0;
	side = 2.0 * reach;
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
	if (alpha < 0.004) discard;
	result = vec4(mix(colour.rgb, wrong, ring > cover ? 1.0 : 0.0) * alpha, alpha);
}`;

/** Bytes of a point: two places as floats, then glyph, colour, flags and one for the alignment. */
const stride = 20;

export class GlPainter implements PointPainter {
	readonly kind = 'webgl';
	private readonly vertices: WebGLBuffer;
	private readonly order: WebGLBuffer;
	private readonly array: WebGLVertexArrayObject;
	private readonly locations = new Map<string, WebGLUniformLocation | null>();
	private drawn = 0;
	private sizes: GlyphSizes = glyphSizes(0);
	private isDimming = false;

	private constructor(
		private readonly gl: WebGL2RenderingContext,
		private readonly program: WebGLProgram,
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
		// The only program of its context; read through a variable, since linters take `use…` for a hook of React.
		const { useProgram: activate } = gl;
		activate.call(gl, this.program);
		gl.enable(gl.BLEND);
		gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
	}

	/** Null where the browser gives no WebGL2, or one whose driver does not take the program. */
	static open(canvas: HTMLCanvasElement): GlPainter | null {
		const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
		const program = gl && !gl.isContextLost() ? linkedProgram(gl) : null;
		return gl && program ? new GlPainter(gl, program) : null;
	}

	setPoints(points: MapPoints, from: Float32Array | null): void {
		const { gl } = this;
		const count = points.flags.length;
		const bytes = new ArrayBuffer(count * stride);
		const floats = new Float32Array(bytes);
		const looks = new Uint8Array(bytes);
		const before = from?.length === points.positions.length ? from : points.positions;
		for (let point = 0; point < count; point++) {
			floats.set(before.subarray(2 * point, 2 * point + 2), point * 5);
			floats.set(points.positions.subarray(2 * point, 2 * point + 2), point * 5 + 2);
			looks[point * stride + 16] = points.glyphs[point];
			looks[point * stride + 17] = points.colours[point];
			looks[point * stride + 18] = points.flags[point];
		}
		const order = drawingOrder(points);
		gl.bindVertexArray(this.array);
		gl.bindBuffer(gl.ARRAY_BUFFER, this.vertices);
		gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
		gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.DYNAMIC_DRAW);
		this.drawn = order.length;
		this.sizes = glyphSizes(count);
		this.isDimming = hasChosen(points);
	}

	setPalette({ colours, wrong }: MapPalette): void {
		const { gl } = this;
		invariant(colours.length <= mostColours, `${colours.length} colours of a map`);
		const values = new Float32Array(4 * mostColours);
		for (const [index, colour] of colours.entries()) values.set([...colourParts(colour), 1], 4 * index);
		gl.uniform4fv(this.at('colours[0]'), values);
		gl.uniform3fv(this.at('wrong'), colourParts(wrong));
	}

	draw(view: MapView, size: PaneSize, pixelRatio: number, share: number): void {
		const { gl, sizes } = this;
		const scale = pixelsPerUnit(view, size);
		gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
		gl.clearColor(0, 0, 0, 0);
		gl.clear(gl.COLOR_BUFFER_BIT);
		if (this.drawn === 0) return;
		gl.uniform2f(this.at('middle'), view.x, view.y);
		gl.uniform2f(this.at('unit'), (2 * scale) / size.width, (-2 * scale) / size.height);
		gl.uniform1f(this.at('share'), share);
		gl.uniform1f(this.at('ratio'), pixelRatio);
		gl.uniform3f(this.at('radius'), ...sizes.radius);
		gl.uniform2f(this.at('widths'), sizes.line, sizes.halo);
		gl.uniform1i(this.at('hasChosen'), this.isDimming ? 1 : 0);
		gl.uniform4f(this.at('opacities'), plain.mention, plain.outside, dimmed.mention, dimmed.outside);
		gl.bindVertexArray(this.array);
		gl.drawElements(gl.POINTS, this.drawn, gl.UNSIGNED_INT, 0);
	}

	close(): void {
		const { gl } = this;
		gl.deleteBuffer(this.vertices);
		gl.deleteBuffer(this.order);
		gl.deleteVertexArray(this.array);
		gl.deleteProgram(this.program);
	}

	private at(name: string): WebGLUniformLocation | null {
		if (!this.locations.has(name)) this.locations.set(name, this.gl.getUniformLocation(this.program, name));
		return this.locations.get(name) ?? null;
	}
}

function linkedProgram(gl: WebGL2RenderingContext): WebGLProgram | null {
	const program = gl.createProgram();
	const parts = [
		[gl.VERTEX_SHADER, vertexSource],
		[gl.FRAGMENT_SHADER, fragmentSource],
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
