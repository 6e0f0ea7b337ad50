// The place Train: set up a run (`#/train/new`), or watch the one under way (`#/train`).

import { Play, Plus } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { isActive } from '../../state/run';
import { useCommands } from '../commands-context';
import { Button } from '../controls/Button';
import { ProblemNotice } from '../controls/ProblemNotice';
import { go, useRoute } from '../navigation/navigation';
import { useRun } from '../run-store-context';
import { PlaceFrame } from '../shell/PlaceFrame';
import { shellWords } from '../words/shell-words';
import { trainWords } from '../words/train-words';
import { useWords } from '../words/words';
import { EpochTable } from './EpochTable';
import { RunCharts } from './RunCharts';
import { RunFacts } from './RunFacts';
import { RunHeader } from './RunHeader';
import { RunLog } from './RunLog';
import { freshForm, RunSetup } from './RunSetup';
import { runRequest } from './run-request';
import { StageLine } from './StageLine';
import './train.css';

export default function TrainPlace() {
	const { path } = useRoute();
	const run = useRun((state) => state.run);
	const stages = useRun((state) => state.stages);
	// Until its first stage a run is still its form: what was chosen stays there when something must be mended.
	const isNew =
		path[0] === 'new' ||
		run.kind === 'idle' ||
		run.kind === 'preparing' ||
		(run.kind === 'failed' && stages.length === 0);
	return isNew ? <NewRun /> : <RunView />;
}

function NewRun() {
	const t = useWords(trainWords);
	const shell = useWords(shellWords);
	const problem = useRun((state) => state.problem);
	const start = useRun((state) => state.start);
	const active = useRun((state) => isActive(state.run));
	const hasDevice = useRun((state) => state.device !== null);
	const [form, setForm] = useState(freshForm);
	const canStart = hasDevice && !active;
	const begin = useCallback(
		(continuesSaved: boolean) => {
			void start(runRequest({ ...form, continuesSaved }));
			go('train');
		},
		[start, form],
	);
	const commands = useMemo(
		() => [
			{
				id: 'start-training',
				title: t('startTraining'),
				group: shell('train'),
				keys: 't',
				isEnabled: canStart,
				run: () => begin(false),
			},
		],
		[t, shell, canStart, begin],
	);
	useCommands(commands);
	const startButton = (
		<Button look="ink" icon={<Play size={14} aria-hidden />} isDisabled={!canStart} onPress={() => begin(false)}>
			{t('startTraining')}
		</Button>
	);
	return (
		<PlaceFrame place="train" crumbs={[{ label: t('newRun') }]} actions={startButton}>
			<div className="scroll">
				<RunSetup
					form={form}
					onChange={setForm}
					onContinue={() => begin(true)}
					notice={problem && <ProblemNotice problem={problem} />}
				/>
			</div>
		</PlaceFrame>
	);
}

function RunView() {
	const t = useWords(trainWords);
	const shell = useWords(shellWords);
	const problem = useRun((state) => state.problem);
	const run = useRun((state) => state.run);
	const config = useRun((state) => state.config);
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const stop = useRun((state) => state.stop);
	const commands = useMemo(
		() => [
			{
				id: 'pause-or-resume',
				title: run.kind === 'paused' ? shell('resume') : shell('pause'),
				group: shell('train'),
				keys: 'Space',
				isEnabled: run.kind === 'training' || run.kind === 'paused',
				run: () => void (run.kind === 'paused' ? resume() : pause()),
			},
			{ id: 'stop', title: shell('stop'), group: shell('train'), isEnabled: isActive(run), run: () => void stop() },
		],
		[shell, run, pause, resume, stop],
	);
	useCommands(commands);
	const crumbs = config ? [{ label: config.preset }, { label: t('seed', { seed: config.seed }) }] : [];
	const newRun = (
		<Button icon={<Plus size={14} aria-hidden />} onPress={() => go('train', ['new'])}>
			{t('newRun')}
		</Button>
	);
	return (
		<PlaceFrame place="train" crumbs={crumbs} actions={newRun} side={{ label: shell('run'), content: <RunFacts /> }}>
			<div className="run-top">
				<RunHeader />
				<StageLine />
			</div>
			<div className="scroll run-body">
				{problem && <ProblemNotice problem={problem} />}
				<RunCharts />
				<EpochTable />
				<RunLog />
			</div>
		</PlaceFrame>
	);
}
