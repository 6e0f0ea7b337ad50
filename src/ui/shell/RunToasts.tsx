// What became of the run, said once on whatever place is open, with the way to what it left.

import { useEffect } from 'react';
import { isActiveKind, type RunStoreState } from '../../state/run-progress';
import { notify } from '../controls/toasts';
import { go } from '../navigation/navigation';
import { durationText, points } from '../number-words';
import { useRunStore } from '../run-store-context';
import { shellWords } from '../words/shell-words';
import { type Translate, useLanguage, useWords } from '../words/words';

export function RunToasts() {
	const t = useWords(shellWords);
	const language = useLanguage();
	const store = useRunStore();
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
					// A run whose saving failed may have nothing to be resumed from.
					const isSaved = !state.warnings.some(({ code }) => code.startsWith('storage-'));
					const words = isSaved ? 'runStopped' : 'runStoppedUnsaved';
					notify({ text: t(words, { epoch: stages.at(-1)?.epoch ?? 0 }), action: open });
				} else if (run.kind === 'failed') {
					notify({ text: t('runFailed'), action: { label: t('open'), run: () => go('train', [runId]) } });
				}
			}),
		[store, t, language],
	);
	return null;
}

function finishedText(t: Translate<typeof shellWords>, { epochs }: RunStoreState, time: string): string {
	const best = epochs.findLast(({ isBest, test }) => isBest && test?.scores !== undefined);
	const f1 = best?.test?.scores?.published.micro.f1;
	return f1 === undefined ? t('runFinished', { time }) : t('runFinishedWith', { time, f1: points(f1) });
}
