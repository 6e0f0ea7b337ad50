// The groups of parameters of a stage on a device: which of them an epoch trains, and how each is updated.

import type { ParameterGroup, StageConfig } from '../experiment/config';
import { restingGroups } from '../experiment/stage-groups';
import type { TrainedParameter } from '../kernels/parameters';
import type { Network } from '../model/network';
import { parameterGroup } from '../model/shape';
import { trainedParameters } from './parameter-groups';

/** What a stage trains in the epoch that it is in. */
export interface StageGroups {
	readonly resting: readonly ParameterGroup[];
	readonly trained: readonly TrainedParameter[];
	/** Whether there is a BERT that does not change in this epoch. */
	readonly isBertResting: boolean;
	/** Called with the epoch (from 1) of what comes next; BERT gets its gradients and its momentum when it is first trained. */
	enter(epoch: number): void;
}

export function stageGroups(
	{ device, layout, shape }: Network,
	stage: StageConfig,
	stepsPerEpoch: number,
): StageGroups {
	let entered = 0;
	let resting: readonly ParameterGroup[] = [];
	let trained: readonly TrainedParameter[] = [];
	const hasBert = shape.bert !== null && shape.bert.rows > 0;
	let isBertTrained = false;
	return {
		get resting() {
			return resting;
		},
		get trained() {
			return trained;
		},
		get isBertResting() {
			return hasBert && !isBertTrained;
		},
		enter(epoch) {
			if (epoch === entered) return;
			entered = epoch;
			resting = restingGroups(stage, epoch);
			trained = trainedParameters(layout, stage, { epoch, stepsPerEpoch });
			isBertTrained = trained.some(({ entry }) => parameterGroup(entry.name) === 'bert');
			const isGrowing = trained.some(({ entry }) => entry.offset >= device.trainedSize);
			if (isGrowing) device.openFrozen();
		},
	};
}
