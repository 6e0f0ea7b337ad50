// The pointer on a map: wheel and pinch zoom, drags pan or circle points, a click opens one, hovering points at it.

import { type RefObject, useEffect, useRef } from 'react';
import type { MapLink } from './map-link';
import { type MapPosition, type PaneSize, panBy, pixelsPerUnit, toMap, zoomAt } from './map-view';
import type { PointGrid } from './point-grid';
import { boxPolygon, thinnedPath } from './selection-shapes';

export const mapTools = ['select', 'pan', 'lasso', 'box'] as const;
export type MapTool = (typeof mapTools)[number];

export interface MapPointerOptions {
	host: RefObject<HTMLDivElement | null>;
	/** Name of the pane, for the lasso. */
	pane: string;
	link: MapLink;
	tool: MapTool;
	grid: PointGrid | null;
	isShown(point: number): boolean;
	size(): PaneSize;
	/** -1 for none. */
	onPoint(point: number): void;
	onOpen(point: number): void;
	/** A finished lasso or box; `adds` to what is chosen. */
	onShape(polygon: readonly MapPosition[], adds: boolean): void;
	/** A click on nothing. */
	onNothing(): void;
}

/** Pixels around a point within which it is meant. */
const reachPixels = 8;
/** Pixels that a click may move and still be one. */
const stillPixels = 4;
const pathStep = 3;

interface Drag {
	id: number;
	start: MapPosition;
	last: MapPosition;
	hasMoved: boolean;
	kind: 'pan' | 'lasso' | 'box';
	path: MapPosition[];
	adds: boolean;
}

export function useMapPointer(options: MapPointerOptions): void {
	const latest = useRef(options);
	latest.current = options;
	const { host } = options;
	useEffect(() => {
		const element = host.current;
		if (!element) return;
		return new MapPointerController(element, latest).listen();
	}, [host]);
}

class MapPointerController {
	private drag: Drag | null = null;
	/** Fingers on the map, for pinching. */
	private readonly fingers = new Map<number, MapPosition>();

	constructor(
		private readonly element: HTMLElement,
		private readonly options: { readonly current: MapPointerOptions },
	) {}

	listen(): () => void {
		const { element } = this;
		const stop = new AbortController();
		const { signal } = stop;
		element.addEventListener('wheel', (event) => this.wheel(event), { passive: false, signal });
		element.addEventListener('pointerdown', (event) => this.down(event), { signal });
		element.addEventListener('pointermove', (event) => this.move(event), { signal });
		element.addEventListener('pointerup', (event) => this.up(event), { signal });
		element.addEventListener('pointercancel', (event) => this.cancel(event), { signal });
		element.addEventListener('pointerleave', () => !this.drag && this.options.current.onPoint(-1), { signal });
		return () => stop.abort();
	}

	private at(event: MouseEvent): MapPosition {
		const box = this.element.getBoundingClientRect();
		return { x: event.clientX - box.left, y: event.clientY - box.top };
	}

	private wheel(event: WheelEvent): void {
		event.preventDefault();
		const { link, size } = this.options.current;
		const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
		// Pinching on a touch pad comes as a wheel with the control key, in finer steps.
		const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016));
		link.setState(({ view }) => ({ view: zoomAt(view, size(), factor, this.at(event)) }));
	}

	private down(event: PointerEvent): void {
		if (event.button > 1 || (event.target as Element).closest('button, a, input')) return;
		const { tool } = this.options.current;
		const start = this.at(event);
		this.fingers.set(event.pointerId, start);
		this.element.setPointerCapture(event.pointerId);
		if (this.fingers.size > 1) {
			this.endDrag();
			return;
		}
		const isPan = event.button === 1 || event.ctrlKey || event.metaKey || tool === 'pan' || tool === 'select';
		const kind = isPan ? 'pan' : tool === 'box' ? 'box' : 'lasso';
		const path = [this.toMap(start)];
		this.drag = { id: event.pointerId, start, last: start, hasMoved: false, kind, path, adds: event.shiftKey };
	}

	private move(event: PointerEvent): void {
		const at = this.at(event);
		if (this.fingers.size > 1) this.pinch(event.pointerId, at);
		else if (this.drag?.id === event.pointerId) this.dragTo(this.drag, at);
		else this.options.current.onPoint(this.pointAt(at));
		if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, at);
	}

	private up(event: PointerEvent): void {
		this.fingers.delete(event.pointerId);
		const { drag } = this;
		if (drag?.id !== event.pointerId) return;
		this.endDrag();
		const { onOpen, onShape, onNothing } = this.options.current;
		if (drag.hasMoved) {
			if (drag.kind !== 'pan') onShape(drag.path, drag.adds);
			return;
		}
		const point = this.pointAt(this.at(event));
		if (point >= 0) onOpen(point);
		else onNothing();
	}

	private cancel(event: PointerEvent): void {
		this.fingers.delete(event.pointerId);
		this.endDrag();
	}

	private endDrag(): void {
		this.drag = null;
		this.options.current.link.setState({ lasso: null });
	}

	private dragTo(drag: Drag, at: MapPosition): void {
		const { link, size, pane, onPoint } = this.options.current;
		if (!drag.hasMoved && Math.hypot(at.x - drag.start.x, at.y - drag.start.y) < stillPixels) return;
		if (!drag.hasMoved) onPoint(-1);
		drag.hasMoved = true;
		if (drag.kind === 'pan') {
			link.setState(({ view }) => ({ view: panBy(view, size(), at.x - drag.last.x, at.y - drag.last.y) }));
		} else {
			const here = this.toMap(at);
			const step = pathStep / pixelsPerUnit(link.getState().view, size());
			drag.path = drag.kind === 'box' ? boxPolygon(drag.path[0], here) : thinnedPath([...drag.path, here], step);
			link.setState({ lasso: { pane, path: drag.path } });
		}
		drag.last = at;
	}

	/** Two fingers: the position between them stays between them. */
	private pinch(id: number, at: MapPosition): void {
		const before = this.fingers.get(id);
		const other = [...this.fingers].find(([finger]) => finger !== id)?.[1];
		if (!before || !other) return;
		const { link, size } = this.options.current;
		const factor =
			Math.hypot(at.x - other.x, at.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
		const middle = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 };
		link.setState(({ view }) => ({
			view: panBy(zoomAt(view, size(), factor, middle), size(), (at.x - before.x) / 2, (at.y - before.y) / 2),
		}));
	}

	private toMap(at: MapPosition): MapPosition {
		const { link, size } = this.options.current;
		return toMap(link.getState().view, size(), at);
	}

	private pointAt(at: MapPosition): number {
		const { link, size, grid, isShown } = this.options.current;
		const reach = reachPixels / pixelsPerUnit(link.getState().view, size());
		return grid?.nearest(this.toMap(at), reach, isShown) ?? -1;
	}
}
