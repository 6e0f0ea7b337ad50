// The place Train: set up a run, watch it.

import { RunCharts } from '../charts/RunCharts';
import { ProblemNotice } from '../controls/ProblemNotice';
import { useRun } from '../run-store-context';
import { PlaceFrame } from '../shell/PlaceFrame';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { EpochTable } from './EpochTable';
import { RunControls } from './RunControls';
import { RunFacts } from './RunFacts';
import { RunSetup } from './RunSetup';
import { StageLine } from './StageLine';
import './train.css';

export default function TrainPlace() {
	const t = useWords(shellWords);
	const problem = useRun((state) => state.problem);
	return (
		<PlaceFrame place="train" side={{ label: t('run'), content: <RunFacts /> }}>
			<div className="scroll train-column">
				<RunSetup />
				<RunControls />
				{problem && <ProblemNotice problem={problem} />}
				<StageLine />
				<RunCharts />
				<EpochTable />
			</div>
		</PlaceFrame>
	);
}
