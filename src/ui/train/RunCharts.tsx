// The four charts of a run: loss of each step, scores of each epoch, F1 of each type, dev loss.

import { memo, useState } from 'react';
import type { ScoringRule } from '../../experiment/events';
import { scoringRules } from '../../experiment/events';
import type { EpochRow, RunStoreState, StageProgress } from '../../state/run';
import { epochAt, stageStarts } from '../../state/run-axis';
import { ChartCard } from '../charts/ChartCard';
import { smoothed } from '../charts/chart-scale';
import { type Curve, type StageBorder, thinned } from '../charts/curve';
import { Badge } from '../controls/Badge';
import { Dropdown, Segments } from '../controls/Choice';
import { lossText } from '../number-words';
import { useSlowRun } from '../run-store-context';
import { entitySlot } from '../sentences/entity-slot';
import { chartWords } from '../words/chart-words';
import { trainWords } from '../words/train-words';
import { useWords } from '../words/words';
import { stageName } from './stage-name';

const stageColors = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-5)', 'var(--chart-6)'];
const smoothings = ['0', '0.6', '0.8', '0.95'] as const;
type Smoothing = (typeof smoothings)[number];
const ranges = ['all', 'last'] as const;
type Range = (typeof ranges)[number];
/** Epochs of the short range. */
const lastEpochs = 20;

/** Charts are drawn again at most once in this time: drawing four of them takes longer than a step of a small run. */
const redrawMs = 1000;
/** Most points of a curve over epochs. */
const epochPoints = 200;

/** One object, so that a chart is drawn once for all that changed. */
const selectParts = ({ losses, epochs, stages, entityTypes, resumedAt }: RunStoreState) => ({
	losses,
	epochs,
	stages,
	entityTypes,
	resumedAt,
});

interface ChartParts extends ReturnType<typeof selectParts> {
	borders: StageBorder[];
	/** The part of the axis that is shown; undefined for all. */
	shown: readonly [number, number] | undefined;
	/** Where the run was taken up again. */
	notches: number[];
}

export const RunCharts = memo(function RunCharts() {
	const words = useWords(chartWords);
	const [range, setRange] = useState<Range>('all');
	const [rule, setRule] = useState<ScoringRule>('published');
	return (
		<>
			<div className="row chart-tools">
				<ScorerChoice rule={rule} onChange={setRule} />
				<span className="spacer" />
				<Segments
					label={words('zoom')}
					options={[
						{ id: 'all', label: words('zoomAll') },
						{ id: 'last', label: words('zoomLast') },
					]}
					value={range}
					onChange={setRange}
				/>
			</div>
			<div className="charts">
				<LossChart range={range} />
				<ScoreChart range={range} rule={rule} />
				<TypeChart range={range} rule={rule} />
				<DevLossChart range={range} />
			</div>
		</>
	);
});

/** What a chart draws; each lags on its own. */
function useChartParts(range: Range): ChartParts {
	const t = useWords(trainWords);
	const parts = useSlowRun(selectParts, redrawMs);
	const { stages } = parts;
	const borders = stageStarts(stages).map(({ stage, x }) => ({ name: stageName(t, stage), x }));
	const end = stages.length === 0 ? 1 : Math.max(1, lastEpoch(stages));
	const notches = parts.resumedAt.map((step) => epochAt(stages, step));
	const shown = range === 'last' && end > lastEpochs ? ([end - lastEpochs, end] as const) : undefined;
	return { ...parts, borders, notches, shown };
}

function lastEpoch(stages: readonly StageProgress[]): number {
	const last = stages[stages.length - 1];
	return epochAt(stages, last.firstStep + last.step);
}

function ScorerChoice({ rule, onChange }: { rule: ScoringRule; onChange(rule: ScoringRule): void }) {
	const t = useWords(trainWords);
	return (
		<Segments
			label={t('scorer')}
			options={scoringRules.map((id) => ({ id, label: t(id) }))}
			value={rule}
			onChange={onChange}
		/>
	);
}

interface PartProps {
	range: Range;
}

const epochText = (x: number) => String(Math.round(x * 100) / 100);

