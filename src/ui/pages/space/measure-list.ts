// The measures of a snapshot in the order in which they are shown: how each is read, written and explained.

import type { MeasureByType } from '../../../analysis/labelled-rows';
import type { SnapshotMeasures, SpaceSnapshot } from '../../../wire/space';
import { points } from '../../words/number-words';
import type { spaceWords } from './space-words';

type Word = keyof typeof spaceWords;

export interface Measure {
	id: string;
	name: Word;
	hint: Word;
	overall(measures: SnapshotMeasures): number | null;
	/** Null where it has no value for single types. */
	byType: ((measures: SnapshotMeasures) => MeasureByType) | null;
	write(value: number | null): string;
	/** Figures that its explanation names. */
	hintValues(measures: SnapshotMeasures): Record<string, string | number>;
}

/** Two decimals with a true minus. */
export function ratioText(value: number | null | undefined): string {
	return value === null || value === undefined ? '—' : value.toFixed(2).replace('-', '−');
}

const pointsText = (value: number | null) => points(value ?? undefined);
const none = () => ({});

export const measureList: readonly Measure[] = [
	{
		id: 'segmentation',
		name: 'segmentation',
		hint: 'segmentationHint',
		overall: ({ segmentation }) => segmentation.overall,
		byType: ({ segmentation }) => segmentation,
		write: ratioText,
		hintValues: none,
	},
	{
		id: 'purity',
		name: 'purity',
		hint: 'purityHint',
		overall: ({ purity }) => purity.overall,
		byType: ({ purity }) => purity,
		write: pointsText,
		hintValues: ({ purityNeighbours }) => ({ k: purityNeighbours }),
	},
	{
		id: 'silhouette',
		name: 'silhouette',
		hint: 'silhouetteHint',
		overall: ({ silhouette }) => silhouette.overall,
		byType: ({ silhouette }) => silhouette,
		write: ratioText,
		hintValues: ({ silhouette }) => ({ n: silhouette.sampled }),
	},
	{
		id: 'alignment',
		name: 'alignment',
		hint: 'alignmentHint',
		overall: ({ alignment }) => alignment.overall,
		byType: ({ alignment }) => alignment,
		write: ratioText,
		hintValues: none,
	},
	{
		id: 'uniformity',
		name: 'uniformity',
		hint: 'uniformityHint',
		overall: ({ uniformity }) => uniformity.value,
		byType: null,
		write: ratioText,
		hintValues: none,
	},
	{
		id: 'within-between',
		name: 'withinBetween',
		hint: 'withinBetweenHint',
		overall: ({ distances }) => distances.ratio,
		byType: null,
		write: ratioText,
		hintValues: none,
	},
	{
		id: 'trustworthiness',
		name: 'trustworthiness',
		hint: 'trustworthinessHint',
		overall: ({ map }) => map?.trustworthiness ?? null,
		byType: null,
		write: ratioText,
		hintValues: none,
	},
	{
		id: 'continuity',
		name: 'continuity',
		hint: 'continuityHint',
		overall: ({ map }) => map?.continuity ?? null,
		byType: null,
		write: ratioText,
		hintValues: none,
	},
];

/** The values of a measure in order of time; snapshots without one are left out. */
export function measureSeries(
	measure: Measure,
	snapshots: readonly SpaceSnapshot[],
	positionOf: (snapshot: SpaceSnapshot) => number,
): { x: number; y: number }[] {
	return snapshots.flatMap((snapshot) => {
		const y = measure.overall(snapshot.measures);
		return y === null || !Number.isFinite(y) ? [] : [{ x: positionOf(snapshot), y }];
	});
}
