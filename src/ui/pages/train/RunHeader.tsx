// State of the run in a word, how long it still takes, and the buttons that change it.

import { Orbit, Pause, Play, Square, Table2 } from 'lucide-react';
import { useState } from 'react';
import { stepsLeft } from '../../../state/run-axis';
import { isActive, type RunState, statusOfKind } from '../../../state/run-progress';
import { useRun } from '../../context/run-store-context';
import { useLiveRun } from '../../context/train-context';
import { Badge, type Tone } from '../../kit/controls/Badge';
import { Button } from '../../kit/controls/Button';
import { go } from '../../navigation/navigation';
import { stageName } from '../../parts/stage-name';
import { useIsResumable } from '../../parts/use-run-item';
import { commonWords } from '../../words/common-words';
import { durationText, roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';

const tones: Record<RunState['kind'], Tone> = {
	idle: 'plain',
	preparing: 'accent',
	training: 'accent',
	paused: 'warn',
	'cut-off': 'warn',
	recovering: 'accent',
	stopping: 'accent',
	stopped: 'plain',
	finished: 'ok',
	failed: 'bad',
};

/** Steps that must have been timed before a remaining time is told. */
const timedSteps = 20;

export function RunHeader() {
	const shell = useWords(commonWords);
	const run = useRun((state) => state.run);
	return (
		<div className="row">
			<Badge tone={tones[run.kind]} size="large">
				<span className="dot" style={{ background: 'currentColor' }} />
				{shell(statusOfKind[run.kind])}
			</Badge>
			<RunTimes />
			<span className="spacer" />
			<RunLinks />
			<RunButtons />
		</div>
	);
}

/** What a run that has come to an end leads to. */
function RunLinks() {
	const shell = useWords(commonWords);
	const run = useRun((state) => state.run);
	const runId = useRun((state) => state.runId);
	const hasEpochs = useRun((state) => state.epochs.length > 0);
	if (!runId || !hasEpochs || !['finished', 'stopped', 'failed'].includes(run.kind)) return null;
	return (
		<>
			<Button icon={<Orbit size={14} aria-hidden />} onPress={() => go('space', [runId])}>
				{shell('space')}
			</Button>
			<Button icon={<Table2 size={14} aria-hidden />} onPress={() => go('results', [runId])}>
				{shell('results')}
			</Button>
		</>
	);
}

function RunButtons() {
	const shell = useWords(commonWords);
	const t = useWords(trainWords);
	const run = useRun((state) => state.run);
	const runId = useRun((state) => state.runId);
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const continueRun = useRun((state) => state.continueRun);
	const stop = useRun((state) => state.stop);
	const isResumable = useIsResumable(runId);
	const isInOtherTab = useLiveRun((state) => state.runId !== runId);
	const canBegin = useLiveRun((state) => state.device !== null && !isActive(state.run));
	const [isPausing, setPausing] = useState(false);
	const hold = async () => {
		setPausing(true);
		await pause();
		setPausing(false);
	};
	const goOn = () => {
		if (run.kind === 'paused') return void resume();
		if (runId) void continueRun(runId);
		go('train');
	};
	if (isInOtherTab && runId !== null && isActive(run)) {
		return <span className="quiet-text">{t('trainsInOtherTab')}</span>;
	}
	const isHeld = run.kind === 'paused' || run.kind === 'cut-off' || (run.kind === 'stopped' && isResumable);
	if (isHeld) {
		return (
			<>
				<Button icon={<Play size={14} aria-hidden />} isDisabled={run.kind !== 'paused' && !canBegin} onPress={goOn}>
					{shell('resume')}
				</Button>
				{run.kind !== 'stopped' && <StopButton onPress={() => void stop()} />}
			</>
		);
	}
	if (run.kind === 'finished' || run.kind === 'stopped' || run.kind === 'failed' || run.kind === 'idle') return null;
	return (
		<>
			<Button
				icon={<Pause size={14} aria-hidden />}
				isDisabled={run.kind !== 'training' || isPausing}
				onPress={() => void hold()}
			>
				{isPausing ? t('pausing') : shell('pause')}
			</Button>
			<StopButton isDisabled={run.kind === 'stopping'} onPress={() => void stop()} />
		</>
	);
}

function StopButton({ isDisabled, onPress }: { isDisabled?: boolean; onPress(): void }) {
	const shell = useWords(commonWords);
	return (
		<Button icon={<Square size={14} aria-hidden />} isDisabled={isDisabled} onPress={onPress}>
			{shell('stop')}
		</Button>
	);
}

function RunTimes() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const run = useRun((state) => state.run);
	const stages = useRun((state) => state.stages);
	const pace = useRun((state) => state.pace);
	const workSeconds = useRun((state) => state.workSeconds);
	const config = useRun((state) => state.config);
	const soFar = t('soFar', { time: durationText(workSeconds, language) });
	switch (run.kind) {
		case 'idle':
			return <span className="quiet-text">{t('idleText')}</span>;
		case 'preparing':
			return <span className="quiet-text">{t('preparing')}</span>;
		case 'paused':
			return (
				<span className="quiet-text">
					{t('pausedText')} {soFar}
				</span>
			);
		case 'cut-off':
			return <span className="quiet-text">{soFar}</span>;
		case 'recovering':
			return <span className="quiet-text">{t('deviceReopening')}</span>;
		case 'stopping':
			return <span className="quiet-text">{t('stoppingText')}</span>;
		case 'stopped':
		case 'finished': {
			const time = durationText(run.seconds, language);
			return (
				<span className="quiet-text num">
					{run.kind === 'finished' ? t('finishedIn', { time }) : t('stoppedAt', { time })}
				</span>
			);
		}
		case 'failed':
			return <span className="quiet-text">{t('failedText')}</span>;
		case 'training': {
			const stage = stages.at(-1);
			if (!stage || !pace || pace.steps < timedSteps)
				return <span className="quiet-text num">{`${t('measuring')} · ${soFar}`}</span>;
			const isLastStage = config !== null && config.stages.at(-1)?.name === stage.stage;
			const left = roundedDuration(stepsLeft(stage) * pace.secondsPerStep, language);
			// Time of the stages to come is not known before they run.
			return (
				<span className="num clip">
					<b className="strong">
						{t('timeLeftAtMost', { time: left })}
						{isLastStage ? '' : ` (${stageName(t, stage.stage)})`}
					</b>
					<span className="quiet-text"> · {soFar}</span>
				</span>
			);
		}
		default:
			return run satisfies never;
	}
}
