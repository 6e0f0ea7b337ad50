// Two maps side by side: two runs on the same tokens, or two snapshots of one run. Camera, filters and selection are linked, and the right map is
// turned onto the left one.

import { ArrowLeftRight, Link2 } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { freshSpace } from '../../../state/space';
import { linkPoints } from '../../../state/space-link';
import { snapshotKeyText, snapshotsWithMap } from '../../../state/space-snapshots';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import { useWorkspace } from '../../context/data-context';
import { useSpace } from '../../context/space-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, go, useRoute } from '../../navigation/navigation';
import { runTitle } from '../../parts/run-title';
import { countText, points as pointsText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { NoMap } from './EmptyMaps';
import { ExportSpaceMenu } from './ExportSpaceMenu';
import { MapLegend } from './MapLegend';
import { MapNotes } from './MapNotes';
import { MapPane } from './MapPane';
import { MapToolbar } from './MapToolbar';
import { MapTools } from './MapTools';
import type { MapPalette } from './map/map-points';
import { useMapPalette } from './map/use-map-palette';
import { ratioText } from './measure-list';
import { Scrubber } from './Scrubber';
import { SidePanel } from './SidePanel';
import { spaceWords } from './space-words';
import { useFilteredMap } from './use-filtered-map';
import { type MapControls, useMapControls } from './use-map-controls';
import { useRunRecord } from './use-run-record';
import { type MapActions, useChosen, useMapActions } from './use-selection';
import { type ShownMap, useShownMap } from './use-shown-map';
import { useSpaceNames } from './use-space-names';

type Side = 'a' | 'b';

export function CompareMapsPage({ first, second }: { first: string; second: string }) {
	const t = useWords(spaceWords);
	const { query } = useRoute();
	const base = useSpace((state) => (ownValue(state.runs, first) ?? freshSpace).settings);
	const controls = useMapControls(base);
	const palette = useMapPalette();
	const left = useShownMap({ runId: first, key: query.fa ?? '', settings: controls.settings });
	const rightPoints = useSpace((state) => ownValue(state.runs, second)?.points ?? null);
	const leftPoints = left?.points;
	const link = useMemo(
		() => (leftPoints && rightPoints ? linkPoints(leftPoints, rightPoints) : new Int32Array()),
		[leftPoints, rightPoints],
	);
	const leftMap = left?.map;
	const onto = useMemo(() => (leftMap ? { map: leftMap, link } : null), [leftMap, link]);
	const right = useShownMap({ runId: second, key: query.fb ?? '', settings: controls.settings, onto });
	const backLink = useMemo(
		() => (leftPoints && rightPoints ? linkPoints(rightPoints, leftPoints) : new Int32Array()),
		[leftPoints, rightPoints],
	);
	const shared = useMemo(() => link.reduce((count, point) => count + (point >= 0 ? 1 : 0), 0), [link]);
	const leftRecord = useRunRecord(first);
	const rightRecord = useRunRecord(second);
	const leftChosen = useChosen(left);
	const rightChosen = useChosen(right);
	const leftActions = useMapActions(first, leftChosen);
	const rightActions = useMapActions(second, rightChosen, 'b');
	// Two runs move through time together; of one run the right map moves while the left one stays.
	const isOneRun = first === second;
	const onSelectSnapshot = useCallback(
		(key: string) => changeQuery(isOneRun ? { fb: key } : { fa: key, fb: key }),
		[isOneRun],
	);
	const timed = isOneRun ? right : left;
	const openPane = query.pane === 'b' ? 'b' : 'a';
	const openPoint = Number(/^\d+$/.exec(query.point ?? '')?.[0] ?? -1);
	const sides: Record<Side, SideMap> = {
		a: {
			runId: first,
			shown: left,
			chosen: leftChosen,
			actions: leftActions,
			other: second,
			linkOfOther: backLink,
			record: leftRecord,
		},
		b: {
			runId: second,
			shown: right,
			chosen: rightChosen,
			actions: rightActions,
			other: first,
			linkOfOther: link,
			record: rightRecord,
		},
	};
	const opened = (side: Side) =>
		openPoint < 0 ? -1 : side === openPane ? openPoint : (sides[side].linkOfOther[openPoint] ?? -1);
	const { shown: about, ...aboutSide } = sides[openPane];
	const crumb = isOneRun ? leftRecord.name : `${leftRecord.name} ↔ ${rightRecord.name}`;
	const side = about && {
		label: t('panel'),
		width: 344,
		opensFor: openPoint >= 0 ? `${openPane} ${openPoint}` : '',
		content: (
			<ComparePanel
				{...aboutSide}
				shown={about}
				side={openPane}
				openPoint={openPoint < about.points.count ? openPoint : -1}
			/>
		),
	};
	return (
		<PageFrame page="space" crumbs={[{ label: crumb }]} side={side ?? undefined}>
			<section className="map-place" aria-label={t('map')}>
				{left && <CompareBar shown={left} controls={controls} palette={palette} actions={leftActions} />}
				<div className="compare-pair">
					{(['a', 'b'] as const).map((one) => (
						<ComparePane
							key={one}
							{...sides[one]}
							side={one}
							opened={opened(one)}
							controls={controls}
							palette={palette}
							hasShared={shared > 0}
						/>
					))}
				</div>
				<div className="compare-link-bar row">
					<Link2 size={14} aria-hidden />
					<span className="clip">
						{shared > 0 ? t('linked', { count: countText(shared) }) : left && right ? t('notLinked') : ''}
					</span>
					<span className="spacer" />
					<Button
						size="small"
						variant="quiet"
						icon={<ArrowLeftRight size={14} aria-hidden />}
						onPress={() =>
							changeQuery({ a: second, b: first, fa: query.fb ?? '', fb: query.fa ?? '', point: '', pane: '' })
						}
					>
						{t('swap')}
					</Button>
				</div>
				{timed && (
					<Scrubber
						snapshots={timed.space.snapshots ?? []}
						snapshot={timed.snapshot}
						planned={leftRecord.planned}
						isLive={leftRecord.isLive || rightRecord.isLive}
						isFollowing={(isOneRun || (query.fa ?? '') === '') && (query.fb ?? '') === ''}
						onSelectSnapshot={onSelectSnapshot}
					/>
				)}
			</section>
		</PageFrame>
	);
}

/** One of the two maps, with what can be done on it. */
interface SideMap {
	runId: string;
	other: string;
	shown: ShownMap | null;
	chosen: readonly number[];
	actions: MapActions;
	/** For each point of the other run the one here. */
	linkOfOther: Int32Array;
	record: ReturnType<typeof useRunRecord>;
}

/** The panel about the map that was used last; the other one's is a click away. */
function ComparePanel({
	side,
	shown,
	chosen,
	actions,
	record,
	openPoint,
}: Omit<SideMap, 'shown'> & { side: Side; shown: ShownMap; openPoint: number }) {
	const t = useWords(spaceWords);
	return (
		<div className="compare-panel">
			<div className="compare-sides">
				<Segments
					label={t('panelOf')}
					options={[
						{ id: 'a' as const, label: t('first') },
						{ id: 'b' as const, label: t('second') },
					]}
					value={side}
					onChange={(id) => changeQuery({ pane: id === 'b' ? 'b' : '', point: '' })}
				/>
				<span className="quiet-text clip">{record.name}</span>
			</div>
			<SidePanel
				shown={shown}
				actions={actions}
				chosen={chosen}
				openPoint={openPoint}
				isLive={record.isLive}
				temperature={record.temperature}
			/>
		</div>
	);
}

interface CompareBarProps {
	shown: ShownMap;
	controls: MapControls;
	palette: MapPalette;
	actions: MapActions;
}

function CompareBar({ shown, controls, palette, actions }: CompareBarProps) {
	const { found, styled } = useFilteredMap(shown, controls);
	return (
		<MapToolbar
			controls={controls}
			points={shown.points}
			base={shown.space.settings}
			found={found}
			onChooseFound={() => {
				if (found) actions.choose([...found], false);
				controls.setSearch('');
			}}
			isTwo
			onTwo={(isTwo) => isTwo || go('space', [shown.runId], { frame: snapshotKeyText(shown.snapshot) })}
			exportMenu={styled && <ExportSpaceMenu shown={shown} styled={styled} palette={palette} controls={controls} />}
		/>
	);
}

interface ComparePaneProps extends SideMap {
	side: Side;
	/** The opened point here; -1 for none. */
	opened: number;
	controls: MapControls;
	palette: MapPalette;
	/** Whether the two have any token in common. */
	hasShared: boolean;
}

function ComparePane({
	side,
	shown,
	runId,
	other,
	linkOfOther,
	chosen,
	actions,
	record,
	opened,
	controls,
	palette,
	hasShared,
}: ComparePaneProps) {
	const space = useSpace((state) => ownValue(state.runs, runId) ?? freshSpace);
	const isFirst = side === 'a';
	const runIndex = isFirst ? 0 : 1;
	const { styled } = useFilteredMap(shown, controls, chosen, runIndex);
	const linked = useLinkedPoint(controls, runId, other, linkOfOther);
	const ringed = useMemo(() => (opened >= 0 ? [opened] : []), [opened]);
	return (
		<div className="compare-half">
			<PaneHead side={side} shown={shown} runId={runId} />
			<div
				className="map-area"
				data-side={side}
				data-broken={space.broken !== null || undefined}
				data-frame={shown ? snapshotKeyText(shown.data.snapshot) : ''}
			>
				{shown && styled ? (
					<>
						<MapPane
							shown={shown}
							styled={styled}
							palette={palette}
							controls={controls}
							pane={side}
							ringed={ringed}
							linked={linked}
							onOpen={actions.open}
							onChoose={actions.choose}
							onClear={actions.clear}
						/>
						{isFirst && <MapTools link={controls.link} tool={controls.tool} onTool={controls.setTool} />}
						{(!isFirst || !hasShared) && (
							<MapLegend
								groups={styled.groups.groups}
								types={shown.points.entityTypes}
								palette={palette}
								hidden={controls.hidden}
								hasWrong={shown.data.isRight?.includes(0) ?? false}
								runIndex={runIndex}
							/>
						)}
						<MapNotes shown={shown} settings={controls.settings} />
					</>
				) : (
					<NoMap runId={runId} space={space} isLive={record.isLive} />
				)}
			</div>
		</div>
	);
}

/** The point here that is the same token as the one pointed at in the other map. */
function useLinkedPoint({ link }: MapControls, runId: string, other: string, linkOfOther: Int32Array): number {
	const pointed = useStore(link, (state) =>
		state.pointed?.runId === other && other !== runId ? state.pointed.point : -1,
	);
	return pointed >= 0 ? (linkOfOther[pointed] ?? -1) : -1;
}

function PaneHead({ side, shown, runId }: { side: Side; shown: ShownMap | null; runId: string }) {
	const t = useWords(spaceWords);
	const { snapshotName } = useSpaceNames();
	const list = useWorkspace((state) => state.list);
	const runs = itemsOf(list, 'run').reverse();
	const snapshots = snapshotsWithMap(shown?.space.snapshots ?? []);
	const measures = shown?.snapshot.measures;
	return (
		<div className="compare-half-head row">
			<Dropdown
				className="compare-choice"
				label={`${t(side === 'a' ? 'first' : 'second')}: ${t('run')}`}
				options={runs.map(({ id, name, detail }) => ({
					id,
					label: runTitle(name, detail.config?.seed),
				}))}
				value={runId}
				onChange={(id) => changeQuery({ [side]: id, [`f${side}`]: '' })}
			/>
			{shown && (
				<Dropdown
					className="compare-choice"
					label={`${t(side === 'a' ? 'first' : 'second')}: ${t('snapshot')}`}
					options={snapshots.map((snapshot) => ({ id: snapshotKeyText(snapshot), label: snapshotName(snapshot) }))}
					value={snapshotKeyText(shown.snapshot)}
					onChange={(key) => changeQuery({ [`f${side}`]: key })}
				/>
			)}
			<span className="spacer" />
			{measures && (
				<span className="quiet-text num clip compare-figures">
					{t('segmentationShort')} <b>{ratioText(measures.segmentation.overall)}</b> · {t('purityShort')}{' '}
					<b>{pointsText(measures.purity.overall ?? undefined)}</b>
				</span>
			)}
		</div>
	);
}
