// What the workspace knows of a run: its record, and whether some tab trains it.

import { useEffect, useState } from 'react';
import { isActive } from '../../state/run-progress';
import { itemsOf } from '../../state/workspace';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { isResumable } from '../../storage/workspace/run-state';
import { useWorkspace } from '../context/data-context';
import { useRun } from '../context/run-store-context';

export function useRunItem(id: string | null): ItemOf<'run'> | null {
	const list = useWorkspace((state) => state.list);
	return itemsOf(list, 'run').find((item) => item.id === id) ?? null;
}

/** Whether it can be resumed, and no tab trains it. */
export function useIsResumable(id: string | null): boolean {
	const item = useRunItem(id);
	const isClaimed = useWorkspace((state) => state.list?.claimedRuns.includes(id ?? '') ?? false);
	return item !== null && item.detail.state !== 'completed' && isResumable(item.detail) && !isClaimed;
}

/** How often the age of the last save is read anew. */
const readMs = 5000;

/** Seconds since the run that goes on was saved last; null for one that does not go on or was not saved yet. */
export function useSavedSeconds(): number | null {
	const runId = useRun((state) => state.runId);
	const isOn = useRun((state) => isActive(state.run));
	const savedAtMs = useRunItem(runId)?.detail.resumable?.savedAtMs ?? null;
	const [nowMs, setNowMs] = useState(() => Date.now());
	useEffect(() => {
		if (!isOn) return;
		const timer = setInterval(() => setNowMs(Date.now()), readMs);
		return () => clearInterval(timer);
	}, [isOn]);
	return isOn && savedAtMs !== null ? Math.max(0, (nowMs - savedAtMs) / 1000) : null;
}
