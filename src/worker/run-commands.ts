// The part of the wire about the run under way and about saved runs that can be resumed.

import type { SavedRun } from './protocol';
import type { RunHost } from './run-host';
import type { InputChange } from './run-input';
import { changeOfInput } from './run-input';
import { hasBestModel, keepSavedModel } from './run-model';
import { latestSavedRun, readSavedRun } from './saved-run';
import type { Handlers } from './serve';
import type { WorkerContext } from './worker-context';

export interface RunCommands {
	/** The run saved last that can be resumed and that no tab trains, or null. */
	'saved-run': { request: Record<string, never>; reply: SavedRun | null };
	/** How the data of a saved run are now, and whether it has a model to keep; null for a run that cannot be resumed. */
	'run-input': { request: { runId: string }; reply: { change: InputChange; hasModel: boolean } | null };
	/** Keeps the best model of a saved run as a checkpoint under the run's id, without resuming it. */
	'keep-run-model': { request: { runId: string }; reply: { checkpointId: string } };
	/** Holds the run after the step, or the batch of evaluation, that is under way, its state saved; replies when it is held. */
	'pause-run': { request: Record<string, never>; reply: { isPaused: true } };
	'resume-run': { request: Record<string, never>; reply: { isPaused: false } };
	/** Ends the run under way cleanly; its model stays for tagging. With a run that nobody trains: marks that as stopped. */
	'stop-run': { request: { runId?: string }; reply: { isStopped: true } };
}

export function runHandlers(context: WorkerContext, host: RunHost): Pick<Handlers, keyof RunCommands> {
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
