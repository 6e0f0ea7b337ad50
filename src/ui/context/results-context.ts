// The store of results for all components below `ResultsContext`.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ResultsState, ResultsStore } from '../../state/results';
import { invariant } from '../../util/errors';

export const ResultsContext = createContext<ResultsStore | null>(null);

export function useResults<Part>(select: (state: ResultsState) => Part): Part {
	const store = useContext(ResultsContext);
	invariant(store, 'a component stands outside ResultsContext');
	return useStore(store, select);
}
