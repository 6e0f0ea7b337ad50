// The run in figures, beside the charts.

import { countText, lossText, rateText } from '../number-words';
import { useRun } from '../run-store-context';

export function RunFacts() {
	const device = useRun((state) => state.device);
	const parameterCount = useRun((state) => state.parameterCount);
	const lastStep = useRun((state) => state.lastStep);
	const stages = useRun((state) => state.stages);
	const warnings = useRun((state) => state.warnings);
	const stage = stages.at(-1);
	const steps = stage ? stage.firstStep + stage.step : 0;
	return (
		<section className="facts" aria-label="Run">
			<dl>
				<dt>Back end</dt>
				<dd>{device?.info.name ?? '—'}</dd>
				<dt>Parameters</dt>
				<dd>{parameterCount ? countText(parameterCount) : '—'}</dd>
				<dt>Steps</dt>
				<dd data-testid="steps" data-value={steps}>
					{countText(steps)}
				</dd>
				<dt>Loss</dt>
				<dd data-testid="last-loss" data-value={lastStep?.loss}>
					{lossText(lastStep?.loss)}
				</dd>
				<dt>Learning rate</dt>
				<dd>{lastStep ? rateText(lastStep.learningRate) : '—'}</dd>
				<dt>Time a step</dt>
				<dd>{lastStep ? `${(lastStep.secondsPerStep * 1000).toFixed(0)} ms` : '—'}</dd>
			</dl>
			{warnings.length > 0 && (
				<ul className="warnings">
					{warnings.map(({ code, message }) => (
						<li key={`${code} ${message}`}>{message}</li>
					))}
				</ul>
			)}
		</section>
	);
}
