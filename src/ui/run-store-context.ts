// The store of the run for all components below `RunStoreContext`.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { RunStore, RunStoreState } from '../state/run';
import { invariant } from '../util/errors';

export const RunStoreContext = createContext<RunStore | null>(null);

/** A part of the run's state; the component is drawn again when that part changes. */
export function useRun<Part>(select: (state: RunStoreState) => Part): Part {
	const store = useContext(RunStoreContext);
	invariant(store, 'a component stands outside RunStoreContext');
	return useStore(store, select);
}
