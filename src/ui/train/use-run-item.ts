// What the workspace knows of a run: its record, and whether some tab trains it.

import { itemsOf } from '../../state/workspace';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { useWorkspace } from '../data-context';

export function useRunItem(id: string | null): ItemOf<'run'> | null {
	const list = useWorkspace((state) => state.list);
	return itemsOf(list, 'run').find((item) => item.id === id) ?? null;
}

/** Whether it can go on from a saved state, and no tab trains it. */
export function useIsResumable(id: string | null): boolean {
	const item = useRunItem(id);
	const isClaimed = useWorkspace((state) => state.list?.claimedRuns.includes(id ?? '') ?? false);
	return item !== null && item.detail.resumable !== null && !isClaimed;
}
