// The first page: set up a run, watch it, tag a sentence. The status line names the back end.

import { RunCharts } from './charts/RunCharts';
import { ProblemNotice } from './controls/ProblemNotice';
import { useRun } from './run-store-context';
import { TagBox } from './tag/TagBox';
import { EpochTable } from './train/EpochTable';
import { RunControls } from './train/RunControls';
import { RunFacts } from './train/RunFacts';
import { RunSetup } from './train/RunSetup';
import { StageLine } from './train/StageLine';

export function App() {
	const problem = useRun((state) => state.problem);
	return (
		<>
			<header className="top">
				<img src="./icon.svg" alt="" width={22} height={22} />
				<h1>NerCo Workbench</h1>
			</header>
			<main>
				<RunSetup />
				<RunControls />
				{problem && <ProblemNotice problem={problem} />}
				<StageLine />
				<RunCharts />
				<EpochTable />
			</main>
			<aside>
				<RunFacts />
				<TagBox />
			</aside>
			<DeviceLine />
		</>
	);
}

function DeviceLine() {
	const device = useRun((state) => state.device);
	return (
		<footer className="status-line">
			<span className="dot" data-ready={device !== null} />
			<span
				data-backend={device?.info.name}
				data-software={device?.info.isSoftware}
				data-adapter={adapterWords(device?.info)}
			>
				{device ? device.info.label : 'Looking for a device'}
			</span>
			{device?.findings.map((finding) => (
				<span key={finding} className="hint">
					{finding}
				</span>
			))}
		</footer>
	);
}

function adapterWords(info: { adapter?: { vendor: string; architecture: string } } | undefined): string | undefined {
	return info?.adapter && `${info.adapter.vendor} ${info.adapter.architecture}`.trim();
}
