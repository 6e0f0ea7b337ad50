// One map with what belongs to it: its layers, its hover card.

import { useMemo } from 'react';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { HoverCard } from './HoverCard';
import { MapCanvas } from './map/MapCanvas';
import { typeContours, typeLabels } from './map/map-layers';
import type { Overlay } from './map/map-overlay';
import type { MapPalette } from './map/map-points';
import { spaceWords } from './space-words';
import type { MapControls } from './use-map-controls';
import type { ShownMap, StyledMap } from './use-shown-map';
import { methodNames, useSpaceNames } from './use-space-names';

export interface MapPaneProps {
	shown: ShownMap;
	styled: StyledMap;
	palette: MapPalette;
	controls: MapControls;
	pane?: string;
	ringed: readonly number[];
	/** The same token as the one that is pointed at in a map beside this one; -1 for none. */
	linked?: number;
	onOpen(point: number): void;
	onChoose(points: readonly number[], adds: boolean): void;
	onClear(): void;
}

export function useLayers(
	shown: ShownMap,
	styled: StyledMap,
	hasContours: boolean,
): Pick<Overlay, 'contours' | 'labels'> {
	const { points, data } = shown;
	const { drawn } = styled;
	const segmentation = data.snapshot.measures.segmentation.byType;
	const labels = useMemo(() => typeLabels(points, drawn, segmentation), [points, drawn, segmentation]);
	const contours = useMemo(() => (hasContours ? typeContours(points, drawn) : []), [hasContours, points, drawn]);
	return useMemo(() => ({ labels, contours }), [labels, contours]);
}

export function MapPane({
	shown,
	styled,
	palette,
	controls,
	pane = 'map',
	ringed,
	linked = -1,
	onOpen,
	onChoose,
	onClear,
}: MapPaneProps) {
	const t = useWords(spaceWords);
	const { epochName } = useSpaceNames();
	const { labels, contours } = useLayers(shown, styled, controls.hasContours);
	const { drawn } = styled;
	const method = methodNames[shown.own ? (controls.settings?.method ?? shown.data.method) : shown.data.method];
	return (
		<MapCanvas
			label={t('mapLabel', { count: countText(shown.points.count), method, snapshot: epochName(shown.snapshot) })}
			pane={pane}
			runId={shown.runId}
			link={controls.link}
			points={drawn}
			palette={palette}
			tool={controls.tool}
			contours={contours}
			labels={labels}
			ringed={ringed}
			linked={linked}
			onOpen={onOpen}
			onChoose={onChoose}
			onClear={onClear}
			renderCard={(point, position, size) => (
				<HoverCard
					shown={shown}
					point={point}
					position={position}
					size={size}
					colour={palette.colours[drawn.colours[point]]}
				/>
			)}
		/>
	);
}
