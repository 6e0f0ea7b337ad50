// One measure over the snapshots of a run: all types together, and each of its own where it has values for them.

import { useMemo } from 'react';
import { axisPosition, axisStages } from '../../../state/space-snapshots';
import type { SpaceSnapshot } from '../../../wire/space';
import { ChartCard } from '../../kit/charts/ChartCard';
import type { Curve } from '../../kit/charts/curve';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { useWords } from '../../words/words';
import { type Measure, measureSeries } from './measure-list';
import { spaceWords } from './space-words';
import { useSpaceNames } from './use-space-names';

interface MeasureChartProps {
	measure: Measure;
	/** Region name. */
	label: string;
	/** Null while they are read. */
	snapshots: readonly SpaceSnapshot[] | null;
	entityTypes: readonly string[];
	syncId: string;
	height?: number;
}

export function MeasureChart({ measure, label, snapshots, entityTypes, syncId, height = 180 }: MeasureChartProps) {
	const t = useWords(spaceWords);
	const { stageName } = useSpaceNames();
	const { curves, borders } = useMemo(() => {
		const stages = axisStages(snapshots ?? [], [], false);
		const positionOf = (snapshot: SpaceSnapshot) => axisPosition(stages, snapshot);
		const overall: Curve = {
			id: t(measure.name),
			name: '',
			color: 'var(--chart-1)',
			points: measureSeries(measure, snapshots ?? [], positionOf),
		};
		const types = measure.byType
			? entityTypes.map(
					(type, index): Curve => ({
						id: type,
						name: type,
						color: `var(--ent-${entitySlot(type, entityTypes).slot}-text)`,
						points: (snapshots ?? []).flatMap((snapshot) => {
							const y = measure.byType?.(snapshot.measures).byType[index] ?? null;
							return y === null ? [] : [{ x: positionOf(snapshot), y }];
						}),
					}),
				)
			: [];
		return {
			curves: [...types, overall],
			borders: stages
				.filter(({ planned }) => planned > 0)
				.map(({ name, start }) => ({ name: stageName(name), x: start })),
		};
	}, [measure, snapshots, entityTypes, t, stageName]);
	const series = curves[curves.length - 1].points;
	const measured = (snapshots ?? []).filter(({ isOnWay }) => !isOnWay);
	const gist = `${t(measure.name)}: ${measure.write(series[0]?.y ?? null)} → ${measure.write(series.at(-1)?.y ?? null)}`;
	return (
		<ChartCard
			label={label}
			title={t(measure.name)}
			curves={series.length > 1 ? curves : []}
			stages={borders}
			syncId={syncId}
			gist={gist}
			empty={t(series.length === 0 && measured.length > 1 ? 'noValue' : 'noCurves')}
			axis={t('time')}
			height={height}
			formatX={(x) => String(Math.round(x))}
			formatY={(y) => measure.write(y)}
		/>
	);
}
