// The page Train: set up a run (`#/train/new`), watch the one under way (`#/train`), look at an earlier one
// (`#/train/{run}`).

import { useRun } from '../../context/run-store-context';
import { useRoute } from '../../navigation/navigation';
import { EarlierRun } from './EarlierRun';
import { NewRun } from './NewRun';
import { RunView } from './RunView';
import './train.css';

export default function TrainPage() {
	const [object] = useRoute().path;
	const run = useRun((state) => state.run);
	const runId = useRun((state) => state.runId);
	const hasStages = useRun((state) => state.stages.length > 0);
	if (object === 'new') return <NewRun />;
	if (object !== undefined && object !== runId) return <EarlierRun key={object} id={object} />;
	// What was chosen stays there when something must be mended before a run can begin.
	const isForm = run.kind === 'idle' || (run.kind === 'failed' && !hasStages);
	return isForm ? <NewRun /> : <RunView />;
}
