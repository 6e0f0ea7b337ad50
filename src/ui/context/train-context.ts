// The stores of the page Train for all components below `TrainContext`: the run under way (also where an earlier one is
// shown), the queue, the form of a new run, its forecast.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ForecastState, ForecastStore } from '../../state/forecast';
import type { QueueState, QueueStore } from '../../state/queue';
import type { RunFormState, RunFormStore } from '../../state/run-form-store';
import type { OtherTabStore, RunGlance } from '../../state/run-in-other-tab';
import { isActive, type RunStore, type RunStoreState } from '../../state/run-progress';
import { invariant } from '../../util/errors';

export interface TrainStores {
	run: RunStore;
	queue: QueueStore;
	form: RunFormStore;
	forecast: ForecastStore;
	/** The run of another tab. */
	otherTab: OtherTabStore;
}

export const TrainContext = createContext<TrainStores | null>(null);

export function useTrainStores(): TrainStores {
	const stores = useContext(TrainContext);
	invariant(stores, 'a component stands outside TrainContext');
	return stores;
}

/** A part of the run under way, whatever run is shown. */
export function useLiveRun<Part>(select: (state: RunStoreState) => Part): Part {
	return useStore(useTrainStores().run, select);
}

/** The run that another tab trains, where this one does not train itself. */
export function useRunInOtherTab(): RunGlance | null {
	const { otherTab, run } = useTrainStores();
	const glance = useStore(otherTab, (state) => state.glance);
	const isOwn = useStore(run, (state) => isActive(state.run));
	return isOwn ? null : glance;
}

export function useQueue<Part>(select: (state: QueueState) => Part): Part {
	return useStore(useTrainStores().queue, select);
}

export function useRunForm<Part>(select: (state: RunFormState) => Part): Part {
	return useStore(useTrainStores().form, select);
}

export function useForecast<Part>(select: (state: ForecastState) => Part): Part {
	return useStore(useTrainStores().forecast, select);
}
