// How the state of a run looks everywhere, and how much of a stage is done.

import type { RunState, StageProgress } from '../../state/run-progress';
import type { Tone } from '../kit/controls/Badge';

/** How the state of a run looks everywhere. */
export const stateTones: Record<RunState['kind'], Tone | 'running'> = {
	idle: 'plain',
	preparing: 'running',
	training: 'running',
	paused: 'warn',
	'cut-off': 'warn',
	recovering: 'running',
	stopping: 'running',
	stopped: 'plain',
	finished: 'ok',
	failed: 'bad',
};

/** Done part of a stage, 1 when it ended early: there is nothing left to do in it. */
export function shareOf({ summary, step, epochs, stepsPerEpoch }: StageProgress): number {
	if (summary && summary.reason !== 'stopped') return 1;
	return Math.min(1, step / Math.max(1, epochs * stepsPerEpoch));
}
