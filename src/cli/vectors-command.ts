// `nerco vectors train`: what the command can do with vector files. Each action has its own file or function; this one
// says which, and holds its words.

import { exitCodes, UsageError } from './command-line';
import { vectorsTrain, vectorsTrainUsage } from './vectors-train';

const actions: Record<string, (args: readonly string[]) => Promise<void>> = { train: vectorsTrain };

export const vectorsUsage = vectorsTrainUsage;

export async function vectorsCommand(args: readonly string[]): Promise<number> {
	const [action, ...rest] = args;
	if (action === undefined || !Object.hasOwn(actions, action)) {
		throw new UsageError(`nerco vectors does ${Object.keys(actions).join(', ')}${action ? `, not '${action}'` : ''}`);
	}
	await actions[action](rest);
	return exitCodes.done;
}
