// Curves over epochs, drawn by recharts. Loaded when the first chart is shown: recharts is larger than the rest of the
// page. Nothing animates, no frame, horizontal grid only; names and last values stand at the lines' ends.

import { type PointerEvent, useState } from 'react';
import {
	CartesianGrid,
	Line,
	LineChart,
	ReferenceDot,
	ReferenceLine,
	ResponsiveContainer,
	Tooltip,
	usePlotArea,
	useXAxisInverseScale,
	useXAxisScale,
	useYAxisScale,
	XAxis,
	YAxis,
} from 'recharts';
import { logTicks, niceTicks, spreadLabels } from './chart-scale';
import { type Curve, curveRows, rowKey, type StageBorder, valuesWithin } from './curve';

export interface CurveChartProps {
	curves: readonly Curve[];
	stages: readonly StageBorder[];
	/** Charts with the same one share their cross line. */
	syncId: string;
	height: number;
	isLog?: boolean;
	/** Ticks of the axis of values when they should not follow from the values. */
	ticks?: readonly number[];
	/** Where a run was taken up again: a notch at the foot of the chart. */
	notches?: readonly number[];
	/** The part of the axis that is shown. */
	range?: readonly [number, number];
	/** Asked for a part of the axis by dragging, or for all of it. */
	onZoom?(range: readonly [number, number] | null): void;
	formatX(x: number): string;
	formatY(y: number): string;
}

/** Between labels at the lines' ends, in pixels. */
const labelGap = 13;

export default function CurveChart({
	curves,
	stages,
	syncId,
	height,
	isLog = false,
	ticks,
	notches = [],
	range,
	onZoom,
	formatX,
	formatY,
}: CurveChartProps) {
	const rows = curveRows(curves);
	const isDrawn = (y: number) => Number.isFinite(y) && (!isLog || y > 0);
	const all = curves.flatMap(({ points }) => points.map(({ y }) => y)).filter(isDrawn);
	const within = range ? curves.flatMap(({ points }) => valuesWithin(points, range)).filter(isDrawn) : all;
	const values = within.length > 0 ? within : all;
	const least = Math.min(...values);
	const most = Math.max(...values);
	const yTicks = ticks ?? (isLog ? logTicks(least, most) : niceTicks(Math.min(0, least), most));
	const lastX = rows.at(-1)?.x ?? 1;
	const [from, to] = range ?? [Math.min(0, rows[0]?.x ?? 0), Math.max(lastX, 1)];
	const xTicks = axisTicks(from, to, stages);
	return (
		<ResponsiveContainer width="100%" height={height}>
			<LineChart
				data={rows}
				syncId={syncId}
				syncMethod="value"
				margin={{ top: 6, right: labelRoom(curves), bottom: 0, left: -2 }}
				accessibilityLayer={false}
			>
				<CartesianGrid vertical={false} stroke="var(--chart-grid)" />
				<XAxis
					dataKey="x"
					type="number"
					domain={[from, to]}
					allowDataOverflow
					ticks={xTicks}
					interval={0}
					tickFormatter={formatX}
					tickLine={false}
					axisLine={false}
					stroke="var(--chart-axis)"
				/>
				<YAxis
					type="number"
					scale={isLog ? 'log' : 'linear'}
					domain={[yTicks[0], yTicks[yTicks.length - 1]]}
					allowDataOverflow
					ticks={[...yTicks]}
					tickFormatter={formatY}
					tickLine={false}
					axisLine={false}
					width={44}
					stroke="var(--chart-axis)"
				/>
				{stages.map(({ name, x }) => (
					<ReferenceLine
						key={name}
						x={x}
						stroke={x <= from ? 'transparent' : 'var(--line-strong)'}
						ifOverflow="hidden"
					/>
				))}
				<Tooltip
					isAnimationActive={false}
					content={({ active, label }) =>
						active && label !== undefined ? (
							<HoverBox x={Number(label)} rows={rows} curves={curves} formatX={formatX} formatY={formatY} />
						) : null
					}
					cursor={{ stroke: 'var(--line-control)' }}
				/>
				{curves.map(({ id, color, stroke, isGround }) => (
					<Line
						key={id}
						dataKey={rowKey(id)}
						stroke={color}
						strokeWidth={stroke === 'faint' ? 1 : 1.75}
						strokeOpacity={stroke === 'faint' ? 0.28 : 1}
						strokeDasharray={stroke === 'dashed' ? '5 3' : undefined}
						dot={rows.length === 1 && !isGround}
						activeDot={isGround ? false : { r: 3 }}
						isAnimationActive={false}
						connectNulls
					/>
				))}
				{curves.flatMap(({ id, color, points, markedX }) => {
					const marked = points.find(({ x }) => x === markedX);
					return marked
						? [
								<ReferenceDot
									key={id}
									x={marked.x}
									y={marked.y}
									r={4}
									fill="var(--bg-page)"
									stroke={color}
									strokeWidth={2}
									ifOverflow="discard"
								/>,
							]
						: [];
				})}
				<StageNames stages={stages} from={from} to={to} />
				<EndLabels curves={curves} to={to} formatY={formatY} />
				<Notches places={notches} />
				{onZoom && <ZoomArea onZoom={onZoom} />}
			</LineChart>
		</ResponsiveContainer>
	);
}

