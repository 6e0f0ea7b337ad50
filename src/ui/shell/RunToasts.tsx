// What became of the run, said once on whatever page is open, with the way to what it left.

import { useEffect } from 'react';
import { missingInput } from '../../state/run-input';
import { isActiveKind, type RunStoreState } from '../../state/run-progress';
import { isRunUnsaved } from '../../state/storage';
import { type DataStores, useDataStores } from '../context/data-context';
import { useRunStore } from '../context/run-store-context';
import { notify } from '../kit/controls/toasts';
import { go } from '../navigation/navigation';
import { durationText, points } from '../words/number-words';
import { type Translate, useLanguage, useWords } from '../words/words';
import { shellWords } from './shell-words';

export function RunToasts() {
	const t = useWords(shellWords);
	const language = useLanguage();
	const store = useRunStore();
	const data = useDataStores();
	useEffect(
		() =>
			store.subscribe((state, before) => {
				if (state.run.kind === before.run.kind || !state.runId) return;
				const { run, runId, stages } = state;
				if (run.kind === 'finished') {
					notify({
						text: finishedText(t, state, durationText(run.seconds, language)),
						action: { label: t('readErrors'), run: () => go('results', [runId]) },
					});
				} else if (run.kind === 'stopped' && isActiveKind(before.run.kind)) {
					const open = { label: t('open'), run: () => go('train', [runId]) };
					const epoch = stages.at(-1)?.epoch ?? 0;
					notify({ text: t(stoppedText(data, runId), { epoch }), action: open });
				} else if (run.kind === 'failed') {
					notify({ text: t('runFailed'), action: { label: t('open'), run: () => go('train', [runId]) } });
				}
			}),
		[store, data, t, language],
	);
	return null;
}

/** Whether a stopped run can be resumed depends on what of it is stored. */
function stoppedText({ unsaved, workspace }: DataStores, runId: string) {
	if (isRunUnsaved(unsaved, runId)) return 'runStoppedUnsaved';
	return missingInput(workspace.getState().list, runId).length > 0 ? 'runStoppedForGood' : 'runStopped';
}

function finishedText(t: Translate<typeof shellWords>, { epochs }: RunStoreState, time: string): string {
	const best = epochs.findLast(({ isBest, test }) => isBest && test?.scores !== undefined);
	const f1 = best?.test?.scores?.published.micro.f1;
	return f1 === undefined ? t('runFinished', { time }) : t('runFinishedWith', { time, f1: points(f1) });
}
