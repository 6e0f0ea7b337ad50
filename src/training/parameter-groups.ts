// Which parameters a stage trains in an epoch, and how each of them changes otherwise than the rest: the groups' rates and
// first epochs, BERT's layers at falling rates (Howard and Ruder 2018; Clark et al. 2020), biases without decay.

import type { StageConfig } from '../experiment/config';
import { restingGroups } from '../experiment/stage-groups';
import type { ParameterLayout, TrainedParameter } from '../kernels/parameters';
import { bertPrefix, parameterGroup, trainedEntries } from '../model/shape';

/** What of a stage's settings says how its parameters change. */
export type GroupedStage = Pick<StageConfig, 'objective' | 'trains' | 'updateEvery' | 'groups'> & {
	optimizer: Pick<StageConfig['optimizer'], 'layerDecay' | 'decaysBiases'>;
};

const layerOfBert = /\.layer\.(\d+)\./;

/** What a layer of BERT, or what lies below the first, has of BERT's rate: the top layer all of it, each one below less. 1 for others. */
export function layerShare(name: string, layers: number, layerDecay: number): number {
	if (parameterGroup(name) !== 'bert') return 1;
	const layer = layerOf(name);
	return layerDecay ** (layer === null ? layers : layers - 1 - layer);
}

/** As published everything decays; as is usual today, biases and the parameters of LayerNorm do not. */
export function decays(name: string, { decaysBiases }: Pick<GroupedStage['optimizer'], 'decaysBiases'>): boolean {
	return decaysBiases || !/bias$|LayerNorm|layer_norm/.test(name);
}

/** Number of BERT's layer (from 0) that a parameter is of; null for all others. */
function layerOf(name: string): number | null {
	const layer = name.startsWith(bertPrefix) ? layerOfBert.exec(name) : null;
	return layer && Number(layer[1]);
}

/** The parameters that a stage trains in an epoch (from 1). */
export function trainedParameters(
	layout: ParameterLayout,
	stage: GroupedStage,
	{ epoch, stepsPerEpoch }: { epoch: number; stepsPerEpoch: number },
): TrainedParameter[] {
	const { groups, optimizer, objective, trains, updateEvery } = stage;
	const layers = layersOf(layout);
	const resting = restingGroups(stage, epoch);
	return trainedEntries(layout, { objective, trains, resting }).map((entry) => {
		const { name } = entry;
		const group = groups[parameterGroup(name)];
		const rate = group.rate * layerShare(name, layers, optimizer.layerDecay);
		const updatesBefore = Math.floor(((group.firstEpoch - 1) * stepsPerEpoch) / updateEvery);
		return { entry, rate, decays: decays(name, optimizer), updatesBefore };
	});
}

/** How many layers of BERT a layout holds. */
function layersOf({ entries }: ParameterLayout): number {
	return entries.reduce((most, { name }) => Math.max(most, 1 + (layerOf(name) ?? -1)), 0);
}
