// Puts an item into the trash and says so, with a way back.

import { useCallback } from 'react';
import type { AnyItem } from '../../../storage/workspace/item-kinds';
import { useWorkspace } from '../../context/data-context';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { go } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';

export function useDelete(): (item: AnyItem, isOpen: boolean) => Promise<void> {
	const t = useWords(dataWords);
	const trash = useWorkspace((state) => state.trash);
	const beginHere = useBeginHere();
	const problemText = useProblemText();
	const restore = useWorkspace((state) => state.restore);
	return useCallback(
		async ({ kind, id, name }, isOpen) => {
			const opener = beginHere();
			const problem = await trash({ kind, id });
			if (problem) return notifyProblem(problemText(problem));
			if (isOpen && opener.isStillHere()) leave();
			notify({ text: t('deleted', { name }), action: { label: t('undo'), run: () => void restore({ kind, id }) } });
		},
		[t, trash, restore, problemText, beginHere],
	);
}

/** The deleted object is open no longer. */
function leave(): void {
	go('data');
}
