// A card around a chart: title, its own controls, the table twin with CSV, and a larger view. Space is kept before the
// first value comes.

import { ChartLine, Download, Maximize2, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { IconButton } from '../controls/Button';
import { brokenBlock } from '../controls/broken-part';
import { Dialog } from '../controls/Dialog';
import { lazyPart } from '../controls/lazy-part';
import { saveText } from '../controls/save-file';
import { numeric, TableHead } from '../controls/TableHead';
import type { CurveChartProps } from './CurveChart';
import { chartWords } from './chart-words';
import { type Curve, curveRows, curvesCsv, rowKey, type StageBorder } from './curve';
import './charts.css';

const CurveChart = lazyPart(() => import('./CurveChart'), {
	waiting: ({ height }) => <div style={{ height }} />,
	broken: brokenBlock,
});

export interface ChartCardProps extends Omit<CurveChartProps, 'height' | 'curves' | 'stages' | 'syncId'> {
	/** Region name. */
	label: string;
	title: ReactNode;
	/** Controls and badges of the card. */
	controls?: ReactNode;
	curves: readonly Curve[];
	stages: readonly StageBorder[];
	syncId?: string;
	/** One sentence for those who do not see the curve. */
	gist: string;
	/** What will stand here, while there is nothing. */
	empty: string;
	/** Heading of the axis in the table. */
	axis: string;
	height?: number;
}

/** Rows of the table twin on screen; CSV holds all. */
const tableRows = 200;

export function ChartCard({
	label,
	title,
	controls,
	curves,
	stages,
	syncId = 'run',
	gist,
	empty,
	axis,
	height = 210,
	...chart
}: ChartCardProps) {
	const t = useWords(commonWords);
	const words = useWords(chartWords);
	const [isTable, setTable] = useState(false);
	const [isLarge, setLarge] = useState(false);
	const hasValues = curves.some(({ points }) => points.length > 0);
	const draw = (tall: number) => (
		<div role="img" aria-label={gist}>
			<CurveChart {...chart} curves={curves} stages={stages} syncId={syncId} height={tall} />
		</div>
	);
	return (
		<section className="card chart-card" aria-label={label}>
			<header>
				<h2 className="clip">{title}</h2>
				<span className="spacer" />
				{controls}
				<IconButton
					label={isTable ? t('chart') : t('table')}
					size="small"
					isDisabled={!hasValues}
					onPress={() => setTable(!isTable)}
				>
					{isTable ? <ChartLine size={14} aria-hidden /> : <Table2 size={14} aria-hidden />}
				</IconButton>
				<IconButton label={words('larger')} size="small" isDisabled={!hasValues} onPress={() => setLarge(true)}>
					<Maximize2 size={14} aria-hidden />
				</IconButton>
			</header>
			<div className="card-body" style={{ height: height + 10 }}>
				{!hasValues && <p className="chart-empty">{empty}</p>}
				{hasValues && isTable && (
					<CurveTable curves={curves} axis={axis} label={label} formatX={chart.formatX} formatY={chart.formatY} />
				)}
				{hasValues && !isTable && draw(height)}
			</div>
			<Dialog title={label} isOpen={isLarge} onClose={() => setLarge(false)} width={1100}>
				{draw(520)}
			</Dialog>
		</section>
	);
}

interface CurveTableProps extends Pick<CurveChartProps, 'formatX' | 'formatY'> {
	curves: readonly Curve[];
	axis: string;
	label: string;
}

function CurveTable({ curves, axis, label, formatX, formatY }: CurveTableProps) {
	const words = useWords(chartWords);
	const shown = curves.filter(({ isGround }) => !isGround);
	const rows = curveRows(shown);
	return (
		<div className="chart-table">
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className="scroll" tabIndex={0} aria-label={label}>
				<table>
					<TableHead columns={[axis, ...shown.map(({ id, name }) => numeric(name || id))]} />
					<tbody>
						{rows.slice(-tableRows).map((row) => (
							<tr key={row.x}>
								<td className="num">{formatX(row.x)}</td>
								{shown.map(({ id }) => (
									<td key={id} className="num">
										{row[rowKey(id)] === undefined ? '—' : formatY(row[rowKey(id)])}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
			<div className="row quiet-text">
				{words('rows', { shown: Math.min(rows.length, tableRows), all: rows.length })}
				<span className="spacer" />
				<IconButton
					label={words('csv')}
					size="small"
					onPress={() => saveText(`${label}.csv`, curvesCsv(curves, axis), 'text/csv')}
				>
					<Download size={14} aria-hidden />
				</IconButton>
			</div>
		</div>
	);
}
