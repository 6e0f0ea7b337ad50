// `nerco vectors inspect|pack|train`: which of the three, and their words.

import { exitCodes, UsageError } from './command-line';
import { vectorsInspect, vectorsInspectUsage } from './vectors-inspect';
import { vectorsPack, vectorsPackUsage } from './vectors-pack';
import { vectorsTrain, vectorsTrainUsage } from './vectors-train';

/** What each tells: whether nothing was wrong with the input. */
const actions: Record<string, (args: readonly string[]) => Promise<boolean>> = {
	inspect: vectorsInspect,
	pack: vectorsPack,
	train: vectorsTrain,
};

export const vectorsUsage = [vectorsInspectUsage, vectorsPackUsage, vectorsTrainUsage].join('\n\n');

export async function vectorsCommand(args: readonly string[]): Promise<number> {
	const [action, ...rest] = args;
	if (action === undefined || !Object.hasOwn(actions, action)) {
		throw new UsageError(
			`${action ? `unknown command 'vectors ${action}'; ` : ''}use one of ${Object.keys(actions).join(', ')}`,
		);
	}
	return (await actions[action](rest)) ? exitCodes.done : exitCodes.failed;
}
