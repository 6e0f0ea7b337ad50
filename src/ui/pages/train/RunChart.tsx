// A chart over the epochs of a run: its stages, the part that is shown, and where the run was taken up again.

import { ChartCard, type ChartCardProps } from '../../kit/charts/ChartCard';
import { chartWords } from '../../kit/charts/chart-words';
import { useWords } from '../../words/words';
import { epochText, type RunChartParts } from './run-chart-parts';

type OwnProps = Omit<ChartCardProps, 'stages' | 'range' | 'notches' | 'axis' | 'formatX'>;

export function RunChart({ parts, ...card }: OwnProps & { parts: RunChartParts }) {
	const words = useWords(chartWords);
	const { borders, shown, notches } = parts;
	const axis = words('epochAxis');
	return <ChartCard {...card} stages={borders} range={shown} notches={notches} axis={axis} formatX={epochText} />;
}
