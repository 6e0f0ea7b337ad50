// One map as it is shown: run and snapshot by the address, the snapshot's map or one by other settings, colours and filters. Until it is
// ready, the last one stays.

import { useEffect, useMemo, useRef } from 'react';
import { freshSpace, type OwnMap, ownMapKey, type RunSpace } from '../../../state/space';
import { type Colouring, groupPoints, type PointGroups } from '../../../state/space-groups';
import { alignedOnto } from '../../../state/space-link';
import { findSnapshot } from '../../../state/space-snapshots';
import { ownValue } from '../../../util/own-value';
import type { MapSettings, SnapshotData, SpacePoints, SpaceSnapshot } from '../../../wire/space';
import { useSpace } from '../../context/space-context';
import { type MapFilter, mapPointsOf } from './map/map-layers';
import type { MapPoints } from './map/map-points';
import { normalizedMap } from './map/map-view';

export interface ShownMap {
	runId: string;
	space: RunSpace;
	points: SpacePoints;
	/** The snapshot that the address names. */
	snapshot: SpaceSnapshot;
	/** What is drawn: of that snapshot, or of the one before while it is read. */
	data: SnapshotData;
	/** By other settings, where there are any. */
	own: OwnMap | null;
	/** As it came, [n * 2], and normalised. */
	map: Float32Array;
	positions: Float32Array;
}

export interface MapRequest {
	runId: string;
	/** As in the address; empty for the latest. */
	key: string;
	settings: MapSettings | null;
	/** A map of another run to lie on, and the points that both share. */
	onto?: { map: Float32Array; link: Int32Array } | null;
}

/** A map by other settings is started once a snapshot has been shown for so long. */
const projectAfterMs = 250;

/** Null until there is something to draw; `space` then says why. */
export function useShownMap({ runId, key, settings, onto = null }: MapRequest): ShownMap | null {
	const space = useRunSpace(runId);
	const { points, snapshots, data: read } = space;
	const snapshot = useMemo(() => findSnapshot(snapshots ?? [], key), [snapshots, key]);
	const needSnapshot = useSpace((state) => state.needSnapshot);
	const snapshotId = snapshot?.id;
	useEffect(() => {
		if (snapshotId !== undefined && points) void needSnapshot(runId, snapshotId);
	}, [needSnapshot, runId, snapshotId, points]);

	const last = useRef<{ runId: string; data: SnapshotData } | null>(null);
	const present = snapshotId === undefined ? undefined : read.get(snapshotId);
	if (present) last.current = { runId, data: present };
	const data = present ?? (last.current?.runId === runId ? last.current.data : null);

	const own = useOwnMap(runId, snapshot, settings, data);
	const map = own?.map ?? data?.map ?? null;
	const positions = useMemo(
		() => (map ? normalizedMap(onto ? alignedOnto(map, onto.map, onto.link) : map) : null),
		[map, onto],
	);
	return useMemo(
		() =>
			points && snapshot && data && map && positions
				? { runId, space, points, snapshot, data, own, map, positions }
				: null,
		[runId, space, points, snapshot, data, own, map, positions],
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
	snapshot: SpaceSnapshot | null,
	settings: MapSettings | null,
	data: SnapshotData | null,
): OwnMap | null {
	const key = snapshot && settings ? ownMapKey(snapshot.id, settings) : '';
	const own = useSpace((state) => (key === '' ? undefined : ownValue(state.runs, runId)?.own.get(key)));
	const project = useSpace((state) => state.project);
	const canProject = snapshot?.hasVectors === true && data !== null;
	const alignTo = useRef<Float32Array | null>(null);
	alignTo.current = own?.map ?? data?.map ?? null;
	const latest = useRef(settings);
	latest.current = settings;
	const snapshotId = snapshot?.id;
	useEffect(() => {
		if (key === '' || !canProject || snapshotId === undefined) return;
		const timer = setTimeout(() => {
			if (latest.current) void project(runId, snapshotId, latest.current, alignTo.current);
		}, projectAfterMs);
		return () => clearTimeout(timer);
	}, [project, runId, snapshotId, key, canProject]);
	return own ?? null;
}

export interface StyledMap {
	groups: PointGroups;
	drawn: MapPoints;
}

/** Colours and flags of a map. */
export function useStyledMap(shown: ShownMap | null, by: Colouring, filter: MapFilter, runIndex = 0): StyledMap | null {
	const groups = useMemo(() => (shown ? groupPoints(shown.points, shown.data, by) : null), [shown, by]);
	return useMemo(
		() =>
			shown && groups
				? { groups, drawn: mapPointsOf(shown.points, shown.data, shown.positions, groups, filter, runIndex) }
				: null,
		[shown, groups, filter, runIndex],
	);
}
