// What the page Space needs of a run's record: its name, its settings, whether it is active.

import { useMemo } from 'react';
import { isActive } from '../../../state/run-progress';
import { itemsOf } from '../../../state/workspace';
import { useWorkspace } from '../../context/data-context';
import { useLiveRun } from '../../context/train-context';

/** The temperature of a run without a contrastive stage: what the published program uses. */
const defaultTemperature = 0.07;

export function useRunRecord(runId: string) {
	const list = useWorkspace((state) => state.list);
	// Of a run of this tab its own state is newer than the list.
	const isOwn = useLiveRun((state) => state.runId === runId);
	const isGoingOn = useLiveRun((state) => isActive(state.run));
	return useMemo(() => {
		const item = itemsOf(list, 'run').find(({ id }) => id === runId);
		const config = item?.detail.config ?? null;
		const isLive = isOwn ? isGoingOn : (list?.claimedRuns.includes(runId) ?? false);
		const planned = config?.stages.map(({ name, epochs }) => ({ name, epochs })) ?? [];
		const contrastive = config?.stages.find(({ objective }) => objective === 'contrastive');
		const temperature = contrastive?.temperature ?? defaultTemperature;
		return { temperature, name: item?.name ?? runId, config, isLive, planned };
	}, [list, runId, isOwn, isGoingOn]);
}
