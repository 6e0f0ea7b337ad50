// Names of the groups of a legend.

import { useCallback } from 'react';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import { useWorkspace } from '../../context/data-context';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';

const ranges: Readonly<Record<string, string>> = {
	'0': '< 0.50',
	'0.5': '0.50–0.69',
	'0.7': '0.70–0.89',
	'0.9': '≥ 0.90',
};

export function useGroupNames(): (id: string) => string {
	const t = useWords(spaceWords);
	const list = useWorkspace((state) => state.list);
	return useCallback(
		(id) => {
			if (id === 'right' || id === 'wrong' || id === 'unknown') return t(id);
			return ownValue(ranges, id) ?? itemsOf(list, 'run').find((run) => run.id === id)?.name ?? id;
		},
		[t, list],
	);
}
