// The columns, names and contours that a map draws, from a snapshot and the choices of the user. Pure.

import type { PointGroups } from '../../../../state/space-groups';
import type { SnapshotData, SpacePoints } from '../../../../wire/space';
import { type ClusterLabel, clusterLabels, type LabelledCluster } from './cluster-labels';
import { densityContours } from './density-contours';
import type { ColouredContours } from './map-overlay';
import { glyphs, type MapPoints, pointFlags } from './map-points';
import { groupColour } from './use-map-palette';

export interface MapFilter {
	/** Groups that the legend switched off, by id. */
	hidden: ReadonlySet<string>;
	/** Only tokens of this split; '' for all. */
	split: string;
	/** At full strength, others dimmed; null for all. */
	chosen: ReadonlySet<number> | null;
}

/** [n] */
export function glyphsOf({ count, type, isBegin }: SpacePoints): Uint8Array {
	return Uint8Array.from({ length: count }, (_, point) =>
		type[point] < 0 ? glyphs.outside : isBegin[point] ? glyphs.begin : glyphs.inside,
	);
}

/** Which points the filter hides. [n] */
function hiddenPoints(points: SpacePoints, { groups, of }: PointGroups, { hidden, split }: MapFilter): Uint8Array {
	const isOff = groups.map(({ id }) => hidden.has(id));
	return of.map((group, point) => {
		const isOther = split !== '' && points.sentences[points.sentence[point]].split !== split;
		return isOff[group] || isOther ? 1 : 0;
	});
}

export function mapPointsOf(
	points: SpacePoints,
	data: SnapshotData,
	positions: Float32Array,
	grouped: PointGroups,
	filter: MapFilter,
	runIndex: number,
): MapPoints {
	const colourOf = grouped.groups.map((group) => groupColour(group, points.entityTypes, runIndex));
	const hidden = hiddenPoints(points, grouped, filter);
	const flags = new Uint8Array(points.count);
	for (let point = 0; point < points.count; point++) {
		if (hidden[point]) flags[point] |= pointFlags.hidden;
		if (data.isRight && !data.isRight[point]) flags[point] |= pointFlags.wrong;
		if (filter.chosen?.has(point)) flags[point] |= pointFlags.chosen;
	}
	return { positions, glyphs: glyphsOf(points), colours: grouped.of.map((group) => colourOf[group]), flags };
}

/** A type whose B- and I- tokens lie farther apart than this has a name for each. */
const tornFrom = 0.8;

/** Names of the types that are shown; `segmentation` [T] says which are split. */
export function typeLabels(
	points: SpacePoints,
	{ positions, flags }: MapPoints,
	segmentation: readonly (number | null)[],
): ClusterLabel[] {
	const clusters = new Map<string, number[]>();
	for (let point = 0; point < points.count; point++) {
		const type = points.type[point];
		if (type < 0 || flags[point] & pointFlags.hidden) continue;
		const name = points.entityTypes[type];
		const isTorn = (segmentation[type] ?? 0) > tornFrom;
		const text = isTorn ? `${points.isBegin[point] ? 'B' : 'I'}-${name}` : name;
		const members = clusters.get(text);
		if (members) members.push(point);
		else clusters.set(text, [point]);
	}
	const listed: LabelledCluster[] = [...clusters].map(([text, members]) => ({ text, members }));
	return clusterLabels(positions, listed);
}

/** Contours of each shown type in its colour. */
export function typeContours(points: SpacePoints, { positions, flags, colours }: MapPoints): ColouredContours[] {
	return points.entityTypes.flatMap((_, type) => {
		const isMember = (point: number) => points.type[point] === type && (flags[point] & pointFlags.hidden) === 0;
		const first = points.type.findIndex((_value, point) => isMember(point));
		if (first < 0) return [];
		return [{ colour: colours[first], levels: densityContours(positions, isMember) }];
	});
}
