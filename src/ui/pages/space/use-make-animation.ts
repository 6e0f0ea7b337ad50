// All snapshots of a run as an animated PNG, eight a second, each with its legend and caption.

import type { SpaceStore } from '../../../state/space';
import { groupPoints } from '../../../state/space-groups';
import { snapshotsWithMap } from '../../../state/space-snapshots';
import { ownValue } from '../../../util/own-value';
import { animatedPng } from './map/animated-png';
import { drawFigure } from './map/map-figure';
import { mapPointsOf, typeLabels } from './map/map-layers';
import type { MapPalette } from './map/map-points';
import { normalizedMap } from './map/map-view';
import { pngOf } from './map/png-of';
import { useFigure } from './use-figure';
import type { MapControls } from './use-map-controls';
import type { ShownMap, StyledMap } from './use-shown-map';
import { useSpaceNames } from './use-space-names';

const frameMs = 125;

export function useMakeAnimation(
	store: SpaceStore,
	shown: ShownMap,
	styled: StyledMap,
	palette: MapPalette,
	controls: MapControls,
) {
	const figureOf = useFigure(shown, styled, palette, controls);
	const { snapshotName } = useSpaceNames();
	return async (): Promise<Blob> => {
		const { runId, points, space } = shown;
		const canvas = document.createElement('canvas');
		const pictures: Uint8Array[] = [];
		const base = figureOf({ contours: [], labels: [] });
		for (const snapshot of snapshotsWithMap(space.snapshots ?? [])) {
			await store.getState().needSnapshot(runId, snapshot.id);
			const data = ownValue(store.getState().runs, runId)?.data.get(snapshot.id);
			if (!data) continue;
			const groups = groupPoints(points, data, controls.colouring);
			const filter = { hidden: controls.hidden, split: controls.split, chosen: null };
			const drawn = mapPointsOf(points, data, normalizedMap(data.map), groups, filter, 0);
			const labels = typeLabels(points, drawn, snapshot.measures.segmentation.byType);
			drawFigure(
				canvas,
				{ ...base, caption: snapshotName(snapshot), points: drawn, overlay: { contours: [], labels } },
				1,
			);
			pictures.push(new Uint8Array(await (await pngOf(canvas)).arrayBuffer()));
		}
		return new Blob([animatedPng(pictures, frameMs)], { type: 'image/png' });
	};
}