/** The names of the stages at their beginnings, where there is room for them. */
function StageNames({ stages, from, to }: { stages: readonly StageBorder[]; from: number; to: number }) {
	const plot = usePlotArea();
	const scale = useXAxisScale();
	if (!plot || !scale) return null;
	const place = (x: number) => Number(scale(Math.min(to, Math.max(from, x))) ?? 0);
	return (
		<g className="chart-stage">
			{stages.map(({ name, x }, index) => {
				const left = place(x);
				const room = place(stages[index + 1]?.x ?? to) - left;
				return room < textWidth(name) + 8 ? null : (
					<text key={name} x={left + 4} y={plot.y + 12}>
						{name}
					</text>
				);
			})}
		</g>
	);
}

/** About the width of small text in pixels; a Chinese character takes two Latin ones. */
function textWidth(text: string): number {
	return [...text].reduce((width, character) => width + (character >= '\u2e80' ? 12 : 6.5), 0);
}

/** The whole ends of the axis and of the stages, and whole epochs between where there is room. */
function axisTicks(from: number, to: number, stages: readonly StageBorder[]): number[] {
	const last = Math.floor(to);
	const fixed = [Math.ceil(from), last, ...stages.map(({ x }) => x)].filter((x) => x >= from && x <= to);
	const least = (to - from) / 9;
	const ticks = [...new Set(fixed)]
		.sort((left, right) => left - right)
		.filter((x, index, all) => index === 0 || x === last || x - all[index - 1] >= least);
	for (const x of niceTicks(from, to, 5)) {
		if (x > from && x < to && Number.isInteger(x) && ticks.every((tick) => Math.abs(tick - x) >= least)) ticks.push(x);
	}
	// Within one epoch there are no whole ones to name.
	if (ticks.length < 2) return niceTicks(from, to, 5).filter((x) => x >= from && x <= to);
	return ticks.sort((left, right) => left - right);
}

const endLabel = ({ name, lastText }: Curve) => (lastText ? `${name} ${lastText}` : name);

/** Pixels right of the plot that the longest label takes, in steps so that the plot does not move with every figure. */
function labelRoom(curves: readonly Curve[]): number {
	const step = 28;
	// The labels are bold.
	const widths = curves.filter(({ name }) => name !== '').map((curve) => 1.08 * textWidth(endLabel(curve)) + 8);
	return Math.min(6 * step, Math.max(3 * step, step * Math.ceil(Math.max(0, ...widths) / step)));
}

interface EndLabelsProps extends Pick<CurveChartProps, 'curves' | 'formatY'> {
	/** Where the axis ends: of a part of a curve its last value there is named. */
	to: number;
}

