// The four most telling measures, small, below the selection; clicking one opens them all.

import { useMemo } from 'react';
import { axisPosition, axisStages } from '../../../state/space-snapshots';
import { changeQuery } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { measureList, measureSeries } from './measure-list';
import { Sparkline } from './Sparkline';
import { spaceWords } from './space-words';
import type { ShownMap } from './use-shown-map';

const chosen = ['segmentation', 'purity', 'silhouette', 'trustworthiness'];

export function MiniMeasures({ shown }: { shown: ShownMap }) {
	const t = useWords(spaceWords);
	const { snapshot, space } = shown;
	const rows = useMemo(() => {
		const snapshots = space.snapshots ?? [];
		const stages = axisStages(snapshots, [], false);
		const here = axisPosition(stages, snapshot);
		return measureList
			.filter(({ id }) => chosen.includes(id))
			.map((measure) => {
				const series = measureSeries(measure, snapshots, (one) => axisPosition(stages, one));
				return { measure, series, marked: series.findIndex(({ x }) => x === here) };
			});
	}, [space.snapshots, snapshot]);
	return (
		<div className="mini-measures">
			{rows.map(({ measure, series, marked }) => (
				<button key={measure.id} type="button" onClick={() => changeQuery({ tab: 'measures' })}>
					<span className="quiet-text clip">{t(measure.name)}</span>
					<span className="row">
						<b className="num" data-measure={measure.id}>
							{measure.write(measure.overall(snapshot.measures))}
						</b>
						<span className="spacer" />
						<Sparkline points={series} marked={marked} />
					</span>
				</button>
			))}
		</div>
	);
}
