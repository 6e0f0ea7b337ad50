// What a run reported, the steps as columns of numbers (a step has seven), everything else as the events themselves.

import type { TrainingEvent } from '../../experiment/events';

export type StepEvent = Extract<TrainingEvent, { kind: 'step' }>;
export type OtherEvent = Exclude<TrainingEvent, StepEvent>;

/** The steps of a run as columns of equal length. */
export interface StepColumns {
	/** Names of stages; `stage` counts in it. */
	stages: string[];
	stage: Uint8Array;
	epoch: Int32Array;
	step: Int32Array;
	loss: Float64Array;
	learningRate: Float32Array;
	characters: Int32Array;
	seconds: Float32Array;
	/** Place of the step among all events of the run, from 0. */
	place: Int32Array;
}

export interface RunLog {
	steps: StepColumns;
	/** Everything but steps, with its place among all events. */
	others: { place: number; event: OtherEvent }[];
}

/** All events in their order. Learning rates and seconds are those of float32. */
export function eventsOf({ steps, others }: RunLog): TrainingEvent[] {
	const events: TrainingEvent[] = [];
	for (const { place, event } of others) events[place] = event;
	steps.place.forEach((place, index) => {
		events[place] = {
			kind: 'step',
			stage: steps.stages[steps.stage[index]],
			epoch: steps.epoch[index],
			step: steps.step[index],
			loss: steps.loss[index],
			learningRate: steps.learningRate[index],
			characters: steps.characters[index],
			seconds: steps.seconds[index],
		};
	});
	return events;
}
