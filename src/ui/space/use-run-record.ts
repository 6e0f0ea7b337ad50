// What the record of a run says that the place Space needs: its name, its settings, whether it goes on now.

import { useMemo } from 'react';
import { itemsOf } from '../../state/workspace';
import { useWorkspace } from '../data-context';

/** The temperature of a run without a contrastive stage: what the published program uses. */
const usualTemperature = 0.07;

export function useRunRecord(runId: string) {
	const list = useWorkspace((state) => state.list);
	return useMemo(() => {
		const item = itemsOf(list, 'run').find(({ id }) => id === runId);
		const config = item?.detail.config ?? null;
		const isLive = list?.claimedRuns.includes(runId) ?? false;
		const planned = config?.stages.map(({ name, epochs }) => ({ name, epochs })) ?? [];
		const contrastive = config?.stages.find(({ objective }) => objective === 'contrastive');
		const temperature = contrastive?.temperature ?? usualTemperature;
		return { temperature, name: item?.name ?? runId, config, isLive, planned };
	}, [list, runId]);
}
