// The stages of the run as bars, with what each came to.

import type { StageProgress } from '../../state/run';
import { lossText, points } from '../number-words';
import { useRun } from '../run-store-context';

export function StageLine() {
	const stages = useRun((state) => state.stages);
	if (stages.length === 0) return null;
	return (
		<ol className="stage-line" aria-label="Stages">
			{stages.map((progress) => (
				<li key={progress.stage}>
					<strong>{progress.stage}</strong>
					<progress
						aria-label={progress.stage}
						max={progress.epochs * progress.stepsPerEpoch}
						value={barValue(progress)}
					/>
					<span className="hint">{words(progress)}</span>
				</li>
			))}
		</ol>
	);
}

/** A stage that ended early is full all the same: there is nothing left to do in it. */
function barValue({ summary, step, epochs, stepsPerEpoch }: StageProgress): number {
	return summary && summary.reason !== 'stopped' ? epochs * stepsPerEpoch : step;
}

function words({ epoch, epochs, summary, stage }: StageProgress): string {
	if (!summary) return epoch === 0 ? `${count(epochs)} planned` : `epoch ${epoch} of ${epochs}`;
	if (summary.bestEpoch === 0) return count(summary.epochsRun);
	const value =
		stage === 'contrastive' ? `dev loss ${lossText(summary.bestValue)}` : `dev F1 ${points(summary.bestValue)}`;
	return `${count(summary.epochsRun)} · best ${summary.bestEpoch} · ${value}`;
}

function count(epochs: number): string {
	return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}