function EndLabels({ curves, to, formatY }: EndLabelsProps) {
	const plot = usePlotArea();
	const scale = useYAxisScale();
	const named = curves.flatMap((curve) => {
		const last = curve.points.findLast(({ x }) => x <= to);
		if (curve.name === '' || !last) return [];
		const isEnd = last === curve.points[curve.points.length - 1];
		return [{ curve: isEnd ? curve : { ...curve, lastText: formatY(last.y) }, y: last.y }];
	});
	if (!plot || !scale) return null;
	const heights = named.map(({ y }) => Number(scale(y) ?? 0));
	const placed = spreadLabels(heights, labelGap, plot.y + 4, plot.y + plot.height - 2);
	return (
		<g className="chart-names">
			{named.map(({ curve }, index) => (
				<text key={curve.id} x={plot.x + plot.width + 6} y={placed[index] + 4} fill={curve.color}>
					{endLabel(curve)}
				</text>
			))}
		</g>
	);
}

/** Pixels that a drag must have gone to mean a part of the axis. */
const leastDrag = 6;

/** The plot as a surface to drag over: the part of the axis between press and release is asked for. */
function ZoomArea({ onZoom }: { onZoom: NonNullable<CurveChartProps['onZoom']> }) {
	const plot = usePlotArea();
	const toValue = useXAxisInverseScale();
	const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
	if (!plot || !toValue) return null;
	const placeOf = (event: PointerEvent<SVGRectElement>) => {
		const box = event.currentTarget.getBoundingClientRect();
		const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
		return plot.x + share * plot.width;
	};
	const end = () => {
		setDrag(null);
		if (!drag || Math.abs(drag.to - drag.from) < leastDrag) return;
		const ends = [Number(toValue(drag.from)), Number(toValue(drag.to))].sort((left, right) => left - right);
		onZoom([ends[0], ends[1]]);
	};
	const { x, y, width, height } = plot;
	return (
		<g>
			{drag && (
				<rect
					className="chart-zoom"
					x={Math.min(drag.from, drag.to)}
					y={y}
					width={Math.abs(drag.to - drag.from)}
					height={height}
				/>
			)}
			{/* biome-ignore lint/a11y/noStaticElementInteractions: fields above the charts do the same by keyboard */}
			<rect
				className="chart-drag"
				x={x}
				y={y}
				width={Math.max(0, width)}
				height={Math.max(0, height)}
				onPointerDown={(event) => {
					if (event.button !== 0) return;
					event.currentTarget.setPointerCapture(event.pointerId);
					const place = placeOf(event);
					setDrag({ from: place, to: place });
				}}
				onPointerMove={(event) => drag && setDrag({ ...drag, to: placeOf(event) })}
				onPointerUp={end}
				onPointerCancel={() => setDrag(null)}
				onDoubleClick={() => onZoom(null)}
			/>
		</g>
	);
}

/** Small wedges that stand on the axis. */
function Notches({ places }: { places: readonly number[] }) {
	const plot = usePlotArea();
	const scale = useXAxisScale();
	if (!plot || !scale) return null;
	const foot = plot.y + plot.height;
	return (
		<g fill="var(--warn)">
			{places.map((place) => {
				const x = Number(scale(place) ?? 0);
				return <path key={place} d={`M${x - 4} ${foot}h8l-4 -7z`} />;
			})}
		</g>
	);
}

interface HoverBoxProps extends Pick<CurveChartProps, 'curves' | 'formatX' | 'formatY'> {
	x: number;
	rows: readonly Record<string, number>[];
}

function HoverBox({ x, rows, curves, formatX, formatY }: HoverBoxProps) {
	const row = rows.find((candidate) => candidate.x === x);
	const shown = curves.filter(({ id, isGround }) => !isGround && row?.[rowKey(id)] !== undefined);
	if (shown.length === 0) return null;
	return (
		<div className="chart-hover">
			<div className="quiet-text num">{formatX(x)}</div>
			{shown.map(({ id, name, color }) => (
				<div key={id} className="row num">
					<i style={{ background: color }} />
					{name || id}
					<span className="spacer" />
					{formatY(row?.[rowKey(id)] ?? 0)}
				</div>
			))}
		</div>
	);
}
