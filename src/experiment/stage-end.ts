// What ends a stage: its planned epochs, its patience, or the epoch after which it is to stop. One rule for the training
// loop and for the page that says what is to come.

import type { StageConfig } from './config';
import type { StageSummary } from './events';
import type { StageProgress } from './run-state';

type EndRule = Pick<StageConfig, 'epochs' | 'patience' | 'stopAfter'>;

/** Asked before each epoch, so that a run resumed between two epochs decides the same; null: the epoch is trained. */
export function reasonToEnd(
	stage: EndRule,
	progress: Pick<StageProgress, 'epoch' | 'epochsSinceBest'>,
): StageSummary['reason'] | null {
	if (progress.epochsSinceBest >= stage.patience) return 'patience';
	if (progress.epoch > stage.epochs) return 'planned';
	if (stage.stopAfter > 0 && progress.epoch > stage.stopAfter) return 'stop-after';
	return null;
}

/** What will end a stage if nothing improves any more, and after how many more epochs. */
export interface ExpectedEnd {
	/** `limit`: the planned epochs, or the epoch after which it is to stop. */
	by: 'limit' | 'patience';
	/** 0: with the epoch that is under way over, none follows. */
	epochsLeft: number;
}

/**
 * After `epochsDone` epochs (from 0), the last `epochsSinceBest` of which were evaluated without an improvement. Where both
 * would end the stage at once, training says patience, and so does this.
 */
export function expectedEnd(stage: EndRule, epochsDone: number, epochsSinceBest: number): ExpectedEnd {
	const { epochs, patience, stopAfter } = stage;
	const limit = stopAfter > 0 ? Math.min(epochs, stopAfter) : epochs;
	const byLimit = Math.max(0, limit - epochsDone);
	const byPatience = Math.max(0, patience - epochsSinceBest);
	return byPatience <= byLimit ? { by: 'patience', epochsLeft: byPatience } : { by: 'limit', epochsLeft: byLimit };
}
