// Puts an item into the trash and says so, with a way back.

import { useCallback } from 'react';
import type { AnyItem } from '../../storage/workspace/item-kinds';
import { notify, notifyProblem } from '../controls/toasts';
import { useWorkspace } from '../data-context';
import { go } from '../navigation/navigation';
import { useProblemText } from '../problem-text';
import { dataWords } from '../words/data-words';
import { useWords } from '../words/words';

export function useDelete(): (item: AnyItem, isOpen: boolean) => Promise<void> {
	const t = useWords(dataWords);
	const trash = useWorkspace((state) => state.trash);
	const problemText = useProblemText();
	const restore = useWorkspace((state) => state.restore);
	return useCallback(
		async ({ kind, id, name }, isOpen) => {
			const problem = await trash({ kind, id });
			if (problem) return notifyProblem(problemText(problem));
			if (isOpen) go('data');
			notify({ text: t('deleted', { name }), action: { label: t('undo'), run: () => void restore({ kind, id }) } });
		},
		[t, trash, restore, problemText],
	);
}
