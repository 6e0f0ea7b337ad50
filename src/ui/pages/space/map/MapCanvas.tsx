// A map in the page: its canvases follow size, theme, camera and points; keys move from point to point.

import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useMediaQuery } from '../../../navigation/use-media-query';
import type { ClusterLabel } from './cluster-labels';
import type { MapLink } from './map-link';
import type { ColouredContours } from './map-overlay';
import { type MapPalette, type MapPoints, pointFlags } from './map-points';
import { MapScene } from './map-scene';
import { type MapPosition, type PaneSize, toScreen } from './map-view';
import { nearestInDirection, PointGrid } from './point-grid';
import { pointsInPolygon } from './selection-shapes';
import { type MapTool, useMapPointer } from './use-map-pointer';

export interface MapCanvasProps {
	/** What is shown, for those who do not see it. */
	label: string;
	/** Name of the pane; the run's id with its side. */
	pane: string;
	runId: string;
	link: MapLink;
	points: MapPoints;
	palette: MapPalette;
	tool: MapTool;
	contours: readonly ColouredContours[];
	labels: readonly ClusterLabel[];
	/** Points that have a ring besides the one pointed at. */
	ringed: readonly number[];
	/** The same token as the one that is pointed at in a map beside this one: it has a ring and a card; -1 for none. */
	linked: number;
	onOpen(point: number): void;
	onChoose(points: readonly number[], adds: boolean): void;
	onClear(): void;
	/** Draws what floats over the map beside a point, given its position and the pane's size in pixels. */
	renderCard?(point: number, position: MapPosition, size: PaneSize): React.ReactNode;
}

/** Points move from one snapshot to the next in this time: the movement is the message. */
export const transitionMs = 400;
/** Resting on a point for this long shows its card. */
const cardDelayMs = 80;

const arrows: Readonly<Record<string, MapPosition>> = {
	ArrowLeft: { x: -1, y: 0 },
	ArrowRight: { x: 1, y: 0 },
	ArrowUp: { x: 0, y: -1 },
	ArrowDown: { x: 0, y: 1 },
};

