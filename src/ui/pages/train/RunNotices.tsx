// What the user should know of the run before its curves: that a closed page cut it off, that its device was lost, why
// it failed and how it can be resumed.

import { RotateCw } from 'lucide-react';
import { isActive, stepsOf } from '../../../state/run-progress';
import { useRun } from '../../context/run-store-context';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { go } from '../../navigation/navigation';
import { stageName } from '../../parts/stage-name';
import { useIsResumable } from '../../parts/use-run-item';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { SavedRun } from './SavedRun';
import { trainWords } from './train-words';

export function RunNotices() {
	return (
		<>
			<Recovered />
			<Failed />
			<SavedRun />
		</>
	);
}

function Recovered() {
	const t = useWords(trainWords);
	const run = useRun((state) => state.run);
	const recovery = useRun((state) => state.recovery);
	if (run.kind === 'recovering') {
		return (
			<div className="notice notice-warn" role="alert" data-notice="device-lost">
				<strong>{t('deviceLost')}</strong>
				<p>{t('deviceReopening')}</p>
			</div>
		);
	}
	if (!recovery) return null;
	const { lostStep, resumedStep, deviceLabel, isMoved } = recovery;
	return (
		<div className="notice notice-warn" role="note" data-notice="device-lost">
			<strong>
				{resumedStep === 0
					? t('deviceLostEarly')
					: t('deviceLostAt', { lost: countText(lostStep), step: countText(resumedStep) })}
			</strong>
			<p>
				{t('deviceAgain', { count: Math.max(0, lostStep - resumedStep) })}{' '}
				{t(isMoved ? 'deviceMoved' : 'deviceGoesOn', { device: deviceLabel })}
			</p>
		</div>
	);
}

/** A run that ended badly: where, why, what it can be resumed from. */
function Failed() {
	const t = useWords(trainWords);
	const problem = useRun((state) => state.problem);
	const runId = useRun((state) => state.runId);
	const lastGood = useRun((state) => state.lastGood);
	const run = useRun((state) => state.run);
	const stages = useRun((state) => state.stages);
	const continueRun = useRun((state) => state.continueRun);
	const isResumable = useIsResumable(runId) && !isActive(run);
	if (!problem) return null;
	const goOn = (factor?: number) => {
		if (!runId) return;
		void continueRun(runId, factor);
		go('train');
	};
	if (problem.kind !== 'run-ended') {
		return (
			<ProblemNotice problem={problem}>
				{isResumable && run.kind === 'failed' && (
					<Button icon={<RotateCw size={14} aria-hidden />} onPress={() => goOn()}>
						{t('resumeLast')}
					</Button>
				)}
			</ProblemNotice>
		);
	}
	const isNotANumber = problem.reason === 'not-a-number';
	const isOutOfMemory = problem.reason === 'out-of-memory';
	const stage = stages.at(-1);
	const title = isNotANumber
		? t('lossNotANumber', { step: countText(stepsOf(stages) + 1), stage: stage ? stageName(t, stage.stage) : '' })
		: t(isOutOfMemory ? 'memoryGone' : 'deviceGone');
	const cause = isNotANumber ? 'likelyCause' : isOutOfMemory ? 'memoryCause' : 'deviceCause';
	return (
		<div className="notice notice-bad" role="alert" data-code={problem.reason}>
			<strong>{title}</strong>
			<p>
				{lastGood
					? t('lastGood', { step: countText(lastGood.step), stage: stageName(t, lastGood.stage) })
					: t('nothingGood')}{' '}
				{t(cause)}
				{isNotANumber && isResumable && ` ${t('resumesFromBest')}`}
			</p>
			{!isNotANumber && <p className="quiet-text">{problem.message}</p>}
			<div className="row wrap notice-actions">
				{isResumable && (
					<Button icon={<RotateCw size={14} aria-hidden />} onPress={() => goOn(isNotANumber ? 0.5 : undefined)}>
						{t(isNotANumber ? 'resumeSlower' : 'resumeLast')}
					</Button>
				)}
				{runId && <Button onPress={() => go('train', ['new'], { from: runId })}>{t('openSettings')}</Button>}
			</div>
		</div>
	);
}
