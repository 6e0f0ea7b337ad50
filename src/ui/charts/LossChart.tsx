// Loss of every step over the whole run, one line a stage: contrastive and CRF losses are different quantities and are
// never joined. Loaded when it is first shown: recharts is larger than the rest of the page.

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { SeriesPoint } from '../../state/step-series';
import { lossText } from '../number-words';
import { tooltipStyle } from './tooltip-style';

const colors = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-5)', 'var(--chart-6)'];

export interface LossChartProps {
	points: readonly SeriesPoint[];
	stages: readonly { stage: string; firstStep: number }[];
}

export default function LossChart({ points, stages }: LossChartProps) {
	const rows = points.map(({ step, stage, loss }) => ({ step, [stage]: loss }));
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
				<YAxis tickLine={false} axisLine={false} width={48} stroke="var(--chart-axis)" tickCount={5} />
				<Tooltip
					isAnimationActive={false}
					contentStyle={tooltipStyle}
					formatter={(value) => lossText(Number(value))}
					labelFormatter={(step) => `step ${step}`}
				/>
				{stages.slice(1).map(({ stage, firstStep }) => (
					<ReferenceLine key={stage} x={firstStep + 1} stroke="var(--line-strong)" />
				))}
				{stages.map(({ stage }, index) => (
					<Line
						key={stage}
						dataKey={stage}
						stroke={colors[index % colors.length]}
						strokeWidth={1.75}
						dot={false}
						isAnimationActive={false}
						connectNulls
					/>
				))}
			</LineChart>
		</ResponsiveContainer>
	);
}
