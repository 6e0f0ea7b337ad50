// Setting up a run: the form, what it will cost beside it, and the button that starts it, always in view.

import { ListPlus, Play } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { toProblem } from '../../../state/problem';
import { isInputThere, requestsOf } from '../../../state/run-form';
import { fromTheStart } from '../../../state/run-form-store';
import { isActive } from '../../../state/run-progress';
import { useCommands } from '../../context/commands-context';
import { useWorkspace } from '../../context/data-context';
import { useRun } from '../../context/run-store-context';
import { useForecast, useRunForm, useRunInOtherTab, useTrainStores } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { notify } from '../../kit/controls/toasts';
import { AddressNotice } from '../../kit/frame/AddressNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go } from '../../navigation/navigation';
import { stageName } from '../../parts/stage-name';
import { useRunItem } from '../../parts/use-run-item';
import { commonWords } from '../../words/common-words';
import { roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { DropArea } from '../data/DropArea';
import { RunSetup } from './RunSetup';
import { SetupPanel } from './SetupPanel';
import { useMissingSplit } from './SplitStrip';
import { trainWords } from './train-words';
import { useFormAddress } from './use-form-address';
import { useFormForecast, useRunCount } from './use-form-forecast';
import '../data/data.css';

export function NewRun() {
	const t = useWords(trainWords);
	const { unknown, forget } = useFormAddress();
	useFormForecast();
	const formProblem = useRunForm((state) => state.problem);
	const runProblem = useRun((state) =>
		state.run.kind === 'failed' && state.stages.length === 0 ? state.problem : null,
	);
	const deviceProblem = useRun((state) => (state.run.kind === 'idle' ? state.problem : null));
	const problem = formProblem ?? runProblem ?? deviceProblem;
	const isSplitMissing = useMissingSplit() !== null;
	const isSaidThere = isSplitMissing && problem?.kind === 'user' && problem.code === 'split-empty';
	return (
		<PageFrame
			page="train"
			crumbs={[{ label: t('newRun') }]}
			side={{ label: t('forecast'), content: <SetupPanel said={problem} />, width: 312 }}
		>
			<div className="scroll">
				<AddressNotice asked={unknown} shown={t('formAsShown')} onDismiss={forget} />
				<RunSetup
					notice={
						<>
							<OtherTabStrip />
							{problem && !isSaidThere && <ProblemNotice problem={problem} />}
						</>
					}
				/>
			</div>
			<StartBar />
			<DropArea />
		</PageFrame>
	);
}

/** Another tab trains: what, how far, and that a run from here waits for it. */
function OtherTabStrip() {
	const t = useWords(trainWords);
	const glance = useRunInOtherTab();
	const item = useRunItem(glance?.runId ?? null);
	if (!glance) return null;
	const { runId, stages, waiting } = glance;
	const name = item?.name ?? glance.name;
	const stage = stages.at(-1);
	const facts = [
		stage ? `${stageName(t, stage.stage)} · ${t('atEpoch', { epoch: stage.epoch, epochs: stage.epochs })}` : '',
		waiting > 0 ? t('waitThere', { count: waiting }) : '',
	];
	return (
		<div className="notice row" role="note">
			<div>
				<strong>{t('otherTabTitle', { name: name || t('aRunName') })}</strong>
				<p className="num">{facts.filter((fact) => fact !== '').join(' · ')}</p>
				<p>{t('otherTabText')}</p>
			</div>
			<span className="spacer" />
			{runId !== null && <Button onPress={() => go('train', [runId])}>{t('watch')}</Button>}
		</div>
	);
}

/** What starts, how long it takes, and the button: at the foot of the form, where no drawer hides it. */
function StartBar() {
	const t = useWords(trainWords);
	const shell = useWords(commonWords);
	const language = useLanguage();
	const { begin, canStart, isWaiting, isSplitMissing } = useStart();
	const runInOtherTab = useRunInOtherTab();
	const isOtherActive = useRun((state) => isActive(state.run)) || runInOtherTab !== null;
	const count = useRunCount();
	const seconds = useForecast(({ forecast }) =>
		forecast.kind === 'ready' ? forecast.estimate.forecast.seconds : null,
	);
	const commands = useMemo(
		() => [
			{
				id: 'start-training',
				title: isOtherActive ? t('addToQueue') : t('startTraining'),
				group: shell('train'),
				keys: 't',
				isEnabled: canStart,
				run: begin,
			},
		],
		[t, shell, canStart, begin, isOtherActive],
	);
	useCommands(commands);
	const time = seconds === null ? '' : t('atMostInAll', { time: roundedDuration(seconds * count, language) });
	return (
		<footer className="train-start-bar">
			<span className="quiet-text clip">
				{count === 0
					? t('mendFirst')
					: isWaiting
						? t('fetching')
						: isSplitMissing
							? t('splitFirst')
							: [t('runCount', { count }), time, t('mayClose')].filter(Boolean).join(' · ')}
			</span>
			<span className="spacer" />
			<Button
				variant="primary"
				size="large"
				icon={isOtherActive ? <ListPlus size={14} aria-hidden /> : <Play size={14} aria-hidden />}
				isDisabled={!canStart}
				onPress={begin}
			>
				{isOtherActive ? t('addToQueue') : t('startTraining')}
			</Button>
		</footer>
	);
}

function useStart() {
	const t = useWords(trainWords);
	const { queue, forecast, form: formStore, run, otherTab } = useTrainStores();
	const form = useRunForm((state) => state.form);
	const list = useWorkspace((state) => state.list);
	const hasDevice = useRun((state) => state.device !== null);
	const isThere = isInputThere(list, form);
	const begin = useCallback(() => {
		const { setProblem, change } = formStore.getState();
		try {
			const requests = requestsOf(form);
			const measured = forecast.getState().forecast;
			const seconds = measured.kind === 'ready' ? measured.estimate.forecast.seconds : null;
			const waitsHere = isActive(run.getState().run);
			forecast.getState().cancel();
			const waitsThere = !waitsHere && otherTab.getState().queueThere(requests, seconds);
			if (!waitsThere) queue.getState().add(requests, seconds);
			setProblem(null);
			// The next run learns from the start again, unless somebody asks for it.
			if (form.checkpointId !== null) change(fromTheStart);
			if (waitsThere) return notify({ text: t('queuedThere', { count: requests.length }) });
			if (waitsHere) notify({ text: t('queued', { count: requests.length }) });
			go('train');
		} catch (error) {
			setProblem(toProblem(error));
		}
	}, [formStore, forecast, queue, run, otherTab, form, t]);
	const isSplitMissing = useMissingSplit() !== null;
	const canStart = hasDevice && isThere && !isSplitMissing;
	return { begin, canStart, isWaiting: list !== null && !isThere, isSplitMissing };
}
