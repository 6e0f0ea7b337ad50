// One map on the page: two stacked canvases (points; the layer over them), drawn only when something changed. Maps move into each
// other; a lost WebGL context is drawn by the canvas until it comes back.

import { CanvasPainter } from './canvas-painter';
import { GlPainter } from './gl-painter';
import { drawOverlay, type Overlay } from './map-overlay';
import { type MapPalette, type MapPoints, positionsBetween } from './map-points';
import { type MapView, type PaneSize, wholeMap } from './map-view';
import type { PointPainter } from './point-painter';

/** What the scene needs of the page, so that a bench can drive it without a clock of the screen. */
export interface SceneClock {
	now(): number;
	/** Calls once before the next picture; the returned function takes the call back. */
	nextFrame(call: () => void): () => void;
}

const screenClock: SceneClock = {
	now: () => performance.now(),
	nextFrame: (call) => {
		const id = requestAnimationFrame(call);
		return () => cancelAnimationFrame(id);
	},
};

export interface SceneOptions {
	/** `canvas` never tries WebGL. */
	painter?: 'auto' | 'canvas';
	clock?: SceneClock;
	/** Called when the painter changes. */
	onPainter?(kind: PointPainter['kind']): void;
}

const noOverlay: Overlay = { contours: [], labels: [], lasso: null, ringed: [] };

export class MapScene {
	private readonly pointCanvases: HTMLCanvasElement[] = [];
	private readonly overlayCanvas: HTMLCanvasElement;
	private readonly clock: SceneClock;
	private painter: PointPainter;
	private points: MapPoints | null = null;
	private palette: MapPalette | null = null;
	private overlay: Overlay = noOverlay;
	private view: MapView = wholeMap;
	private size: PaneSize = { width: 0, height: 0 };
	private pixelRatio = 1;
	private transition: { from: Float32Array; startMs: number; lengthMs: number } | null = null;
	private cancelFrame: (() => void) | null = null;
	private isClosed = false;
	/** Pictures drawn so far. */
	drawnFrames = 0;

	/** Puts its canvases into `host`, below its other content. */
	constructor(
		private readonly host: HTMLElement,
		private readonly options: SceneOptions = {},
	) {
		this.clock = options.clock ?? screenClock;
		this.overlayCanvas = this.addCanvas('map-overlay');
		this.painter = options.painter === 'canvas' ? this.openCanvas() : (this.openGl() ?? this.openCanvas());
		options.onPainter?.(this.painter.kind);
	}

	get painterKind(): PointPainter['kind'] {
		return this.painter.kind;
	}

	/** Points of a map; with a length of time they move there from where they are drawn now, if they are as many. */
	setPoints(points: MapPoints, transitionMs = 0): void {
		const from = this.drawnPositions();
		this.points = points;
		const isMoving = transitionMs > 0 && from?.length === points.positions.length && from !== points.positions;
		this.transition = isMoving && from ? { from, startMs: this.clock.now(), lengthMs: transitionMs } : null;
		this.painter.setPoints(points, this.transition?.from ?? null);
		this.requestFrame();
	}

	/** Flags and colours of the same points at the same positions; a transition continues. */
	restyle(points: MapPoints): void {
		this.points = points;
		this.painter.setPoints(points, this.transition?.from ?? null);
		this.requestFrame();
	}

	setPalette(palette: MapPalette): void {
		this.palette = palette;
		this.painter.setPalette(palette);
		this.requestFrame();
	}

	setOverlay(overlay: Overlay): void {
		this.overlay = overlay;
		this.requestFrame();
	}

	setView(view: MapView): void {
		this.view = view;
		this.requestFrame();
	}

	setSize(size: PaneSize, pixelRatio: number): void {
		this.size = size;
		this.pixelRatio = pixelRatio;
		for (const canvas of [...this.pointCanvases, this.overlayCanvas]) this.fit(canvas);
		this.requestFrame();
	}

	/** The canvas that the points are on now. */
	get canvas(): HTMLCanvasElement {
		return this.pointCanvases[this.pointCanvases.length - 1];
	}

	/** Draws at once; for pictures and benches. True while a transition continues. */
	draw(): boolean {
		const share = this.share();
		const { view, size, pixelRatio } = this;
		if (!this.palette || size.width === 0) return false;
		this.painter.draw(view, size, pixelRatio, share);
		const context = this.overlayCanvas.getContext('2d');
		const isMoving = this.transition !== null && share < 1;
		// Names and contours are those of the next map; they appear once the points are there.
		const overlay = isMoving ? { ...this.overlay, contours: [], ringed: [] } : this.overlay;
		if (context) drawOverlay(context, overlay, this.palette, view, size, pixelRatio);
		this.drawnFrames++;
		if (!isMoving) this.transition = null;
		return isMoving;
	}

	close(): void {
		this.isClosed = true;
		this.cancelFrame?.();
		this.painter.close();
		for (const canvas of [...this.pointCanvases, this.overlayCanvas]) canvas.remove();
	}

	private share(): number {
		if (!this.transition) return 1;
		const passed = Math.min(1, (this.clock.now() - this.transition.startMs) / this.transition.lengthMs);
		return passed * passed * (3 - 2 * passed);
	}

	private drawnPositions(): Float32Array | null {
		if (!this.points) return null;
		if (!this.transition) return this.points.positions;
		return positionsBetween(this.transition.from, this.points.positions, this.share());
	}

	private requestFrame(): void {
		if (this.isClosed) return;
		this.cancelFrame ??= this.clock.nextFrame(() => {
			this.cancelFrame = null;
			if (this.draw()) this.requestFrame();
		});
	}

	private addCanvas(className: string): HTMLCanvasElement {
		const canvas = this.host.ownerDocument.createElement('canvas');
		canvas.className = className;
		canvas.setAttribute('aria-hidden', 'true');
		this.host.prepend(canvas);
		return canvas;
	}

	private fit(canvas: HTMLCanvasElement): void {
		canvas.width = Math.max(1, Math.round(this.size.width * this.pixelRatio));
		canvas.height = Math.max(1, Math.round(this.size.height * this.pixelRatio));
	}

	private openGl(): PointPainter | null {
		const canvas = this.addCanvas('map-points');
		const painter = GlPainter.open(canvas);
		if (!painter) {
			canvas.remove();
			return null;
		}
		this.pointCanvases.push(canvas);
		canvas.addEventListener('webglcontextlost', (event) => {
			// Without this the browser would not restore it.
			event.preventDefault();
			canvas.hidden = true;
			if (!this.isClosed) this.use(this.openCanvas());
		});
		canvas.addEventListener('webglcontextrestored', () => {
			const restored = this.isClosed ? null : GlPainter.open(canvas);
			if (!restored) return;
			for (const other of this.pointCanvases.splice(1)) other.remove();
			canvas.hidden = false;
			this.use(restored);
		});
		return painter;
	}

	/** A canvas keeps one kind of context for ever, so this is a separate one. */
	private openCanvas(): PointPainter {
		const canvas = this.addCanvas('map-points');
		this.fit(canvas);
		this.pointCanvases.push(canvas);
		const context = canvas.getContext('2d');
		if (!context) throw new Error('invariant: a canvas has a context');
		return new CanvasPainter(context);
	}

	private use(painter: PointPainter): void {
		this.painter = painter;
		this.options.onPainter?.(painter.kind);
		if (this.palette) painter.setPalette(this.palette);
		if (this.points) painter.setPoints(this.points, this.transition?.from ?? null);
		this.requestFrame();
	}
}
