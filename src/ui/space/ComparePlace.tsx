// Two maps beside each other: two runs on the same tokens, or two moments of one run. Camera, filters and selection are linked, and the right map is
// turned onto the left one.

import { ArrowLeftRight, Link2 } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { freshSpace } from '../../state/space';
import { findPoints } from '../../state/space-groups';
import { followLink, linkPoints } from '../../state/space-link';
import { framesWithMap, momentKey } from '../../state/space-moments';
import { itemsOf } from '../../state/workspace';
import { Button } from '../controls/Button';
import { Dropdown } from '../controls/Choice';
import { useWorkspace } from '../data-context';
import { changeQuery, go, useRoute } from '../navigation/navigation';
import { countText, points as pointsText } from '../number-words';
import { PlaceFrame } from '../shell/PlaceFrame';
import { useSpace } from '../space-context';
import { spaceWords } from '../words/space-words';
import { useWords } from '../words/words';
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
import { type MapControls, useMapControls } from './use-map-controls';
import { usePlaceWords } from './use-place-words';
import { useRunRecord } from './use-run-record';
import { type MapActions, useMapActions } from './use-selection';
import { type ShownMap, useShownMap, useStyledMap } from './use-shown-map';

type Side = 'a' | 'b';

export function ComparePlace({ first, second }: { first: string; second: string }) {
	const t = useWords(spaceWords);
	const { query } = useRoute();
	const base = useSpace((state) => (state.runs[first] ?? freshSpace).settings);
	const controls = useMapControls(base);
	const palette = useMapPalette();
	const left = useShownMap({ runId: first, moment: query.fa ?? '', settings: controls.settings });
	const rightPoints = useSpace((state) => state.runs[second]?.points ?? null);
	const leftPoints = left?.points;
	const link = useMemo(
		() => (leftPoints && rightPoints ? linkPoints(leftPoints, rightPoints) : new Int32Array()),
		[leftPoints, rightPoints],
	);
	const leftMap = left?.map;
	const onto = useMemo(() => (leftMap ? { map: leftMap, link } : null), [leftMap, link]);
	const right = useShownMap({ runId: second, moment: query.fb ?? '', settings: controls.settings, onto });
	const backLink = useMemo(
		() => (leftPoints && rightPoints ? linkPoints(rightPoints, leftPoints) : new Int32Array()),
		[leftPoints, rightPoints],
	);
	const shared = useMemo(() => link.reduce((count, point) => count + (point >= 0 ? 1 : 0), 0), [link]);
	const selection = useSpace((state) => state.selection);
	const onMoment = useCallback((key: string) => changeQuery({ fa: key, fb: key }), []);
	const leftRecord = useRunRecord(first);
	const rightRecord = useRunRecord(second);
	const chosenIn = (shown: ShownMap | null, other: string, back: Int32Array): readonly number[] => {
		if (!shown || !selection) return [];
		if (selection.runId === shown.runId) return selection.points;
		return selection.runId === other ? followLink(back, selection.points) : [];
	};
	const leftChosen = chosenIn(left, second, backLink);
	const actions = useMapActions(first, leftChosen);
	const sides = [
		{ side: 'a' as const, shown: left, runId: first, other: second, link, chosen: leftChosen, linkOfOther: backLink },
		{
			side: 'b' as const,
			shown: right,
			runId: second,
			other: first,
			link: backLink,
			chosen: chosenIn(right, first, link),
			linkOfOther: link,
		},
	];
	const crumb = first === second ? leftRecord.name : `${leftRecord.name} ↔ ${rightRecord.name}`;
	return (
		<PlaceFrame place="space" crumbs={[{ label: crumb }]}>
			<section className="map-place" aria-label={t('map')}>
				{left && <CompareBar shown={left} controls={controls} palette={palette} actions={actions} />}
				<div className="map-pair">
					{sides.map((one) => (
						<ComparePane key={one.side} {...one} controls={controls} palette={palette} isFirst={one.side === 'a'} />
					))}
				</div>
				<div className="map-link-bar row">
					<Link2 size={14} aria-hidden />
					<span className="clip">
						{shared > 0 ? t('linked', { count: countText(shared) }) : left && right ? t('notLinked') : ''}
					</span>
					<span className="spacer" />
					<Button
						size="small"
						look="quiet"
						icon={<ArrowLeftRight size={14} aria-hidden />}
						onPress={() => changeQuery({ a: second, b: first, fa: query.fb ?? '', fb: query.fa ?? '' })}
					>
						{t('swap')}
					</Button>
				</div>
				{left && (
					<Scrubber
						frames={left.space.frames ?? []}
						frame={left.frame}
						planned={leftRecord.planned}
						isLive={leftRecord.isLive || rightRecord.isLive}
						isFollowing={(query.fa ?? '') === '' && (query.fb ?? '') === ''}
						onMoment={onMoment}
					/>
				)}
			</section>
		</PlaceFrame>
	);
}

