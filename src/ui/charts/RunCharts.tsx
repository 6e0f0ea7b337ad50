// The two curves of a run. Space is kept before they come, and recharts is loaded only with the first point.

import { lazy, type ReactNode, Suspense } from 'react';
import type { EpochRow } from '../../state/run';
import { lossText, points as pointsText } from '../number-words';
import { useRun } from '../run-store-context';

const LossChart = lazy(() => import('./LossChart'));
const ScoreChart = lazy(() => import('./ScoreChart'));

export function RunCharts() {
	const losses = useRun((state) => state.losses);
	const stages = useRun((state) => state.stages);
	const epochs = useRun((state) => state.epochs);
	const scored = epochs.filter(({ dev }) => dev?.scores);
	const last = losses.points.at(-1);
	return (
		<div className="charts">
			<ChartCard
				title="Loss, each step"
				gist={last ? `Loss is ${lossText(last.loss)} at step ${last.step}, stage ${last.stage}` : ''}
				empty="The loss of each step stands here."
				legend={stages.map(({ stage }, index) => (
					<span key={stage} className="key" data-line={index + 1}>
						{stage}
					</span>
				))}
			>
				{last ? <LossChart points={losses.points} stages={stages} /> : null}
			</ChartCard>
			<ChartCard
				title="F1, each epoch"
				gist={scored.length > 0 ? scoreGist(scored) : ''}
				empty="Dev and test F1 stand here once a CRF stage has finished an epoch."
				legend={
					<>
						<span className="key" data-line={1}>
							dev
						</span>
						<span className="key dashed" data-line={2}>
							test
						</span>
					</>
				}
			>
				{scored.length > 0 ? <ScoreChart epochs={epochs} /> : null}
			</ChartCard>
		</div>
	);
}

function scoreGist(scored: readonly EpochRow[]): string {
	const values = scored.map(({ dev }) => dev?.scores?.published.micro.f1 ?? 0);
	return `Dev F1 goes from ${pointsText(values[0])} to ${pointsText(values.at(-1))}, best ${pointsText(Math.max(...values))}`;
}

interface ChartCardProps {
	title: string;
	/** One sentence for those who do not see the curve; empty while there is none. */
	gist: string;
	empty: string;
	legend: ReactNode;
	children: ReactNode;
}

function ChartCard({ title, gist, empty, legend, children }: ChartCardProps) {
	return (
		<section className="card" aria-label={title}>
			<header>
				<h2>{title}</h2>
				<span className="legend">{gist ? legend : null}</span>
			</header>
			{children ? (
				<div className="plot" role="img" aria-label={gist}>
					<Suspense fallback={<p className="hint">Loading the chart</p>}>{children}</Suspense>
				</div>
			) : (
				<div className="plot">
					<p className="hint">{empty}</p>
				</div>
			)}
		</section>
	);
}
