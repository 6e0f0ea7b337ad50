// Groups of parameters: those that a network has, and those that a stage changes, from which epoch on.

import { type EncoderName, type ModelConfig, type ParameterGroup, parameterGroups, type StageConfig } from './config';

const groupsOfEncoder: Record<EncoderName, readonly ParameterGroup[]> = {
	flat: ['tables', 'encoder', 'head'],
	'flat-bert': parameterGroups,
	bert: ['head', 'bert'],
};

export function groupsOf({ encoder }: Pick<ModelConfig, 'encoder'>): readonly ParameterGroup[] {
	return groupsOfEncoder[encoder];
}

/** Groups of a network that the objective of a stage reaches. */
export function reachedGroups(
	model: Pick<ModelConfig, 'encoder'>,
	{ objective, trains }: Pick<StageConfig, 'objective' | 'trains'>,
): ParameterGroup[] {
	return groupsOf(model).filter((name) => (name === 'head' ? objective === 'crf' : trains === 'all'));
}

/** Groups that do not change in this epoch (from 1). */
export function restingGroups({ groups }: Pick<StageConfig, 'groups'>, epoch: number): ParameterGroup[] {
	return parameterGroups.filter((name) => groups[name].firstEpoch === 0 || epoch < groups[name].firstEpoch);
}
