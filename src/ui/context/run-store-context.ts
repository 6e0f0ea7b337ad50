// The store of the run for all components below `RunStoreContext`.

import { createContext, startTransition, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { RunStore, RunStoreState } from '../../state/run-progress';
import { invariant } from '../../util/errors';

export const RunStoreContext = createContext<RunStore | null>(null);

/** For what is read when something happens, not drawn. */
export function useRunStore(): RunStore {
	const store = useContext(RunStoreContext);
	invariant(store, 'a component stands outside RunStoreContext');
	return store;
}

/** A part of the run's state; the component is drawn again when that part changes. */
export function useRun<Part>(select: (state: RunStoreState) => Part): Part {
	return useStore(useRunStore(), select);
}

/**
 * A part of the run's state that may lag: it is read again at most once in `intervalMs`, and whenever the run's state changes. For what
 * costs much to draw: what lags is drawn one after another, each in pieces, so that no task of the page grows long. `select` must be
 * the same function every time.
 */
export function useSlowRun<Part>(select: (state: RunStoreState) => Part, intervalMs: number): Part {
	const store = useRunStore();
	const [part, setPart] = useState(() => select(store.getState()));
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const read = () => {
			if (timer !== null) clearTimeout(timer);
			timer = null;
			setPart(() => select(store.getState()));
		};
		const unsubscribe = store.subscribe((state, before) => {
			// The end of a run, or a pause, is shown as it is.
			if (state.run.kind !== before.run.kind) read();
			else timer ??= setTimeout(() => inTurn(() => startTransition(read)), intervalMs);
		});
		read();
		return () => {
			unsubscribe();
			if (timer !== null) clearTimeout(timer);
		};
	}, [store, select, intervalMs]);
	return part;
}

/** Between two of what is drawn in turn: time for the one before to be drawn and for the user's own doings. */
const turnMs = 60;
let nextTurnAt = 0;

function inTurn(draw: () => void): void {
	const now = performance.now();
	nextTurnAt = Math.max(now, nextTurnAt + turnMs);
	setTimeout(draw, nextTurnAt - now);
}
