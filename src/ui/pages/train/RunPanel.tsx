// Beside a run: its map, its figures, the queue, the runs before it, what differs from its preset.

import { useRun } from '../../context/run-store-context';
import { brokenBlock } from '../../kit/controls/broken-part';
import { lazyPart } from '../../kit/controls/lazy-part';
import { EarlierRuns } from './EarlierRuns';
import { RunDifferences, RunFacts, RunWarnings } from './RunFacts';
import { RunQueue } from './RunQueue';

const LiveMap = lazyPart(() => import('../space/LiveMap'), { broken: brokenBlock });

export function RunPanel() {
	const runId = useRun((state) => state.runId);
	return (
		<div className="scroll">
			{runId && <LiveMap key={runId} runId={runId} />}
			<RunFacts />
			<RunQueue />
			<EarlierRuns />
			<RunDifferences />
			<RunWarnings />
		</div>
	);
}