interface CompareBarProps {
	shown: ShownMap;
	controls: MapControls;
	palette: MapPalette;
	actions: MapActions;
}

function CompareBar({ shown, controls, palette, actions }: CompareBarProps) {
	const { search, colouring, hidden, split } = controls;
	const found = useMemo(() => findPoints(shown.points, search), [shown.points, search]);
	const filter = useMemo(() => ({ hidden, split, chosen: found }), [hidden, split, found]);
	const styled = useStyledMap(shown, colouring, filter);
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
			onTwo={(isTwo) => isTwo || go('space', [shown.runId], { frame: momentKey(shown.frame) })}
			exportMenu={styled && <ExportSpaceMenu shown={shown} styled={styled} palette={palette} controls={controls} />}
		/>
	);
}

interface ComparePaneProps {
	side: Side;
	shown: ShownMap | null;
	runId: string;
	other: string;
	/** Of the other run: for each of its points the one here, and the other way round. */
	linkOfOther: Int32Array;
	link: Int32Array;
	chosen: readonly number[];
	controls: MapControls;
	palette: MapPalette;
	isFirst: boolean;
}

function ComparePane({
	side,
	shown,
	runId,
	other,
	link,
	linkOfOther,
	chosen,
	controls,
	palette,
	isFirst,
}: ComparePaneProps) {
	const { search, colouring, hidden, split } = controls;
	const record = useRunRecord(runId);
	const space = useSpace((state) => state.runs[runId] ?? freshSpace);
	const found = useMemo(() => (shown ? findPoints(shown.points, search) : null), [shown, search]);
	const filter = useMemo(
		() => ({ hidden, split, chosen: found ?? (chosen.length > 0 ? new Set(chosen) : null) }),
		[hidden, split, found, chosen],
	);
	const runPlace = isFirst ? 0 : 1;
	const styled = useStyledMap(shown, colouring, filter, runPlace);
	const ringed = useLinkedRing(controls, runId, other, linkOfOther);
	const actions = useMapActions(runId, chosen);
	const shared = link.some((point) => point >= 0);
	return (
		<div className="map-half">
			<PaneHead side={side} shown={shown} runId={runId} />
			<div className="map-area" data-side={side}>
				{shown && styled ? (
					<>
						<MapPane
							shown={shown}
							styled={styled}
							palette={palette}
							controls={controls}
							pane={side}
							ringed={ringed}
							onOpen={(point) => go('space', [runId], { frame: momentKey(shown.frame), point: String(point) })}
							onChoose={actions.choose}
							onClear={actions.clear}
						/>
						{isFirst && <MapTools link={controls.link} tool={controls.tool} onTool={controls.setTool} />}
						{(!isFirst || !shared) && (
							<MapLegend
								groups={styled.groups.groups}
								types={shown.points.entityTypes}
								palette={palette}
								hidden={hidden}
								hasWrong={shown.data.isRight?.includes(0) ?? false}
								runPlace={runPlace}
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
function useLinkedRing(
	{ link }: MapControls,
	runId: string,
	other: string,
	linkOfOther: Int32Array,
): readonly number[] {
	const pointed = useStore(link, (state) =>
		state.pointed?.runId === other && other !== runId ? state.pointed.point : -1,
	);
	return useMemo(() => {
		const here = pointed >= 0 ? (linkOfOther[pointed] ?? -1) : -1;
		return here >= 0 ? [here] : [];
	}, [pointed, linkOfOther]);
}

function PaneHead({ side, shown, runId }: { side: Side; shown: ShownMap | null; runId: string }) {
	const t = useWords(spaceWords);
	const { frameName } = usePlaceWords();
	const list = useWorkspace((state) => state.list);
	const runs = itemsOf(list, 'run').reverse();
	const frames = framesWithMap(shown?.space.frames ?? []);
	const measures = shown?.frame.measures;
	return (
		<div className="map-half-head row">
			<Dropdown
				label={`${t(side === 'a' ? 'first' : 'second')}: ${t('run')}`}
				options={runs.map(({ id, name, detail }) => ({
					id,
					label: name,
					detail: detail.config ? t('seed', { seed: detail.config.seed }) : undefined,
				}))}
				value={runId}
				onChange={(id) => changeQuery({ [side]: id, [`f${side}`]: '' })}
			/>
			{shown && (
				<Dropdown
					label={`${t(side === 'a' ? 'first' : 'second')}: ${t('moment')}`}
					options={frames.map((frame) => ({ id: momentKey(frame), label: frameName(frame) }))}
					value={momentKey(shown.frame)}
					onChange={(key) => changeQuery({ [`f${side}`]: key })}
				/>
			)}
			<span className="spacer" />
			{measures && (
				<span className="quiet-text num clip">
					{t('segmentationShort')} <b>{ratioText(measures.segmentation.overall)}</b> · {t('purityShort')}{' '}
					<b>{pointsText(measures.purity.overall ?? undefined)}</b>
				</span>
			)}
		</div>
	);
}
