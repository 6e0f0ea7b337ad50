// A small map of an active run for the corner of another page: its latest snapshot, coloured by type, with a link to the whole map.

import { useEffect, useRef } from 'react';
import { snapshotKeyText } from '../../../state/space-snapshots';
import { Dot } from '../../kit/controls/Badge';
import { routeHref } from '../../navigation/navigation';
import { useMediaQuery } from '../../navigation/use-media-query';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { transitionMs } from './map/MapCanvas';
import { typeLabels } from './map/map-layers';
import type { Overlay } from './map/map-overlay';
import type { MapPalette, MapPoints } from './map/map-points';
import { MapScene } from './map/map-scene';
import { useMapPalette } from './map/use-map-palette';
import { spaceWords } from './space-words';
import { useRunRecord } from './use-run-record';
import { type ShownMap, useRunSpace, useShownMap, useStyledMap } from './use-shown-map';
import { methodNames, useSpaceNames } from './use-space-names';
import './space.css';

const allPoints = { hidden: new Set<string>(), split: '', chosen: null };

/** Nothing for a run without snapshots that will get none. */
export default function LiveMap({ runId }: { runId: string }) {
	const t = useWords(spaceWords);
	const { epochName } = useSpaceNames();
	const { isLive } = useRunRecord(runId);
	const { problem } = useRunSpace(runId);
	const shown = useShownMap({ runId, key: '', settings: null });
	if (!shown && (!isLive || (problem && !hasNoSnapshots(problem)))) return null;
	const name = shown ? epochName(shown.data.snapshot) : t('waitingSnapshot');
	return (
		<section className="live-map" aria-label={t('liveMap')}>
			{shown && <LivePoints shown={shown} />}
			<span className="map-float live-map-moment">
				{isLive && <Dot tone="running" />}
				<span
					className="clip"
					data-testid="live-moment"
					data-moment={shown ? snapshotKeyText(shown.data.snapshot) : ''}
				>
					{name}
				</span>
			</span>
			{shown && (
				<a className="button button-bordered button-small live-map-link" href={routeHref('space', [runId])}>
					{t('openInSpace')}
				</a>
			)}
		</section>
	);
}

function hasNoSnapshots(problem: { kind: string; code?: string }): boolean {
	return problem.kind === 'user' && problem.code === 'space-no-frames';
}

function LivePoints({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const { epochName } = useSpaceNames();
	const palette = useMapPalette();
	const styled = useStyledMap(shown, 'type', allPoints);
	const host = useRef<HTMLDivElement>(null);
	const segmentation = shown.data.snapshot.measures.segmentation.byType;
	const labels = styled ? typeLabels(shown.points, styled.drawn, segmentation) : [];
	useScene(host, styled?.drawn ?? null, palette, { labels, contours: [], lasso: null, ringed: [] });
	const count = countText(shown.points.count);
	const method = methodNames[shown.data.method];
	return (
		<div
			ref={host}
			className="map-host"
			role="img"
			aria-label={t('liveMapLabel', { count, method, snapshot: epochName(shown.data.snapshot) })}
			data-points={shown.points.count}
		/>
	);
}

/** Draws on its own canvases in the host, and follows its size. */
function useScene(
	host: React.RefObject<HTMLDivElement | null>,
	points: MapPoints | null,
	palette: MapPalette,
	overlay: Overlay,
): void {
	const scene = useRef<MapScene | null>(null);
	const drawn = useRef<Float32Array | null>(null);
	const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
	useEffect(() => {
		if (!host.current) return;
		const made = new MapScene(host.current);
		scene.current = made;
		drawn.current = null;
		const observer = new ResizeObserver(
			([
				{
					contentRect: { width, height },
				},
			]) => made.setSize({ width: Math.round(width), height: Math.round(height) }, window.devicePixelRatio || 1),
		);
		observer.observe(host.current);
		return () => {
			observer.disconnect();
			made.close();
			scene.current = null;
		};
	}, [host]);
	useEffect(() => scene.current?.setPalette(palette), [palette]);
	useEffect(() => {
		if (!points || drawn.current === points.positions) return;
		scene.current?.setPoints(points, isStill || drawn.current === null ? 0 : transitionMs);
		drawn.current = points.positions;
	}, [points, isStill]);
	const latest = useRef(overlay);
	latest.current = overlay;
	// biome-ignore lint/correctness/useExhaustiveDependencies: what lies over the points follows from them
	useEffect(() => scene.current?.setOverlay(latest.current), [points]);
}
