// The run in small, on every page: its state, its stages, pause; a ring on the rail.

import { Pause, Play } from 'lucide-react';
import { isActiveKind, statusOfKind } from '../../state/run-progress';
import { useRun } from '../context/run-store-context';
import { useRunInOtherTab } from '../context/train-context';
import { Dot } from '../kit/controls/Badge';
import { IconButton } from '../kit/controls/Button';
import { routeHref, useRoute } from '../navigation/navigation';
import { shareOf, stateTones } from '../parts/run-state-display';
import { stageName } from '../parts/stage-name';
import { stageWords } from '../parts/stage-words';
import { useRunItem } from '../parts/use-run-item';
import { useWords } from '../words/words';
import { shellWords } from './shell-words';

export function RunDock() {
	const t = useWords(shellWords);
	const tStage = useWords(stageWords);
	const own = useRun((state) => state.run);
	const ownStages = useRun((state) => state.stages);
	const otherTab = useRunInOtherTab();
	const otherTabItem = useRunItem(otherTab?.runId ?? null);
	const otherTabName = otherTabItem?.name ?? otherTab?.name ?? '';
	const run = otherTab ?? own;
	const stages = otherTab?.stages ?? ownStages;
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const status = statusOfKind[run.kind];
	const stage = stages.at(-1);
	const href = routeHref('train', otherTab?.runId ? [otherTab.runId] : []);
	// There the run has its own buttons.
	const isOtherPage = useRoute().page !== 'train';
	return (
		<>
			<a className="nav-link dock-ring" href={href} aria-label={`${t('run')}: ${t(status)}`}>
				<Ring share={stage ? shareOf(stage) : 0} isActive={isActiveKind(run.kind)} />
			</a>
			<section className="dock" aria-label={t('run')}>
				<div className="row dock-row">
					<Dot tone={stateTones[run.kind]} />
					<span className="clip medium">{run.kind === 'idle' ? t('noRun') : t(status)}</span>
					<span className="spacer" />
					<a href={href}>{run.kind === 'idle' ? t('startOne') : t('open')}</a>
				</div>
				{otherTab && (
					<div className="quiet-text clip">
						{otherTabName === '' ? t('inAnotherTab') : t('runInAnotherTab', { name: otherTabName })}
					</div>
				)}
				{stages.length > 0 && (
					<div className="dock-stages" aria-hidden>
						{stages.map((progress, index) => (
							<span key={progress.stage} data-running={index === stages.length - 1 && isActiveKind(run.kind)}>
								<i style={{ width: `${shareOf(progress) * 100}%` }} />
							</span>
						))}
					</div>
				)}
				{stage && (
					<div className="row quiet-text dock-row">
						<span className="num clip">
							{stageName(tStage, stage.stage)} · {t('epoch', { epoch: stage.epoch })}
						</span>
						<span className="spacer" />
						{isOtherPage && !otherTab && run.kind === 'training' && (
							<IconButton label={t('pause')} size="small" onPress={() => void pause()}>
								<Pause size={14} aria-hidden />
							</IconButton>
						)}
						{isOtherPage && !otherTab && (run.kind === 'paused' || run.kind === 'cut-off') && (
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