const LossChart = memo(function LossChart({ range }: PartProps) {
	const t = useWords(trainWords);
	const words = useWords(chartWords);
	const { losses, stages: progress, borders, shown, notches } = useChartParts(range);
	const [scale, setScale] = useState<'linear' | 'log'>('linear');
	const [smoothing, setSmoothing] = useState<Smoothing>('0.8');
	const weight = Number(smoothing);
	const last = losses.points.at(-1);
	const curves = progress.flatMap(({ stage }, index): Curve[] => {
		const raw = losses.points
			.filter((point) => point.stage === stage && (scale === 'linear' || point.loss > 0))
			.map(({ step, loss }) => ({ x: epochAt(progress, step), y: loss }));
		const color = stageColors[index % stageColors.length];
		const isLast = index === progress.length - 1;
		const smooth = smoothed(
			raw.map(({ y }) => y),
			weight,
		).map((y, place) => ({ x: raw[place].x, y }));
		const name = stageName(t, stage);
		const ground: Curve[] =
			weight > 0
				? [{ id: `${stage} ${words('raw')}`, name: '', color, points: raw, look: 'faint', isGround: true }]
				: [];
		return [
			...ground,
			{ id: name, name: isLast ? name : '', color, points: smooth, lastText: lossText(smooth.at(-1)?.y) },
		];
	});
	return (
		<ChartCard
			label={t('loss')}
			title={t('lossTitle')}
			controls={
				<>
					<Segments
						label={words('scale')}
						options={[
							{ id: 'linear', label: words('linear') },
							{ id: 'log', label: words('log') },
						]}
						value={scale}
						onChange={setScale}
					/>
					<Dropdown
						label={words('smooth')}
						options={smoothings.map((id) => ({
							id,
							label: id === '0' ? words('raw') : words('smoothed', { weight: id }),
						}))}
						value={smoothing}
						onChange={setSmoothing}
					/>
				</>
			}
			curves={curves}
			stages={borders}
			range={shown}
			notches={notches}
			isLog={scale === 'log'}
			gist={last ? t('lossGist', { stage: stageName(t, last.stage), value: lossText(last.loss), step: last.step }) : ''}
			empty={t('lossEmpty')}
			axis={words('epochAxis')}
			formatX={epochText}
			formatY={(y) => (scale === 'log' ? y.toPrecision(1).replace(/e.*/, '') : compact(y))}
		/>
	);
});

function compact(value: number): string {
	if (Math.abs(value) >= 1e6) return value.toExponential(0).replace('+', '');
	return Math.abs(value) >= 1000 ? `${(value / 1000).toPrecision(3)}k` : String(Number(value.toPrecision(3)));
}

function scoredRows({ epochs, stages }: ChartParts): { rows: EpochRow[]; x(row: EpochRow): number } {
	return { rows: epochs.filter(({ dev }) => dev?.scores), x: (row) => epochAt(stages, row.step) };
}

const ScoreChart = memo(function ScoreChart({ range, rule }: PartProps & { rule: ScoringRule }) {
	const t = useWords(trainWords);
	const words = useWords(chartWords);
	const parts = useChartParts(range);
	const { rows, x } = scoredRows(parts);
	const line = (value: (row: EpochRow) => number | undefined) =>
		rows.flatMap((row) => {
			const y = value(row);
			return y === undefined ? [] : [{ x: x(row), y: y * 100 }];
		});
	const devF1 = line(({ dev }) => dev?.scores?.[rule].micro.f1);
	const best = devF1.reduce((top, point) => (point.y > top.y ? point : top), devF1[0] ?? { x: 0, y: 0 });
	const lastOf = (points: readonly { y: number }[]) =>
		points.length > 0 ? points[points.length - 1].y.toFixed(1) : '';
	const test = line((row) => row.test?.scores?.[rule].micro.f1);
	const precision = line(({ dev }) => dev?.scores?.[rule].micro.precision);
	const recall = line(({ dev }) => dev?.scores?.[rule].micro.recall);
	const curves: Curve[] = [
		{
			id: t('precision'),
			name: t('precision'),
			color: 'var(--chart-mute)',
			points: precision,
			lastText: lastOf(precision),
		},
		{ id: t('recall'), name: t('recall'), color: 'var(--chart-mute)', points: recall, lastText: lastOf(recall) },
		{ id: 'test', name: t('testShort'), color: 'var(--chart-2)', points: test, look: 'dashed', lastText: lastOf(test) },
		{
			id: 'dev',
			name: t('devShort'),
			color: 'var(--chart-1)',
			points: devF1,
			lastText: lastOf(devF1),
			markedX: best.x,
		},
	];
	return (
		<ChartCard
			label={t('scores')}
			title={t('scoresTitle')}
			controls={<Badge>{t(rule)}</Badge>}
			curves={shownCurves(curves)}
			stages={parts.borders}
			range={parts.shown}
			notches={parts.notches}
			gist={
				devF1.length > 0
					? t('scoresGist', {
							first: devF1[0].y.toFixed(1),
							last: lastOf(devF1),
							best: best.y.toFixed(1),
							epoch: epochText(best.x),
						})
					: ''
			}
			empty={t('scoresEmpty')}
			axis={words('epochAxis')}
			formatX={epochText}
			formatY={(y) => String(Number(y.toFixed(1)))}
		/>
	);
});

