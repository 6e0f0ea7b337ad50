// What the charts of a run share: what of the run they draw, the part of the axis that they show, colours of stages.

import type { ScoringRule } from '../../../experiment/events';
import { epochAt, stageStarts } from '../../../state/run-axis';
import type { RunStoreState, StageProgress } from '../../../state/run-progress';
import { useSlowRun } from '../../context/run-store-context';
import { type Curve, type StageBorder, thinned } from '../../kit/charts/curve';
import { stageName } from '../../parts/stage-name';
import { type Translate, useWords } from '../../words/words';
import { trainWords } from './train-words';

/** All epochs, the latest ones, or from one epoch to another. */
export type ChartRange = { kind: 'all' } | { kind: 'last' } | { kind: 'part'; from: number; to: number };

export interface RunChartProps {
	range: ChartRange;
	/** Asked for a part of the epochs, or for all of them. */
	onZoom(part: readonly [number, number] | null): void;
}

export interface ScoreChartProps extends RunChartProps {
	rule: ScoringRule;
}

const stageColors = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-5)', 'var(--chart-6)'];
/** Epochs of the short range. */
const lastEpochs = 20;
/** Charts are drawn again at most once in this time: drawing all of them takes longer than a step of a small run. */
const redrawMs = 1000;
/** Most points of a curve over epochs. */
const epochPoints = 200;

/** One object, so that a chart is drawn once for all that changed. */
const selectParts = ({ series, epochs, stages, entityTypes, resumedAt }: RunStoreState) => ({
	series,
	epochs,
	stages,
	entityTypes,
	resumedAt,
});

export interface RunChartParts extends ReturnType<typeof selectParts> {
	borders: StageBorder[];
	/** The part of the axis that is shown; undefined for all. */
	shown: readonly [number, number] | undefined;
	/** Where the run was taken up again. */
	notches: number[];
}

/** What a chart draws; each lags on its own. */
export function useRunChartParts(range: ChartRange): RunChartParts {
	const t = useWords(trainWords);
	const parts = useSlowRun(selectParts, redrawMs);
	const { stages, resumedAt } = parts;
	const borders = stageStarts(stages).map(({ stage, x }) => ({ name: stageName(t, stage), x }));
	const notches = resumedAt.map((step) => epochAt(stages, step));
	return { ...parts, borders, notches, shown: shownPart(range, endOf(parts)) };
}

/** Epochs so far, at least 1. */
export function endOf({ stages }: Pick<RunStoreState, 'stages'>): number {
	const last = stages.at(-1);
	return last ? Math.max(1, epochAt(stages, last.firstStep + last.step)) : 1;
}

function shownPart(range: ChartRange, end: number): RunChartParts['shown'] {
	switch (range.kind) {
		case 'all':
			return undefined;
		case 'last':
			return end > lastEpochs ? [end - lastEpochs, end] : undefined;
		case 'part':
			return [range.from, range.to];
		default:
			return range satisfies never;
	}
}

/** How the curve of a stage looks; only the last one is named at its end. */
export function stageCurve(
	t: Translate<typeof trainWords>,
	stages: readonly StageProgress[],
	index: number,
): Pick<Curve, 'id' | 'name' | 'color'> {
	const id = stageName(t, stages[index].stage);
	return { id, name: index === stages.length - 1 ? id : '', color: stageColors[index % stageColors.length] };
}

/** Curves over epochs as they are drawn: those with values, in a bounded number of points. */
export function shownCurves(curves: readonly Curve[]): Curve[] {
	return curves
		.filter(({ points }) => points.length > 0)
		.map((curve) => ({ ...curve, points: thinned(curve.points, epochPoints, curve.markedX) }));
}

export const epochText = (x: number) => String(Math.round(x * 100) / 100);

export function compact(value: number): string {
	if (Math.abs(value) >= 1e6) return value.toExponential(0).replace('+', '');
	return Math.abs(value) >= 1000 ? `${(value / 1000).toPrecision(3)}k` : String(Number(value.toPrecision(3)));
}
