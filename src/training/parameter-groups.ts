// Which parameters a stage trains in an epoch, and how each of them changes otherwise than the rest: the groups' rates and
// first epochs, BERT's layers at falling rates (Howard and Ruder 2018; Clark et al. 2020), biases without decay.

import type { OptimizerConfig, StageConfig } from '../experiment/config';
import { restingGroups } from '../experiment/stage-groups';
import type { ParameterLayout, TrainedParameter } from '../kernels/parameters';
import { parameterGroup, trainedEntries } from '../model/shape';

/** What of a stage's settings says how its parameters change. */
export type GroupedStage = Pick<StageConfig, 'objective' | 'trains' | 'updateEvery' | 'groups'> & {
	optimizer: Pick<OptimizerConfig, 'layerDecay' | 'decaysBiases'>;
};

const layerOfBert = /\.layer\.(\d+)\./;

/** What a layer of BERT, or what lies below the first, has of BERT's rate: the top layer all of it, each one below less. 1 for others. */
export function layerShare(name: string, layers: number, layerDecay: number): number {
	if (parameterGroup(name) !== 'bert') return 1;
	const layer = layerOfBert.exec(name);
	return layerDecay ** (layer ? layers - 1 - Number(layer[1]) : layers);
}

/** As published everything decays; as is usual today, biases and the parameters of LayerNorm do not. */
export function decays(name: string, { decaysBiases }: Pick<OptimizerConfig, 'decaysBiases'>): boolean {
	return decaysBiases || !/bias$|LayerNorm|layer_norm/.test(name);
}

/** The parameters that a stage trains in an epoch (from 1). */
export function trainedParameters(
	layout: ParameterLayout,
	stage: GroupedStage,
	{ epoch, stepsPerEpoch }: { epoch: number; stepsPerEpoch: number },
): TrainedParameter[] {
	const { groups, optimizer, updateEvery } = stage;
	const layers = layersOf(layout);
	return trainedEntries(layout, { ...stage, resting: restingGroups(stage, epoch) }).map((entry) => {
		const { rate, firstEpoch } = groups[parameterGroup(entry.name)];
		return {
			entry,
			rate: rate * layerShare(entry.name, layers, optimizer.layerDecay),
			decays: decays(entry.name, optimizer),
			updatesBefore: Math.floor(((firstEpoch - 1) * stepsPerEpoch) / updateEvery),
		};
	});
}

/** How many layers of BERT a layout holds. */
function layersOf({ entries }: ParameterLayout): number {
	const numbers = entries.map(({ name }) => (parameterGroup(name) === 'bert' ? layerOfBert.exec(name) : null));
	return numbers.reduce((most, layer) => Math.max(most, layer ? 1 + Number(layer[1]) : 0), 0);
}
