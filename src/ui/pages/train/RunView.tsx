// One run: state, stages, curves, epochs, log; the one under way or an earlier one, by the store above it.

import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { isActive } from '../../../state/run-progress';
import { useCommands } from '../../context/commands-context';
import { useRun } from '../../context/run-store-context';
import { useQueue } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go } from '../../navigation/navigation';
import { useNamedObject } from '../../navigation/use-named-object';
import { useRunItem } from '../../parts/use-run-item';
import { commonWords } from '../../words/common-words';
import { roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { EpochTable } from './EpochTable';
import { RunCharts } from './RunCharts';
import { RunHeader } from './RunHeader';
import { RunLog } from './RunLog';
import { RunNotices } from './RunNotices';
import { RunPanel } from './RunPanel';
import { StageLine } from './StageLine';
import { trainWords } from './train-words';

export function RunView() {
	const t = useWords(trainWords);
	const shell = useWords(commonWords);
	const config = useRun((state) => state.config);
	const item = useRunItem(useRun((state) => state.runId));
	useRunCommands();
	useNameAfterEnd();
	const crumbs = config ? [{ label: item?.name ?? config.preset }, { label: t('seed', { seed: config.seed }) }] : [];
	const newRun = (
		<Button icon={<Plus size={14} aria-hidden />} onPress={() => go('train', ['new'])}>
			{t('newRun')}
		</Button>
	);
	return (
		<PageFrame page="train" crumbs={crumbs} actions={newRun} side={{ label: shell('run'), content: <RunPanel /> }}>
			<div className="train-top">
				<RunHeader />
				<Preparing />
				<StageLine />
			</div>
			<div className="scroll train-body">
				<RunNotices />
				<RunCharts />
				<EpochTable />
				<RunLog />
			</div>
		</PageFrame>
	);
}

/** A run under way leaves the address to the one that follows it in the queue. */
function useNameAfterEnd(): void {
	const runId = useRun((state) => state.runId);
	const isOver = useRun((state) => state.run.kind === 'finished' || state.run.kind === 'stopped');
	const hasNext = useQueue((state) => state.entries.some((entry) => entry.state === 'waiting'));
	useNamedObject('train', isOver && !hasNext ? runId : null);
}

/** While input is read there are no stages yet, or those of before. */
function Preparing() {
	const t = useWords(trainWords);
	const shell = useWords(commonWords);
	const isPreparing = useRun((state) => state.run.kind === 'preparing' || state.run.kind === 'recovering');
	const preparation = useRun((state) => state.preparation);
	const stop = useRun((state) => state.stop);
	const isCancellable = useRun((state) => state.run.kind === 'preparing');
	const language = useLanguage();
	if (!isPreparing) return null;
	const { share = null, secondsLeft = null } = preparation ?? {};
	const percent = share === null ? '' : `${Math.round(share * 100)}%`;
	const left = secondsLeft === null ? '' : shell('left', { time: roundedDuration(secondsLeft, language) });
	return (
		<div className="train-late">
			<ProgressBar
				label={t('preparing')}
				share={share}
				detail={[percent, left].filter((part) => part !== '').join(' · ')}
				onCancel={isCancellable ? () => void stop() : undefined}
			/>
		</div>
	);
}

function useRunCommands(): void {
	const shell = useWords(commonWords);
	const run = useRun((state) => state.run);
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const stop = useRun((state) => state.stop);
	const commands = useMemo(() => {
		const isHeld = run.kind === 'paused' || run.kind === 'cut-off';
		return [
			{
				id: 'pause-or-resume',
				title: isHeld ? shell('resume') : shell('pause'),
				group: shell('train'),
				keys: 'Space',
				isEnabled: isHeld || run.kind === 'training',
				run: () => void (isHeld ? resume() : pause()),
			},
			{
				id: 'stop',
				title: shell('stop'),
				group: shell('train'),
				isEnabled: isActive(run) || run.kind === 'cut-off',
				run: () => void stop(),
			},
		];
	}, [shell, run, pause, resume, stop]);
	useCommands(commands);
}