const TypeChart = memo(function TypeChart({ range, rule }: PartProps & { rule: ScoringRule }) {
	const t = useWords(trainWords);
	const words = useWords(chartWords);
	const parts = useChartParts(range);
	const types = parts.entityTypes;
	const { rows, x } = scoredRows(parts);
	const named = [...new Set(rows.flatMap(({ dev }) => Object.keys(dev?.scores?.[rule].perType ?? {})))];
	const curves: Curve[] = named.map((type) => {
		const points = rows.flatMap((row) => {
			const y = row.dev?.scores?.[rule].perType[type]?.f1;
			return y === undefined ? [] : [{ x: x(row), y: y * 100 }];
		});
		const shown = types.find((known) => known.toLowerCase() === type.toLowerCase()) ?? type;
		return {
			id: shown,
			name: shown,
			color: `var(--ent-${entitySlot(shown, types).slot}-text)`,
			points,
			lastText: points.at(-1)?.y.toFixed(1) ?? '',
		};
	});
	return (
		<ChartCard
			label={t('typesTitle')}
			title={t('typesTitle')}
			controls={<Badge>{t(rule)}</Badge>}
			curves={shownCurves(curves)}
			stages={parts.borders}
			range={parts.shown}
			notches={parts.notches}
			gist={t('typesGist', { values: curves.map(({ name, lastText }) => `${name} ${lastText}`).join(', ') })}
			empty={t('typesEmpty')}
			axis={words('epochAxis')}
			formatX={epochText}
			formatY={(y) => String(Number(y.toFixed(1)))}
		/>
	);
});

const DevLossChart = memo(function DevLossChart({ range }: PartProps) {
	const t = useWords(trainWords);
	const words = useWords(chartWords);
	const { epochs, stages: progress, borders, shown, notches } = useChartParts(range);
	const last = epochs.findLast(({ dev }) => dev !== null);
	const curves: Curve[] = progress.map(({ stage }, index) => {
		const rows = epochs.filter((row) => row.stage === stage && row.dev !== null);
		const points = rows.map((row) => ({ x: epochAt(progress, row.step), y: row.dev?.loss ?? 0 }));
		const best = rows.findLast(({ isBest }) => isBest);
		return {
			id: stageName(t, stage),
			name: index === progress.length - 1 ? stageName(t, stage) : '',
			color: stageColors[index % stageColors.length],
			points,
			lastText: lossText(points.at(-1)?.y),
			markedX: best && epochAt(progress, best.step),
		};
	});
	return (
		<ChartCard
			label={t('devLossTitle')}
			title={t('devLossTitle')}
			curves={shownCurves(curves)}
			stages={borders}
			range={shown}
			notches={notches}
			gist={last ? t('devLossGist', { value: lossText(last.dev?.loss), epoch: last.epoch }) : ''}
			empty={t('devLossEmpty')}
			axis={words('epochAxis')}
			formatX={epochText}
			formatY={compact}
		/>
	);
});

function shownCurves(curves: readonly Curve[]): Curve[] {
	return curves
		.filter(({ points }) => points.length > 0)
		.map((curve) => ({ ...curve, points: thinned(curve.points, epochPoints, curve.markedX) }));
}
