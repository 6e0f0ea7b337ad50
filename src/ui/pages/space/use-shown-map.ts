// One map as it is shown: run and moment by the address, the frame's map or one by other settings, colours and filters. Where what is asked for is not
// there yet, the last good one stays.

import { useEffect, useMemo, useRef } from 'react';
import { freshSpace, type OwnMap, ownMapKey, type RunSpace } from '../../../state/space';
import { type Colouring, groupPoints, type PointGroups } from '../../../state/space-groups';
import { alignedOnto } from '../../../state/space-link';
import { findFrame } from '../../../state/space-moments';
import { ownValue } from '../../../util/own-value';
import type { FrameData, MapSettings, SpaceFrame, SpacePoints } from '../../../wire/space';
import { useSpace } from '../../context/space-context';
import { type MapFilter, mapPointsOf } from './map/map-layers';
import type { MapPoints } from './map/map-points';
import { normalizedFrame } from './map/map-view';

export interface ShownMap {
	runId: string;
	space: RunSpace;
	points: SpacePoints;
	/** The frame that is asked for. */
	frame: SpaceFrame;
	/** What is drawn: of that frame, or of the one before while it is read. */
	data: FrameData;
	/** By other settings, where those are asked for. */
	own: OwnMap | null;
	/** As it came, [n * 2], and normalised. */
	map: Float32Array;
	positions: Float32Array;
}

export interface MapRequest {
	runId: string;
	/** As in the address; empty for the latest. */
	moment: string;
	settings: MapSettings | null;
	/** A map of another run to lie on, and the points that both share. */
	onto?: { map: Float32Array; link: Int32Array } | null;
}

/** A map by other settings is begun once a frame has been shown for so long. */
const projectAfterMs = 250;

/** Null until there is something to draw; `space` then says why. */
export function useShownMap({ runId, moment, settings, onto = null }: MapRequest): ShownMap | null {
	const space = useRunSpace(runId);
	const { points, frames, data: read } = space;
	const frame = useMemo(() => findFrame(frames ?? [], moment), [frames, moment]);
	const needFrame = useSpace((state) => state.needFrame);
	const frameId = frame?.id;
	useEffect(() => {
		if (frameId !== undefined && points) void needFrame(runId, frameId);
	}, [needFrame, runId, frameId, points]);

	const last = useRef<{ runId: string; data: FrameData } | null>(null);
	const present = frameId === undefined ? undefined : read.get(frameId);
	if (present) last.current = { runId, data: present };
	const data = present ?? (last.current?.runId === runId ? last.current.data : null);

	const own = useOwnMap(runId, frame, settings, data);
	const map = own?.map ?? data?.map ?? null;
	const positions = useMemo(
		() => (map ? normalizedFrame(onto ? alignedOnto(map, onto.map, onto.link) : map) : null),
		[map, onto],
	);
	return useMemo(
		() =>
			points && frame && data && map && positions ? { runId, space, points, frame, data, own, map, positions } : null,
		[runId, space, points, frame, data, own, map, positions],
	);
}

export function useRunSpace(runId: string): RunSpace {
	const space = useSpace((state) => ownValue(state.runs, runId));
	const open = useSpace((state) => state.open);
	useEffect(() => {
		if (runId !== '') void open(runId);
	}, [open, runId]);
	return space ?? freshSpace;
}

function useOwnMap(
	runId: string,
	frame: SpaceFrame | null,
	settings: MapSettings | null,
	data: FrameData | null,
): OwnMap | null {
	const key = frame && settings ? ownMapKey(frame.id, settings) : '';
	const own = useSpace((state) => (key === '' ? undefined : ownValue(state.runs, runId)?.own.get(key)));
	const project = useSpace((state) => state.project);
	const canProject = frame?.hasVectors === true && data !== null;
	const alignTo = useRef<Float32Array | null>(null);
	alignTo.current = own?.map ?? data?.map ?? null;
	const latest = useRef(settings);
	latest.current = settings;
	const frameId = frame?.id;
	useEffect(() => {
		if (key === '' || !canProject || frameId === undefined) return;
		const timer = setTimeout(() => {
			if (latest.current) void project(runId, frameId, latest.current, alignTo.current);
		}, projectAfterMs);
		return () => clearTimeout(timer);
	}, [project, runId, frameId, key, canProject]);
	return own ?? null;
}

export interface StyledMap {
	groups: PointGroups;
	drawn: MapPoints;
}

/** Colours and flags of a map. */
export function useStyledMap(shown: ShownMap | null, by: Colouring, filter: MapFilter, runPlace = 0): StyledMap | null {
	const groups = useMemo(() => (shown ? groupPoints(shown.points, shown.data, by) : null), [shown, by]);
	return useMemo(
		() =>
			shown && groups
				? { groups, drawn: mapPointsOf(shown.points, shown.data, shown.positions, groups, filter, runPlace) }
				: null,
		[shown, groups, filter, runPlace],
	);
}
