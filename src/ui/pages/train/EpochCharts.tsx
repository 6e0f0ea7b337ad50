// The charts of what each epoch of a run says: scores, F1 of each type, dev loss.

import { memo, useState } from 'react';
import { epochAt } from '../../../state/run-axis';
import type { EpochRow } from '../../../state/run-progress';
import { ownValue } from '../../../util/own-value';
import type { Curve } from '../../kit/charts/curve';
import { Badge } from '../../kit/controls/Badge';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { lossText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { RunChart } from './RunChart';
import {
	compact,
	epochText,
	type RunChartParts,
	type RunChartProps,
	type ScoreChartProps,
	shownCurves,
	stageCurve,
	useRunChartParts,
} from './run-chart-parts';
import { trainWords } from './train-words';

function scoredRows({ epochs, stages }: RunChartParts): { rows: EpochRow[]; x(row: EpochRow): number } {
	return { rows: epochs.filter(({ dev }) => dev?.scores), x: (row) => epochAt(stages, row.step) };
}

const choices = ['both', 'dev', 'test'] as const;
type Choice = (typeof choices)[number];

export const ScoreChart = memo(function ScoreChart({ range, onZoom, rule }: ScoreChartProps) {
	const [choice, setChoice] = useState<Choice>('both');
	const t = useWords(trainWords);
	const parts = useRunChartParts(range);
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
	const micro = (split: 'dev' | 'test', measure: 'f1' | 'precision' | 'recall') =>
		line((row) => row[split]?.scores?.[rule].micro[measure]);
	const measures = (split: 'dev' | 'test'): Curve[] =>
		(['precision', 'recall'] as const).map((measure, index) => {
			const points = micro(split, measure);
			const color = choice === 'both' ? 'var(--chart-mute)' : `var(--chart-${3 + 2 * index})`;
			return { id: `${split} ${t(measure)}`, name: t(measure), color, points, lastText: lastOf(points) };
		});
	const f1 = (split: 'dev' | 'test'): Curve => {
		const points = micro(split, 'f1');
		return split === 'dev'
			? {
					id: 'dev F1',
					name: t('devShort'),
					color: 'var(--chart-1)',
					points,
					lastText: lastOf(points),
					markedX: best.x,
				}
			: {
					id: 'test F1',
					name: t('testShort'),
					color: 'var(--chart-2)',
					points,
					stroke: 'dashed',
					lastText: lastOf(points),
				};
	};
	const curves = {
		both: () => [...measures('dev'), f1('test'), f1('dev')],
		dev: () => [...measures('dev'), f1('dev')],
		test: () => [...measures('test'), f1('test')],
	}[choice]();
	return (
		<RunChart
			label={t('scores')}
			title={t('scoresTitle')}
			controls={
				<>
					<Badge>{t(rule)}</Badge>
					<Dropdown
						label={t('shownScores')}
						options={choices.map((id) => ({ id, label: t(`shownScores.${id}`) }))}
						value={choice}
						onChange={setChoice}
					/>
				</>
			}
			curves={shownCurves(curves)}
			parts={parts}
			onZoom={onZoom}
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
			formatY={(y) => String(Number(y.toFixed(1)))}
		/>
	);
});

export const TypeChart = memo(function TypeChart({ range, onZoom, rule }: ScoreChartProps) {
	const [split, setSplit] = useState<'dev' | 'test'>('dev');
	const t = useWords(trainWords);
	const parts = useRunChartParts(range);
	const types = parts.entityTypes;
	const { rows, x } = scoredRows(parts);
	const named = [...new Set(rows.flatMap((row) => Object.keys(row[split]?.scores?.[rule].perType ?? {})))];
	const curves: Curve[] = named.map((type) => {
		const points = rows.flatMap((row) => {
			const scores = row[split]?.scores?.[rule].perType;
			const y = scores && ownValue(scores, type)?.f1;
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
		<RunChart
			label={t('typesTitle')}
			title={t('typesTitle')}
			controls={
				<>
					<Badge>{t(rule)}</Badge>
					<Segments
						label={t('split')}
						options={(['dev', 'test'] as const).map((id) => ({ id, label: t(id) }))}
						value={split}
						onChange={setSplit}
					/>
				</>
			}
			curves={shownCurves(curves)}
			parts={parts}
			onZoom={onZoom}
			gist={t('typesGist', {
				split: t(split),
				values: curves.map(({ name, lastText }) => `${name} ${lastText}`).join(', '),
			})}
			empty={t('typesEmpty')}
			formatY={(y) => String(Number(y.toFixed(1)))}
		/>
	);
});

export const DevLossChart = memo(function DevLossChart({ range, onZoom }: RunChartProps) {
	const t = useWords(trainWords);
	const parts = useRunChartParts(range);
	const { epochs, stages: progress } = parts;
	const last = epochs.findLast(({ dev }) => dev !== null);
	const curves: Curve[] = progress.map(({ stage }, index) => {
		const rows = epochs.filter((row) => row.stage === stage && row.dev !== null);
		const points = rows.map((row) => ({ x: epochAt(progress, row.step), y: row.dev?.loss ?? 0 }));
		const best = rows.findLast(({ isBest }) => isBest);
		return {
			...stageCurve(t, progress, index),
			points,
			lastText: lossText(points.at(-1)?.y),
			markedX: best && epochAt(progress, best.step),
		};
	});
	return (
		<RunChart
			label={t('devLossTitle')}
			title={t('devLossTitle')}
			curves={shownCurves(curves)}
			parts={parts}
			onZoom={onZoom}
			gist={last ? t('devLossGist', { value: lossText(last.dev?.loss), epoch: last.epoch }) : ''}
			empty={t('devLossEmpty')}
			formatY={compact}
		/>
	);
});
