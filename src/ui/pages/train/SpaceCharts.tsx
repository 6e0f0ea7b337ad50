// What the representations of a run measure while it trains, beside its losses and scores: whether B- and I- tokens of a type
// come together, and whether neighbours are of one type.

import { useWords } from '../../words/words';
import { MeasureChart } from '../space/MeasureChart';
import { measureList } from '../space/measure-list';
import { spaceWords } from '../space/space-words';
import { useRunSpace } from '../space/use-shown-map';

const shownMeasures = measureList.filter(({ id }) => id === 'segmentation' || id === 'purity');

/** Nothing for a run without snapshots. */
export default function SpaceCharts({ runId }: { runId: string }) {
	const t = useWords(spaceWords);
	const { snapshots, points } = useRunSpace(runId);
	if (!points || !snapshots || snapshots.length === 0) return null;
	return shownMeasures.map((measure) => (
		<MeasureChart
			key={measure.id}
			measure={measure}
			label={t(measure.name)}
			snapshots={snapshots}
			entityTypes={points.entityTypes}
			syncId="measures"
			height={150}
		/>
	));
}
