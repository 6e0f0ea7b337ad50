// The stages of the run: one track a stage, as wide as its planned epochs, with what it came to and how it may stop.

import { Check } from 'lucide-react';
import type { StageConfig } from '../../../experiment/config';
import { expectedEnd } from '../../../experiment/stage-end';
import { isActive, type StageProgress } from '../../../state/run-progress';
import { useRun } from '../../context/run-store-context';
import { Dot } from '../../kit/controls/Badge';
import { shareOf } from '../../parts/run-state-display';
import { stageName } from '../../parts/stage-name';
import { lossText, points } from '../../words/number-words';
import { type Translate, useWords } from '../../words/words';
import { trainWords } from './train-words';

export function StageLine() {
	const t = useWords(trainWords);
	const stages = useRun((state) => state.stages);
	const config = useRun((state) => state.config);
	const run = useRun((state) => state.run);
	const epochs = useRun((state) => state.epochs);
	const canContinue = isActive(run) || run.kind === 'cut-off';
	const planned = config?.stages ?? [];
	if (planned.length === 0) return null;
	const widths = planned.map(({ epochs: count }) => `minmax(132px, ${Math.max(1, count)}fr)`).join(' ');
	return (
		<section className="train-stages" aria-label={t('stages')} style={{ gridTemplateColumns: widths }}>
			{planned.map((stage, index) => {
				const { name, objective, epochs: count } = stage;
				const progress = stages.find(({ stage }) => stage === name);
				const isLast = index === stages.length - 1;
				const state = progress?.summary ? 'done' : progress ? 'running' : 'waiting';
				const rows = epochs.filter((row) => row.stage === name);
				const best = rows.findLast(({ isBest }) => isBest);
				return (
					<div className="train-stage" key={name} data-state={state} data-active={isLast && isActive(run)}>
						<div className="row train-stage-name">
							{state === 'done' ? (
								<Check size={14} aria-hidden />
							) : (
								<Dot tone={state === 'running' ? 'running' : 'plain'} />
							)}
							<span className="medium clip">{stageName(t, name)}</span>
						</div>
						<div
							className="train-stage-track"
							role="progressbar"
							aria-label={stageName(t, name)}
							aria-valuemin={0}
							aria-valuemax={100}
							aria-valuenow={Math.round(progress ? shareOf(progress) * 100 : 0)}
						>
							<i style={{ width: `${progress ? shareOf(progress) * 100 : 0}%` }} />
							<BestNotch progress={progress} best={best} />
						</div>
						<div className="quiet-text num clip train-stage-text">
							{progress ? words(t, progress, objective === 'crf', best) : t('planned', { count })}
							{canContinue && state === 'running' && rows.length > 0 ? ` · ${endText(t, stage, rows)}` : ''}
						</div>
					</div>
				);
			})}
		</section>
	);
}

interface BestRow {
	stage: string;
	epoch: number;
	isBest: boolean;
	dev: { loss: number; scores?: { published: { micro: { f1: number } } } } | null;
}

/** What will end the stage if nothing improves, after the epochs that are done. */
function endText(t: Translate<typeof trainWords>, stage: StageConfig, rows: readonly BestRow[]): string {
	const done = rows.at(-1)?.epoch ?? 0;
	// Epochs that were not evaluated do not count against the patience.
	const sinceBest = rows.slice(rows.findLastIndex(({ isBest }) => isBest) + 1).filter(({ dev }) => dev !== null).length;
	const { by, epochsLeft } = expectedEnd(stage, done, sinceBest);
	return t(by === 'patience' ? 'stopsAfter' : 'endsAfter', { count: epochsLeft });
}

function BestNotch({ progress, best }: { progress: StageProgress | undefined; best: BestRow | undefined }) {
	if (!progress || !best) return null;
	const total =
		progress.summary && progress.summary.reason !== 'stopped' ? progress.summary.epochsRun : progress.epochs;
	return <b style={{ left: `${(best.epoch / Math.max(1, total)) * 100}%` }} />;
}

function words(
	t: Translate<typeof trainWords>,
	progress: StageProgress,
	isScored: boolean,
	best: BestRow | undefined,
): string {
	const { epoch, epochs, summary } = progress;
	const parts = [
		summary
			? t('epochsDone', { count: summary.epochsRun })
			: epoch === 0
				? t('planned', { count: epochs })
				: t('atEpoch', { epoch, epochs }),
	];
	if (best) {
		parts.push(t('best', { epoch: best.epoch }));
		parts.push(
			isScored ? `F1 ${points(best.dev?.scores?.published.micro.f1)}` : `${t('devShort')} ${lossText(best.dev?.loss)}`,
		);
	}
	return parts.join(' · ');
}
