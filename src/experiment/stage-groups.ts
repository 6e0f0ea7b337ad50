// Which groups of parameters a stage changes, and from which epoch on.

import { type ParameterGroup, parameterGroups, type StageConfig } from './config';

/** Groups that do not change in this epoch (from 1). */
export function restingGroups({ groups }: Pick<StageConfig, 'groups'>, epoch: number): ParameterGroup[] {
	return parameterGroups.filter((name) => groups[name].firstEpoch === 0 || epoch < groups[name].firstEpoch);
}
