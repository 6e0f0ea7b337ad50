// Names of rows as they are read: where two rows have the same name, with what tells them apart.

import { useCallback } from 'react';
import { type ResultRow, seedOf } from '../../../state/result-rows';
import { momentText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { resultsWords } from './results-words';

export interface RowTitle {
	/** Empty where the name says enough. */
	addition: string;
	/** Name and addition. */
	title: string;
}

export function useRowTitle(): (row: ResultRow) => RowTitle {
	const t = useWords(resultsWords);
	const language = useLanguage();
	return useCallback(
		({ name, runs, twin, changedAtMs }) => {
			const additions = {
				seed: () => t('seed', { seed: seedOf(runs[0]) }),
				time: () => momentText(changedAtMs, language),
			};
			const addition = twin === null ? '' : additions[twin]();
			return { addition, title: [name, addition].filter(Boolean).join(' · ') };
		},
		[t, language],
	);
}
