// The course of a number as a small line, with a dot at the shown snapshot.

export interface SparklineProps {
	points: readonly { x: number; y: number }[];
	/** Index of the point with the dot; -1 for none. */
	marked: number;
}

const width = 84;
const height = 24;
const edge = 3;

export function Sparkline({ points, marked }: SparklineProps) {
	if (points.length < 2) return <span className="space-sparkline" style={{ width, height }} />;
	const xs = points.map(({ x }) => x);
	const ys = points.map(({ y }) => y);
	const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
	const positionOf = ({ x, y }: { x: number; y: number }) => [
		edge + ((x - left) / (right - left || 1)) * (width - 2 * edge),
		height - edge - ((y - low) / (high - low || 1)) * (height - 2 * edge),
	];
	const path = points.map(
		(point, index) =>
			`${index === 0 ? 'M' : 'L'}${positionOf(point)
				.map((value) => value.toFixed(1))
				.join(' ')}`,
	);
	const dot = marked >= 0 ? positionOf(points[marked]) : null;
	return (
		<svg className="space-sparkline" width={width} height={height} aria-hidden="true">
			<path d={path.join('')} fill="none" stroke="var(--chart-1)" strokeWidth={1.5} />
			{dot && <circle cx={dot[0]} cy={dot[1]} r={2.5} fill="var(--chart-1)" />}
		</svg>
	);
}
