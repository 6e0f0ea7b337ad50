// "Annotate": what is shown becomes a corpus of its own, once, and is opened at a sentence with the model that tagged it.

import { useCallback } from 'react';
import { itemsOf } from '../../../state/workspace';
import { useDataStores } from '../../context/data-context';
import { useTagging } from '../../context/models-context';
import { useRun } from '../../context/run-store-context';
import { useBeginHere } from '../../navigation/open-when-done';
import { useWords } from '../../words/words';
import { tagWords } from './tag-words';
import type { ShownResult } from './use-shown-result';

/** `index`: the sentence to begin with, from 0. */
export function useAnnotateShown(shown: ShownResult | null): (index?: number) => Promise<void> {
	const t = useWords(tagWords);
	const { workspace } = useDataStores();
	const keep = useTagging((state) => state.keepAsCorpus);
	const runId = useRun((state) => state.runId);
	const beginHere = useBeginHere();
	return useCallback(
		async (index = 0) => {
			if (!shown) return;
			const opener = beginHere();
			const { key } = shown.model;
			const id = await keep(key, (source) => (source === null ? t('taggedCorpus') : t('taggedFile', { file: source })));
			if (id === null) return;
			await workspace.getState().refresh();
			// The page's last run suggests by the checkpoint that was kept of it.
			const model = key === 'run' ? runId : key;
			const stored = itemsOf(workspace.getState().list, 'checkpoint').some((item) => item.id === model);
			const named = key !== 'run' || stored ? (model ?? '') : '';
			const query = { order: 'corpus', model: named, n: String(index + 1) };
			opener.open({ page: 'annotate', path: [id], query }, null, t('taggedKept'));
		},
		[t, workspace, keep, shown, runId, beginHere],
	);
}
