// The run in small, on every place: its state, its stages, pause; a ring on the rail.

import { Pause, Play } from 'lucide-react';
import { isActiveKind, type RunState, type StageProgress, statusOfKind } from '../../state/run-progress';
import { Dot, type Tone } from '../controls/Badge';
import { IconButton } from '../controls/Button';
import { routeHref, useRoute } from '../navigation/navigation';
import { useRun } from '../run-store-context';
import { stageName } from '../train/stage-name';
import { useRunItem } from '../train/use-run-item';
import { useRunElsewhere } from '../train-context';
import { shellWords } from '../words/shell-words';
import { stageWords } from '../words/stage-words';
import { useWords } from '../words/words';

/** How the state of a run looks everywhere. */
export const stateTones: Record<RunState['kind'], Tone | 'running'> = {
	idle: 'plain',
	preparing: 'running',
	training: 'running',
	paused: 'warn',
	'cut-off': 'warn',
	recovering: 'running',
	stopping: 'running',
	stopped: 'plain',
	finished: 'ok',
	failed: 'bad',
};

export function RunDock() {
	const t = useWords(shellWords);
	const tStage = useWords(stageWords);
	const own = useRun((state) => state.run);
	const ownStages = useRun((state) => state.stages);
	const elsewhere = useRunElsewhere();
	const elsewhereItem = useRunItem(elsewhere?.runId ?? null);
	const elsewhereName = elsewhereItem?.name ?? elsewhere?.name ?? '';
	const run = elsewhere ?? own;
	const stages = elsewhere?.stages ?? ownStages;
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const status = statusOfKind[run.kind];
	const stage = stages.at(-1);
	const href = routeHref('train', elsewhere?.runId ? [elsewhere.runId] : []);
	// There the run has its own buttons.
	const isOtherPlace = useRoute().place !== 'train';
	return (
		<>
			<a className="nav-link run-ring" href={href} aria-label={`${t('run')}: ${t(status)}`}>
				<Ring share={stage ? shareOf(stage) : 0} isActive={isActiveKind(run.kind)} />
			</a>
			<section className="dock" aria-label={t('run')}>
				<div className="row">
					<Dot tone={stateTones[run.kind]} />
					<span className="clip medium">{run.kind === 'idle' ? t('noRun') : t(status)}</span>
					<span className="spacer" />
					<a href={href}>{run.kind === 'idle' ? t('startOne') : t('open')}</a>
				</div>
				{elsewhere && (
					<div className="quiet-text clip">
						{elsewhereName === '' ? t('inAnotherTab') : t('runInAnotherTab', { name: elsewhereName })}
					</div>
				)}
				{stages.length > 0 && (
					<div className="mini-stages" aria-hidden>
						{stages.map((progress, index) => (
							<span key={progress.stage} data-running={index === stages.length - 1 && isActiveKind(run.kind)}>
								<i style={{ width: `${shareOf(progress) * 100}%` }} />
							</span>
						))}
					</div>
				)}
				{stage && (
					<div className="row quiet-text">
						<span className="num clip">
							{stageName(tStage, stage.stage)} · {t('epoch', { epoch: stage.epoch })}
						</span>
						<span className="spacer" />
						{isOtherPlace && !elsewhere && run.kind === 'training' && (
							<IconButton label={t('pause')} size="small" onPress={() => void pause()}>
								<Pause size={14} aria-hidden />
							</IconButton>
						)}
						{isOtherPlace && !elsewhere && (run.kind === 'paused' || run.kind === 'cut-off') && (
							<IconButton label={t('resume')} size="small" onPress={() => void resume()}>
								<Play size={14} aria-hidden />
							</IconButton>
						)}
					</div>
				)}
			</section>
		</>
	);
}

/** Done part of a stage, 1 when it ended early: there is nothing left to do in it. */
export function shareOf({ summary, step, epochs, stepsPerEpoch }: StageProgress): number {
	if (summary && summary.reason !== 'stopped') return 1;
	return Math.min(1, step / Math.max(1, epochs * stepsPerEpoch));
}

const radius = 7;
const circumference = 2 * Math.PI * radius;

function Ring({ share, isActive }: { share: number; isActive: boolean }) {
	return (
		<svg width={20} height={20} viewBox="0 0 20 20" aria-hidden>
			<circle cx={10} cy={10} r={radius} fill="none" stroke="var(--bg-active)" strokeWidth={2.5} />
			<circle
				cx={10}
				cy={10}
				r={radius}
				fill="none"
				stroke={isActive ? 'var(--accent)' : 'var(--text-3)'}
				strokeWidth={2.5}
				strokeDasharray={`${circumference * share} ${circumference}`}
				strokeLinecap="round"
				transform="rotate(-90 10 10)"
			/>
		</svg>
	);
}
