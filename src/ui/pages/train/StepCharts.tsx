// The charts of what each step of a run says: loss, learning rate, and how fast training goes.

import { memo, useState } from 'react';
import { epochAt } from '../../../state/run-axis';
import type { SeriesPoint } from '../../../state/step-series';
import { smoothed } from '../../kit/charts/chart-scale';
import { chartWords } from '../../kit/charts/chart-words';
import type { Curve } from '../../kit/charts/curve';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { stageName } from '../../parts/stage-name';
import { lossText, rateText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { RunChart } from './RunChart';
import { compact, type RunChartProps, stageCurve, useRunChartParts } from './run-chart-parts';
import { trainWords } from './train-words';

const smoothings = ['0', '0.6', '0.8', '0.95'] as const;
type Smoothing = (typeof smoothings)[number];

export const LossChart = memo(function LossChart({ range, onZoom }: RunChartProps) {
	const t = useWords(trainWords);
	const words = useWords(chartWords);
	const parts = useRunChartParts(range);
	const { series, stages: progress } = parts;
	const [scale, setScale] = useState<'linear' | 'log'>('linear');
	const [smoothing, setSmoothing] = useState<Smoothing>('0.8');
	const weight = Number(smoothing);
	const last = series.points.at(-1);
	const curves = progress.flatMap(({ stage }, index): Curve[] => {
		const raw = series.points
			.filter((point) => point.stage === stage && (scale === 'linear' || point.loss > 0))
			.map(({ step, loss }) => ({ x: epochAt(progress, step), y: loss }));
		const curve = stageCurve(t, progress, index);
		const smooth = smoothed(
			raw.map(({ y }) => y),
			weight,
		).map((y, position) => ({ x: raw[position].x, y }));
		const { color } = curve;
		const ground: Curve[] =
			weight > 0
				? [{ id: `${stage} ${words('raw')}`, name: '', color, points: raw, stroke: 'faint', isGround: true }]
				: [];
		return [...ground, { ...curve, points: smooth, lastText: lossText(smooth.at(-1)?.y) }];
	});
	return (
		<RunChart
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
			parts={parts}
			onZoom={onZoom}
			isLog={scale === 'log'}
			gist={last ? t('lossGist', { stage: stageName(t, last.stage), value: lossText(last.loss), step: last.step }) : ''}
			empty={t('lossEmpty')}
			formatY={compact}
		/>
	);
});

/** Height of the charts that are looked at less. */
const lowHeight = 130;

interface StepCurves {
	curves: Curve[];
	last: SeriesPoint | undefined;
	chart: ReturnType<typeof useRunChartParts>;
}

/** One value of each step as a curve a stage. */
function useStepCurves(
	range: RunChartProps['range'],
	valuesOf: (points: readonly SeriesPoint[]) => number[],
	text: (value: number) => string,
): StepCurves {
	const t = useWords(trainWords);
	const chart = useRunChartParts(range);
	const { series, stages } = chart;
	const curves = stages.map(({ stage }, index): Curve => {
		const own = series.points.filter((point) => point.stage === stage);
		const values = valuesOf(own);
		const points = own.map(({ step }, position) => ({ x: epochAt(stages, step), y: values[position] }));
		const lastText = points.length > 0 ? text(points[points.length - 1].y) : '';
		return { ...stageCurve(t, stages, index), points, lastText };
	});
	return { curves, last: series.points.at(-1), chart };
}

const learningRates = (points: readonly SeriesPoint[]) => points.map(({ learningRate }) => learningRate);

export const RateChart = memo(function RateChart({ range, onZoom }: RunChartProps) {
	const t = useWords(trainWords);
	const { curves, last, chart } = useStepCurves(range, learningRates, rateText);
	return (
		<RunChart
			label={t('rateTitle')}
			title={t('rateTitle')}
			curves={curves}
			parts={chart}
			onZoom={onZoom}
			gist={last ? t('rateGist', { value: rateText(last.learningRate), step: last.step }) : ''}
			empty={t('rateEmpty')}
			height={lowHeight}
			formatY={(rate) => (rate === 0 ? '0' : rateText(rate).replace('.0e', 'e'))}
		/>
	);
});

/** Single steps are timed too coarsely to be drawn as they are. */
const paceSmoothing = 0.9;

/** Steps a second at each point, smoothed over its stage. */
function paces(points: readonly SeriesPoint[]): number[] {
	const seconds = smoothed(
		points.map((point) => point.seconds),
		paceSmoothing,
	);
	return seconds.map((mean) => (mean > 0 ? 1 / mean : 0));
}

export const PaceChart = memo(function PaceChart({ range, onZoom }: RunChartProps) {
	const t = useWords(trainWords);
	const text = (rate: number) => rate.toFixed(1);
	const { curves, last, chart } = useStepCurves(range, paces, text);
	const pace = curves.at(-1)?.lastText ?? '';
	return (
		<RunChart
			label={t('paceTitle')}
			title={t('paceTitle')}
			curves={curves}
			parts={chart}
			onZoom={onZoom}
			gist={last ? t('paceGist', { value: pace, step: last.step }) : ''}
			empty={t('paceEmpty')}
			height={lowHeight}
			formatY={compact}
		/>
	);
});
