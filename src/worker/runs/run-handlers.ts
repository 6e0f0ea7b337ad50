// The part of the wire about the run under way and about saved runs that can be resumed.

import type { RunCommands } from '../../wire/runs';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import type { RunHost } from './run-host';
import { changeOfInput } from './run-input';
import { hasBestModel, keepSavedModel } from './run-model';
import { latestSavedRun, readSavedRun } from './saved-run';

export function runHandlers(
	context: WorkerContext,
	host: RunHost,
): Pick<Handlers, Exclude<keyof RunCommands, 'start-run' | 'forecast-run' | 'load-run'>> {
	return {
		'saved-run': async () => latestSavedRun(await context.workspace(), await context.tabs.claimedRuns()),
		'run-input': async ({ runId }) => {
			const workspace = await context.workspace();
			const item = await workspace.find('run', runId);
			if (!item || item.detail.state === 'completed') return null;
			const saved = await readSavedRun(workspace, runId);
			return { change: await changeOfInput(workspace, saved), hasModel: hasBestModel(saved) };
		},
		'keep-run-model': async ({ runId }) => ({ checkpointId: (await keepSavedModel(context, runId)).id }),
		'pause-run': async () => {
			await host.pause();
			return { isPaused: true };
		},
		'resume-run': async () => {
			await host.resume();
			return { isPaused: false };
		},
		'stop-run': async ({ runId }) => {
			await host.stop(runId);
			return { isStopped: true };
		},
	};
}
