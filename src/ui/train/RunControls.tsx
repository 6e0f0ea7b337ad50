// The state of the run in one word, and the buttons that change it.

import { isActive, type RunState } from '../../state/run';
import { durationText } from '../number-words';
import { useRun } from '../run-store-context';

const endings = { completed: 'all stages done', stopped: 'stopped before its end' } as const;

export function RunControls() {
	const run = useRun((state) => state.run);
	const pause = useRun((state) => state.pause);
	const resume = useRun((state) => state.resume);
	const stop = useRun((state) => state.stop);
	return (
		<div className="run-controls">
			<span className="pill" data-state={run.kind}>
				{run.kind}
			</span>
			<span className="hint">{detail(run)}</span>
			<span className="spacer" />
			{run.kind === 'paused' ? (
				<button type="button" onClick={() => void resume()}>
					Resume
				</button>
			) : (
				<button type="button" disabled={run.kind !== 'training'} onClick={() => void pause()}>
					Pause
				</button>
			)}
			<button type="button" disabled={!isActive(run) || run.kind === 'stopping'} onClick={() => void stop()}>
				Stop
			</button>
		</div>
	);
}

function detail(run: RunState): string {
	switch (run.kind) {
		case 'idle':
			return 'No run yet';
		case 'preparing':
			return 'Reading files, building lattices';
		case 'training':
			return '';
		case 'paused':
			return 'Nothing is lost; resume at any time';
		case 'stopping':
			return 'Ending after this step';
		case 'finished':
			return `${endings[run.reason]} · ${durationText(run.seconds)}`;
		case 'failed':
			return 'See the message below';
		default:
			return run satisfies never;
	}
}
