// Beside a run: its figures, the queue, the runs before it, what differs from its preset.

import { EarlierRuns } from './EarlierRuns';
import { RunDifferences, RunFacts, RunWarnings } from './RunFacts';
import { RunQueue } from './RunQueue';

export function RunPanel() {
	return (
		<div className="scroll">
			<RunFacts />
			<RunQueue />
			<EarlierRuns />
			<RunDifferences />
			<RunWarnings />
		</div>
	);
}
