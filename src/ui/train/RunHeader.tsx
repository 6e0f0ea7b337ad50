// State of the run in a word, how long it still takes, and the buttons that change it.

import { Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { isActive, type RunState } from '../../state/run';
import { stepsLeft } from '../../state/run-axis';
import { Badge, type Tone } from '../controls/Badge';
import { Button } from '../controls/Button';
import { durationText, roundedDuration } from '../number-words';
import { useRun } from '../run-store-context';
import { spokenStates } from '../shell/StatusLine';
import { shellWords } from '../words/shell-words';
import { trainWords } from '../words/train-words';
import { useLanguage, useWords } from '../words/words';

const tones: Record<RunState['kind'], Tone> = {
	idle: 'plain',
	preparing: 'accent',
	training: 'accent',
	paused: 'warn',
	stopping: 'accent',
	finished: 'ok',
	failed: 'bad',
};

/** Steps that must have been timed before a remaining time is told. */
const timedSteps = 20;

export function RunHeader() {
	const shell = useWords(shellWords);
	const run = useRun((state) => state.run);
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const stop = useRun((state) => state.stop);
	const t = useWords(trainWords);
	const [isPausing, setPausing] = useState(false);
	const hold = async () => {
		setPausing(true);
		await pause();
		setPausing(false);
	};
	return (
		<div className="row run-header">
			<Badge tone={tones[run.kind]}>
				<span className="dot" style={{ background: 'currentColor' }} />
				{shell(spokenStates[run.kind])}
			</Badge>
			<RunTimes />
			<span className="spacer" />
			{run.kind === 'paused' ? (
				<Button icon={<Play size={14} aria-hidden />} onPress={() => void resume()}>
					{shell('resume')}
				</Button>
			) : (
				<Button
					icon={<Pause size={14} aria-hidden />}
					isDisabled={run.kind !== 'training' || isPausing}
					onPress={() => void hold()}
				>
					{isPausing ? t('pausing') : shell('pause')}
				</Button>
			)}
			<Button
				icon={<Square size={14} aria-hidden />}
				isDisabled={!isActive(run) || run.kind === 'stopping'}
				onPress={() => void stop()}
			>
				{shell('stop')}
			</Button>
		</div>
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
		case 'stopping':
			return <span className="quiet-text">{t('stoppingText')}</span>;
		case 'finished': {
			const time = durationText(run.seconds, language);
			return (
				<span className="quiet-text num">
					{run.reason === 'completed' ? t('finishedIn', { time }) : t('stoppedAt', { time })}
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
						{isLastStage ? '' : ` (${stage.stage})`}
					</b>
					<span className="quiet-text"> · {soFar}</span>
				</span>
			);
		}
		default:
			return run satisfies never;
	}
}
