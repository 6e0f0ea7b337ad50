// Exports the map: coordinates and measures, files for the Embedding Projector, a figure for print, the snapshots as an animation.

import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { toProblem } from '../../../state/problem';
import { snapshotsWithMap } from '../../../state/space-snapshots';
import type { SpaceCommands } from '../../../wire/space';
import { useDataStores } from '../../context/data-context';
import { useSpaceStore } from '../../context/space-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { saveBlob, saveText } from '../../kit/controls/save-file';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { countText } from '../../words/number-words';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { useLayers } from './MapPane';
import { drawFigure, type Figure, figureSvg } from './map/map-figure';
import type { MapPalette } from './map/map-points';
import { pngOf } from './map/png-of';
import { spaceWords } from './space-words';
import { useFigure } from './use-figure';
import { useMakeAnimation } from './use-make-animation';
import type { MapControls } from './use-map-controls';
import type { ShownMap, StyledMap } from './use-shown-map';

export interface ExportSpaceMenuProps {
	shown: ShownMap;
	styled: StyledMap;
	palette: MapPalette;
	controls: MapControls;
}

/** Pixels of PNG for one of the figure: 300 dots an inch where the screen has 96. */
const printRatio = 300 / 96;

export function ExportSpaceMenu({ shown, styled, palette, controls }: ExportSpaceMenuProps) {
	const t = useWords(spaceWords);
	const problemText = useProblemText();
	const { client } = useDataStores();
	const store = useSpaceStore();
	const layers = useLayers(shown, styled, controls.hasContours);
	const figureOf = useFigure(shown, styled, palette, controls);
	const makeAnimation = useMakeAnimation(store, shown, styled, palette, controls);
	const [isBusy, setBusy] = useState(false);
	const { runId, snapshot } = shown;
	const attempt = async (work: () => Promise<void>) => {
		setBusy(true);
		try {
			await work();
		} catch (error) {
			notifyProblem(problemText(toProblem(error)));
		}
		setBusy(false);
	};
	const save = (what: SpaceCommands['export-space']['request']['what'], format: 'csv' | 'json') =>
		attempt(async () => {
			const { files } = await client.ask('export-space', { runId, snapshot: snapshot.id, what, format });
			for (const { name, file } of files) saveBlob(name, file);
		});
	const snapshotCount = snapshotsWithMap(shown.space.snapshots ?? []).length;
	return (
		<ActionMenu
			label={t('export')}
			button={
				<AriaButton
					className="button button-icon button-quiet button-medium"
					aria-label={t('export')}
					isDisabled={isBusy}
				>
					<Download size={16} strokeWidth={1.6} aria-hidden />
				</AriaButton>
			}
			actions={[
				{ id: 'points-csv', label: t('exportPoints'), detail: '.csv', run: () => void save('points', 'csv') },
				{ id: 'points-json', label: t('exportPoints'), detail: '.json', run: () => void save('points', 'json') },
				{ id: 'measures-csv', label: t('exportMeasures'), detail: '.csv', run: () => void save('measures', 'csv') },
				{ id: 'measures-json', label: t('exportMeasures'), detail: '.json', run: () => void save('measures', 'json') },
				{
					id: 'projector',
					label: t('exportProjector'),
					detail: '2 × .tsv',
					isDisabled: !snapshot.hasVectors,
					run: () => void save('projector', 'csv'),
				},
				{
					id: 'svg',
					label: t('exportFigure'),
					detail: '.svg',
					run: () => saveText('map.svg', figureSvg(figureOf(layers)), 'image/svg+xml'),
				},
				{
					id: 'png',
					label: t('exportFigure'),
					detail: '.png, 300 dpi',
					run: () => void attempt(() => savePng(figureOf(layers))),
				},
				{
					id: 'animation',
					label: t('exportAnimation'),
					detail: '.png (APNG)',
					isDisabled: snapshotCount < 2,
					run: () => {
						notify({ text: t('makingAnimation', { count: countText(snapshotCount) }) });
						void attempt(async () => saveBlob('frames.png', await makeAnimation()));
					},
				},
			]}
		/>
	);
}

async function savePng(figure: Figure): Promise<void> {
	const canvas = document.createElement('canvas');
	drawFigure(canvas, figure, printRatio);
	saveBlob('map.png', await pngOf(canvas));
}
