// Beside a run: its map, its figures, the queue, the runs before it, what differs from its preset.

import { lazy, Suspense } from 'react';
import { useRun } from '../run-store-context';
import { EarlierRuns } from './EarlierRuns';
import { RunDifferences, RunFacts, RunWarnings } from './RunFacts';
import { RunQueue } from './RunQueue';

const LiveMap = lazy(() => import('../space/LiveMap'));

export function RunPanel() {
	const runId = useRun((state) => state.runId);
	return (
		<div className="scroll">
			{runId && (
				<Suspense fallback={null}>
					<LiveMap key={runId} runId={runId} />
				</Suspense>
			)}
			<RunFacts />
			<RunQueue />
			<EarlierRuns />
			<RunDifferences />
			<RunWarnings />
		</div>
	);
}
