// What a saved run can be resumed from and on which data, and its best model, which can be kept without resuming it.

import { Save } from 'lucide-react';
import { useState } from 'react';
import type { PauseReason } from '../../../experiment/run-status';
import type { Language } from '../../../state/preferences';
import { type Problem, toProblem } from '../../../state/problem';
import { isActive, type RunState } from '../../../state/run-progress';
import { trainOnRequest } from '../../../state/train-on';
import type { InputChange } from '../../../wire/runs';
import { useDataStores, useWorkspace } from '../../context/data-context';
import { useRun } from '../../context/run-store-context';
import { useLiveRun, useTrainStores } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { notify } from '../../kit/controls/toasts';
import { go } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { useRunItem } from '../../parts/use-run-item';
import { roleText } from '../../words/run-message-words';
import { type Translate, useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';
import { useRunInput } from './use-run-input';

type Words = Translate<typeof trainWords>;

/** Of a paused run why it is paused; of a stopped or failed one only what is different now. */
export function SavedRun() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const run = useRun((state) => state.run);
	const answer = useRunInput();
	const change = answer ? changeText(t, answer.change) : null;
	const isCutOff = run.kind === 'cut-off';
	const isSaved = isCutOff || run.kind === 'stopped' || run.kind === 'failed';
	if (!isSaved || (!isCutOff && !change)) return null;
	return (
		<div className="notice notice-warn" role="note" data-notice={isCutOff ? run.reason : 'run-input'}>
			{isCutOff && <strong>{t(`paused.${run.reason}`)}</strong>}
			{isCutOff && <p>{savedText(t, run, language)}</p>}
			{change && <p>{change}</p>}
			{answer?.change.kind === 'changed' && answer.change.first.length > 0 && (
				<p className="quiet-text">{t('changedSentences', { list: sentenceList(answer.change, language) })}</p>
			)}
			{answer?.hasModel && <ModelActions change={answer.change} />}
		</div>
	);
}

function savedText(t: Words, { reason, savedAtMs }: RunState & { kind: 'cut-off' }, language: Language): string {
	if (reason === 'taken-over') return t('takenOverText');
	if (savedAtMs === null) return t('nothingSavedText');
	const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
	const time = new Date(savedAtMs).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', style);
	return t(savedWords[reason], { time });
}

const savedWords = {
	'own-pause': 'savedPauseText',
	interrupted: 'savedInterruptedText',
	'storage-full': 'savedAtText',
	'storage-gone': 'savedAtText',
	'taken-over': 'savedAtText',
} as const satisfies Record<PauseReason, string>;

function changeText(t: Words, change: InputChange): string | null {
	switch (change.kind) {
		case 'changed': {
			const { corpus, sentences: count, isPinned } = change;
			return isPinned ? t('inputChanged', { corpus, count }) : t('inputChangedAway', { corpus });
		}
		case 'deleted':
			return t('inputDeleted', { corpus: change.corpus });
		case 'same':
		case 'files':
			return null;
		default:
			return change satisfies never;
	}
}

/** `train 4, train 17, …`: the split and the number within it, from 1, as imported. */
function sentenceList({ first, sentences }: InputChange & { kind: 'changed' }, language: Language): string {
	const names = first.map(({ split, index }) => `${roleText(split, language)} ${index + 1}`).join(', ');
	return sentences > first.length ? `${names}, …` : names;
}

function ModelActions({ change }: { change: InputChange }) {
	const t = useWords(trainWords);
	const { client } = useDataStores();
	const { queue } = useTrainStores();
	const list = useWorkspace((state) => state.list);
	const runId = useRun((state) => state.runId);
	const item = useRunItem(runId);
	const canBegin = useLiveRun((state) => state.device !== null && !isActive(state.run));
	const [problem, setProblem] = useState<Problem | null>(null);
	const [isSaving, setSaving] = useState(false);
	const keep = async (): Promise<string | null> => {
		if (!runId) return null;
		setSaving(true);
		setProblem(null);
		try {
			return (await client.ask('keep-run-model', { runId })).checkpointId;
		} catch (error) {
			setProblem(toProblem(error));
			return null;
		} finally {
			setSaving(false);
		}
	};
	const save = async () => {
		const id = await keep();
		if (id) notify({ text: t('modelSaved'), action: { label: t('openModel'), run: () => go('models', [id]) } });
	};
	const beginHere = useBeginHere();
	const trainOnCurrent = async () => {
		const opener = beginHere();
		const checkpointId = await keep();
		const corpusId = item?.detail.input.corpusId;
		if (!checkpointId || !corpusId || !item) return;
		const { name, detail } = item;
		const preset = detail.config?.preset ?? '';
		// Its last stage as the run would have done it; how small the corpus is was settled when the run began.
		const trainOn = { corpusId, checkpointId, preset, name, config: null, trainSentences: 0 };
		queue.getState().add([trainOnRequest(trainOn, list)]);
		opener.open({ page: 'train' }, null, t('trainOnStarted'));
	};
	return (
		<>
			<div className="row wrap notice-actions">
				<Button icon={<Save size={14} aria-hidden />} isDisabled={isSaving} onPress={() => void save()}>
					{t('saveBestModel')}
				</Button>
				{change.kind === 'changed' && (
					<Button isDisabled={isSaving || !canBegin} onPress={() => void trainOnCurrent()}>
						{t('trainOnCurrent')}
					</Button>
				)}
			</div>
			{problem && <ProblemNotice problem={problem} />}
		</>
	);
}
