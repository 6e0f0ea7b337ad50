// What the record of a run says that the place Space needs: its name, its settings, whether it goes on now.

import { useMemo } from 'react';
import { itemsOf } from '../../state/workspace';
import { useWorkspace } from '../data-context';

export function useRunRecord(runId: string) {
	const list = useWorkspace((state) => state.list);
	return useMemo(() => {
		const item = itemsOf(list, 'run').find(({ id }) => id === runId);
		const config = item?.detail.config ?? null;
		const isLive = list?.claimedRuns.includes(runId) ?? false;
		const planned = config?.stages.map(({ name, epochs }) => ({ name, epochs })) ?? [];
		return { name: item?.name ?? runId, config, isLive, planned };
	}, [list, runId]);
}