export function MapCanvas(props: MapCanvasProps) {
	const { link, points, palette, pane, runId, tool, onOpen, onChoose, onClear } = props;
	const host = useRef<HTMLDivElement>(null);
	const scene = useRef<MapScene | null>(null);
	const [size, setSize] = useState<PaneSize>({ width: 0, height: 0 });
	const [painter, setPainter] = useState('');
	const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
	const grid = useMemo(() => new PointGrid(points.positions), [points.positions]);
	const isShown = useCallback((point: number) => (points.flags[point] & pointFlags.hidden) === 0, [points.flags]);

	useEffect(() => {
		if (!host.current) return;
		const made = new MapScene(host.current, { onPainter: setPainter });
		scene.current = made;
		const observer = new ResizeObserver(([{ contentRect }]) => {
			const next = { width: Math.round(contentRect.width), height: Math.round(contentRect.height) };
			setSize(next);
			made.setSize(next, window.devicePixelRatio || 1);
		});
		observer.observe(host.current);
		made.setView(link.getState().view);
		const unsubscribe = link.subscribe(({ view }, before) => {
			if (view !== before.view) made.setView(view);
		});
		return () => {
			unsubscribe();
			observer.disconnect();
			made.close();
			scene.current = null;
		};
	}, [link]);
	useEffect(() => scene.current?.setPalette(palette), [palette]);

	const shown = useRef<Float32Array | null>(null);
	useEffect(() => {
		if (shown.current === points.positions) scene.current?.restyle(points);
		else scene.current?.setPoints(points, isStill || shown.current === null ? 0 : transitionMs);
		shown.current = points.positions;
	}, [points, isStill]);

	const pointed = useStore(link, (state) => state.pointed);
	const own = pointed?.runId === runId && pointed.point < points.flags.length ? pointed.point : -1;
	const lasso = useStore(link, (state) => (state.lasso?.pane === pane ? state.lasso.path : null));
	const { contours, labels, ringed, linked } = props;
	const rings = useMemo(
		() => [...new Set([...ringed, linked, own])].filter((point) => point >= 0 && isShown(point)),
		[ringed, linked, own, isShown],
	);
	useEffect(() => {
		const positionOf = (point: number) => ({ x: points.positions[2 * point], y: points.positions[2 * point + 1] });
		scene.current?.setOverlay({ contours, labels, lasso, ringed: rings.map(positionOf) });
	}, [points.positions, contours, labels, lasso, rings]);
	const chosen = useMemo(() => countChosen(points.flags), [points.flags]);

	const point = useCallback(
		(found: number, by: 'pointer' | 'keys' = 'pointer') => {
			const before = link.getState().pointed;
			if (found < 0 ? before?.by === 'keys' || before === null : before?.runId === runId && before.point === found)
				return;
			link.setState({ pointed: found < 0 ? null : { runId, pane, point: found, by } });
		},
		[link, runId, pane],
	);
	useMapPointer({
		host,
		pane,
		link,
		tool,
		grid,
		isShown,
		size: () => size,
		onPoint: point,
		onOpen,
		onShape: (polygon, adds) => onChoose(pointsInPolygon(points.positions, polygon, isShown), adds),
		onNothing: onClear,
	});

	const press = (event: KeyboardEvent) => {
		const direction = arrows[event.key];
		if (direction && !event.altKey && !event.ctrlKey && !event.metaKey) {
			const from = own >= 0 ? own : middlePoint(grid, points, isShown);
			const next = own >= 0 ? nearestInDirection(points.positions, from, direction, isShown) : from;
			if (next >= 0) point(next, 'keys');
		} else if (event.key === 'Enter' && own >= 0) onOpen(own);
		else if (event.key.toLowerCase() === 'x' && own >= 0 && !event.ctrlKey) onChoose([own], true);
		else if (event.key === 'Escape' && own >= 0) link.setState({ pointed: null });
		else return;
		event.preventDefault();
		event.stopPropagation();
	};

	return (
		<div className="map-wrap">
			<div
				ref={host}
				className="map-host"
				role="application"
				aria-label={props.label}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from point to point
				tabIndex={0}
				data-tool={tool}
				data-painter={painter}
				data-points={points.flags.length}
				data-chosen={chosen}
				data-ringed={rings.join(' ')}
				onKeyDown={press}
				onBlur={() => pointed?.by === 'keys' && link.setState({ pointed: null })}
			/>
			<Card point={own >= 0 ? own : linked} points={points} link={link} size={size} render={props.renderCard} />
		</div>
	);
}

interface CardProps {
	point: number;
	points: MapPoints;
	link: MapLink;
	size: PaneSize;
	render: MapCanvasProps['renderCard'];
}

function Card({ point, points, link, size, render }: CardProps) {
	const view = useStore(link, (state) => state.view);
	const [rested, setRested] = useState(-1);
	useEffect(() => {
		const timer = setTimeout(() => setRested(point), point < 0 ? 0 : cardDelayMs);
		return () => clearTimeout(timer);
	}, [point]);
	if (point < 0 || rested !== point || !render) return null;
	const position = toScreen(view, size, { x: points.positions[2 * point], y: points.positions[2 * point + 1] });
	if (
		!Number.isFinite(position.x) ||
		position.x < 0 ||
		position.y < 0 ||
		position.x > size.width ||
		position.y > size.height
	)
		return null;
	return render(point, position, size);
}

function countChosen(flags: Uint8Array): number {
	return flags.reduce((count, flag) => count + (flag & pointFlags.chosen ? 1 : 0), 0);
}

/** Where keys start: the shown point nearest to the middle. */
function middlePoint(grid: PointGrid, { flags }: MapPoints, isShown: (point: number) => boolean): number {
	for (const reach of [0.05, 0.2, 0.8, 3]) {
		const found = grid.nearest({ x: 0, y: 0 }, reach, isShown);
		if (found >= 0) return found;
	}
	return flags.length > 0 && isShown(0) ? 0 : -1;
}
