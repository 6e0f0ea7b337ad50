// One run on the page Space: toolbar, map or its table view, timeline, and the panel about what is chosen.

import { useCallback, useMemo } from 'react';
import { freshSpace } from '../../../state/space';
import { snapshotKeyText } from '../../../state/space-snapshots';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import { useWorkspace } from '../../context/data-context';
import { useSpace } from '../../context/space-context';
import { Dropdown } from '../../kit/controls/Choice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, go, useRoute } from '../../navigation/navigation';
import { useNamedObject } from '../../navigation/use-named-object';
import { useWords } from '../../words/words';
import { NoMap } from './EmptyMaps';
import { ExportSpaceMenu } from './ExportSpaceMenu';
import { MapLegend } from './MapLegend';
import { MapNotes } from './MapNotes';
import { MapPane } from './MapPane';
import { MapToolbar } from './MapToolbar';
import { MapTools } from './MapTools';
import { useMapPalette } from './map/use-map-palette';
import { PointTable } from './PointTable';
import { Scrubber } from './Scrubber';
import { SidePanel } from './SidePanel';
import { spaceWords } from './space-words';
import { useFilteredMap } from './use-filtered-map';
import { type MapControls, useMapControls } from './use-map-controls';
import { useRunRecord } from './use-run-record';
import { type MapActions, useChosen, useMapActions } from './use-selection';
import { type ShownMap, useShownMap } from './use-shown-map';

export function RunMapPage({ runId }: { runId: string }) {
	const t = useWords(spaceWords);
	const { query } = useRoute();
	const record = useRunRecord(runId);
	useNamedObject('space', record.isLive ? null : runId);
	const base = useSpace((state) => (ownValue(state.runs, runId) ?? freshSpace).settings);
	const controls = useMapControls(base);
	const shown = useShownMap({ runId, key: query.frame ?? '', settings: controls.settings });
	const space = useSpace((state) => ownValue(state.runs, runId) ?? freshSpace);
	const chosen = useChosen(shown);
	const actions = useMapActions(runId, chosen);
	const onSelectSnapshot = useCallback((key: string) => changeQuery({ frame: key }), []);
	const openPoint = shown ? pointOf(query.point, shown.points.count) : -1;
	const side = shown && {
		label: t('panel'),
		width: 344,
		opensFor: openPoint >= 0 ? `point ${openPoint}` : '',
		content: (
			<SidePanel
				shown={shown}
				actions={actions}
				chosen={chosen}
				openPoint={openPoint}
				isLive={record.isLive}
				temperature={record.temperature}
			/>
		),
	};
	return (
		<PageFrame page="space" badges={<RunChoice runId={runId} />} side={side ?? undefined}>
			<section className="map-place" aria-label={t('map')}>
				{shown ? (
					<RunMap shown={shown} actions={actions} controls={controls} chosen={chosen} openPoint={openPoint} />
				) : (
					<NoMap runId={runId} space={space} isLive={record.isLive} />
				)}
				{shown && (
					<Scrubber
						snapshots={space.snapshots ?? []}
						snapshot={shown.snapshot}
						planned={record.planned}
						isLive={record.isLive}
						isFollowing={(query.frame ?? '') === ''}
						onSelectSnapshot={onSelectSnapshot}
					/>
				)}
			</section>
		</PageFrame>
	);
}

interface RunMapProps {
	shown: ShownMap;
	actions: MapActions;
	controls: MapControls;
	chosen: readonly number[];
	openPoint: number;
}

function RunMap({ shown, actions, controls, chosen, openPoint }: RunMapProps) {
	const palette = useMapPalette();
	const { points, runId, data, snapshot } = shown;
	const { found, styled } = useFilteredMap(shown, controls, chosen);
	const ringed = useMemo(() => (openPoint >= 0 ? [openPoint] : []), [openPoint]);
	if (!styled) return null;
	return (
		<>
			<MapToolbar
				controls={controls}
				points={points}
				base={shown.space.settings}
				found={found}
				onChooseFound={() => {
					if (found) actions.choose([...found], false);
					controls.setSearch('');
				}}
				isTwo={false}
				onTwo={(isTwo) =>
					isTwo && go('space', ['compare'], { a: runId, b: runId, fa: firstKey(shown), fb: snapshotKeyText(snapshot) })
				}
				exportMenu={<ExportSpaceMenu shown={shown} styled={styled} palette={palette} controls={controls} />}
			/>
			<div
				className="map-area"
				data-broken={shown.space.broken !== null || undefined}
				data-frame={snapshotKeyText(data.snapshot)}
			>
				{controls.isTable ? (
					<PointTable shown={shown} drawn={styled.drawn} onOpen={actions.open} />
				) : (
					<>
						<MapPane
							shown={shown}
							styled={styled}
							palette={palette}
							controls={controls}
							ringed={ringed}
							onOpen={actions.open}
							onChoose={actions.choose}
							onClear={actions.clear}
						/>
						<MapTools link={controls.link} tool={controls.tool} onTool={controls.setTool} />
						<MapLegend
							groups={styled.groups.groups}
							types={points.entityTypes}
							palette={palette}
							hidden={controls.hidden}
							hasWrong={data.isRight?.includes(0) ?? false}
						/>
					</>
				)}
				<MapNotes shown={shown} settings={controls.settings} />
			</div>
		</>
	);
}

/** The snapshot that a comparison starts with: the run's first one. */
function firstKey({ space }: ShownMap): string {
	const first = space.snapshots?.find(({ hasMap }) => hasMap);
	return first ? snapshotKeyText(first) : '';
}

function pointOf(text: string | undefined, count: number): number {
	const point = /^\d+$/.test(text ?? '') ? Number(text) : -1;
	return point < count ? point : -1;
}

function RunChoice({ runId }: { runId: string }) {
	const t = useWords(spaceWords);
	const list = useWorkspace((state) => state.list);
	const runs = itemsOf(list, 'run').reverse();
	if (runs.length === 0) return null;
	const options = runs.map(({ id, name, detail }) => ({
		id,
		label: name,
		detail: detail.config ? t('seed', { seed: detail.config.seed }) : undefined,
	}));
	return (
		<span className="crumb map-run-choice">
			<span aria-hidden>/</span>
			<Dropdown variant="quiet" label={t('run')} options={options} value={runId} onChange={(id) => go('space', [id])} />
		</span>
	);
}
