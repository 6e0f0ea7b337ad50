// Dev and test F1 (published rule) after every epoch of the CRF stages. Loaded when it is first shown.

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { EpochRow } from '../../state/run';
import { tooltipStyle } from './tooltip-style';

/** Most points of a curve; of longer runs every second, third … epoch is drawn, the latest always. */
const pointLimit = 200;

export default function ScoreChart({ epochs }: { epochs: readonly EpochRow[] }) {
	const scored = epochs.filter(({ dev }) => dev?.scores);
	const every = Math.ceil(scored.length / pointLimit);
	const rows = scored
		.filter((_, index) => (scored.length - 1 - index) % every === 0)
		.map(({ step, dev, test }) => ({ step, dev: percent(dev), test: percent(test) }));
	return (
		<ResponsiveContainer width="100%" height={220}>
			<LineChart data={rows} margin={{ top: 18, right: 12, bottom: 0, left: -14 }} accessibilityLayer={false}>
				<CartesianGrid vertical={false} stroke="var(--chart-grid)" />
				<XAxis
					dataKey="step"
					type="number"
					domain={['dataMin', 'dataMax']}
					tickLine={false}
					stroke="var(--chart-axis)"
				/>
				<YAxis
					domain={[0, 100]}
					tickLine={false}
					axisLine={false}
					width={48}
					stroke="var(--chart-axis)"
					tickCount={5}
				/>
				<Tooltip
					isAnimationActive={false}
					contentStyle={tooltipStyle}
					formatter={(value) => Number(value).toFixed(1)}
					labelFormatter={(step) => `after step ${step}`}
				/>
				<Line dataKey="dev" stroke="var(--chart-1)" strokeWidth={1.75} dot={{ r: 2.5 }} isAnimationActive={false} />
				<Line
					dataKey="test"
					stroke="var(--chart-2)"
					strokeWidth={1.75}
					strokeDasharray="5 3"
					dot={{ r: 2.5, strokeDasharray: '' }}
					isAnimationActive={false}
				/>
			</LineChart>
		</ResponsiveContainer>
	);
}

function percent(evaluation: EpochRow['dev']): number | undefined {
	const f1 = evaluation?.scores?.published.micro.f1;
	return f1 === undefined ? undefined : f1 * 100;
}
