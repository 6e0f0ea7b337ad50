// Which parameters a stage trains in an epoch, and how each of them changes otherwise than the rest: the groups' rates and
// first epochs, BERT's layers at falling rates (Howard and Ruder 2018; Clark et al. 2020), biases without decay.

import type { Objective, TrainedPart } from '../experiment/config';
import type { ParameterLayout, TrainedParameter } from '../kernels/parameters';
import { bigramTable, latticeTable, trainedEntries } from '../model/shape';

export type ParameterGroup = 'tables' | 'encoder' | 'head' | 'bert';

/** What of a stage's settings says how its parameters change. */
export interface GroupedStage {
	objective: Objective;
	trains: TrainedPart;
	updateEvery: number;
	/** `firstEpoch`: the epoch from whose beginning the group is trained; 0 for never in this stage. */
	groups: { [Group in ParameterGroup]: { rate: number; firstEpoch: number } };
	optimizer: { layerDecay: number; decaysBiases: boolean };
}

export const bertPrefix = 'bert_embedding.';
const layerOfBert = /^bert_embedding\..*\.layer\.(\d+)\./;

export function groupOf(name: string): ParameterGroup {
	if (name.startsWith(bertPrefix)) return 'bert';
	if (name === latticeTable || name === bigramTable) return 'tables';
	return name.startsWith('output.') || name.startsWith('crf.') ? 'head' : 'encoder';
}

/** What a layer of BERT, or what lies below the first, has of BERT's rate: the top layer all of it, each one below less. 1 for others. */
export function layerShare(name: string, layers: number, layerDecay: number): number {
	if (groupOf(name) !== 'bert') return 1;
	const layer = layerOfBert.exec(name);
	return layerDecay ** (layer ? layers - 1 - Number(layer[1]) : layers);
}

/** As published everything decays; as is usual today, biases and the parameters of LayerNorm do not. */
export function decays(name: string, { decaysBiases }: Pick<GroupedStage['optimizer'], 'decaysBiases'>): boolean {
	return decaysBiases || !/bias$|LayerNorm|layer_norm/.test(name);
}

/** Whether a group is trained in an epoch (from 1) of a stage, as far as its `firstEpoch` says. */
export function isOpen({ firstEpoch }: { firstEpoch: number }, epoch: number): boolean {
	return firstEpoch > 0 && epoch >= firstEpoch;
}

/** The parameters that a stage trains in an epoch (from 1). */
export function trainedParameters(
	layout: ParameterLayout,
	stage: GroupedStage,
	{ epoch, stepsPerEpoch }: { epoch: number; stepsPerEpoch: number },
): TrainedParameter[] {
	const { groups, optimizer, objective, trains, updateEvery } = stage;
	const layers = layersOf(layout);
	return trainedEntries(layout, objective, trains).flatMap((entry) => {
		const { name } = entry;
		const group = groups[groupOf(name)];
		if (!isOpen(group, epoch)) return [];
		const rate = group.rate * layerShare(name, layers, optimizer.layerDecay);
		const updatesBefore = Math.floor(((group.firstEpoch - 1) * stepsPerEpoch) / updateEvery);
		return [{ entry, rate, decays: decays(name, optimizer), updatesBefore }];
	});
}

/** How many layers of BERT a layout holds. */
function layersOf({ entries }: ParameterLayout): number {
	return entries.reduce((most, { name }) => Math.max(most, 1 + Number(layerOfBert.exec(name)?.[1] ?? -1)), 0);
}
