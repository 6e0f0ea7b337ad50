// The shown map as a figure: what is on screen, at one size whatever the window, with its legend and a caption.

import { countText, points as pointsText } from '../../words/number-words';
import { useWords } from '../../words/words';
import type { Figure, FigureEntry } from './map/map-figure';
import type { Overlay } from './map/map-overlay';
import { glyphs, type MapPalette } from './map/map-points';
import { groupColour } from './map/use-map-palette';
import { ratioText } from './measure-list';
import { spaceWords } from './space-words';
import { useGroupNames } from './use-group-names';
import type { MapControls } from './use-map-controls';
import { useRunRecord } from './use-run-record';
import type { ShownMap, StyledMap } from './use-shown-map';
import { methodNames, useSpaceNames } from './use-space-names';

const figureSide = { width: 640, height: 560 };

export function useFigure(shown: ShownMap, styled: StyledMap, palette: MapPalette, controls: MapControls) {
	const t = useWords(spaceWords);
	const nameOf = useGroupNames();
	const { snapshotName } = useSpaceNames();
	const { name } = useRunRecord(shown.runId);
	return (layers: Pick<Overlay, 'contours' | 'labels'>): Figure => {
		const { snapshot, data, points } = shown;
		const { segmentation, purity } = snapshot.measures;
		const caption = [
			name,
			snapshotName(snapshot),
			methodNames[shown.own ? (controls.settings?.method ?? data.method) : data.method],
			t('tokens', { count: countText(points.count) }),
			`${t('segmentationShort')} ${ratioText(segmentation.overall)}`,
			`${t('purityShort')} ${pointsText(purity.overall ?? undefined)}`,
		].join(' · ');
		const legend = styled.groups.groups
			.filter(({ id }) => !controls.hidden.has(id))
			.map(
				(group): FigureEntry => ({
					name: nameOf(group.id),
					count: countText(group.count),
					colour: palette.colours[groupColour(group, points.entityTypes)],
					glyphs:
						group.type < 0
							? [group.id === 'O' ? glyphs.outside : glyphs.begin]
							: [...(group.hasBegin ? [glyphs.begin] : []), ...(group.hasInside ? [glyphs.inside] : [])],
				}),
			);
		return {
			caption,
			points: styled.drawn,
			overlay: layers,
			palette,
			legend,
			view: controls.link.getState().view,
			size: figureSide,
		};
	};
}
