// The model of a run as a checkpoint of its own: of one that has ended, and of one that was cut off, from what it saved,
// without resuming it and without the corpus that it was trained on.

import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { modelInputPart } from '../../storage/workspace/run-record';
import type { NewItem, Workspace } from '../../storage/workspace/workspace';
import { checkpointShell, withParameters } from '../../training/run-checkpoint';
import { UserError } from '../../util/errors';
import type { HeldItem } from '../items/held-work';
import type { WorkerContext } from '../worker-context';
import { readRun } from './read-run';
import { pinnedSource } from './run-input';
import { type ReadSavedRun, readSavedRun } from './saved-run';

/** What a run keeps of its data for its model, without parameters. */
export function encodeShell(parts: Parameters<typeof checkpointShell>[0]): Uint8Array<ArrayBuffer> {
	return encodeCheckpoint(checkpointShell(parts));
}

/** Whether the saved state of a run holds the parameters of an epoch that was evaluated. */
export function hasBestModel({ resume, events }: Pick<ReadSavedRun, 'resume' | 'events'>): boolean {
	return resume !== null && events.some((event) => event.kind === 'epoch-finished' && event.isBest);
}

/** Keeps the best model that a saved run has come to, under the run's id. Throws a UserError `run-without-model`, and what
 *  reading throws. */
export async function keepSavedModel(context: WorkerContext, runId: string): Promise<ItemOf<'checkpoint'>> {
	const workspace = await context.workspace();
	const saved = await readSavedRun(workspace, runId);
	if (!saved.resume || !hasBestModel(saved)) throw withoutModel();
	const shell = await shellOf(workspace, runId, saved);
	const checkpoint = withParameters(shell, saved.resume.state, saved.events);
	return keepCheckpoint(context, { runId, name: saved.name }, checkpoint);
}

/** Kept with the run; of runs of earlier versions made again from their input. */
async function shellOf(workspace: Workspace, runId: string, saved: ReadSavedRun): Promise<Checkpoint> {
	const { config, dataHashes, detail } = saved;
	const versions = { ...detail.versions, ...(detail.deviceName ? { device: detail.deviceName } : {}) };
	const item = await workspace.get('run', runId);
	if (item.parts.some(({ name }) => name === modelInputPart)) {
		const shell = decodeCheckpoint(await workspace.readPart('run', runId, modelInputPart));
		return { ...shell, provenance: { ...shell.provenance, versions } };
	}
	const parentId = detail.parentCheckpointId;
	const parent = parentId ? decodeCheckpoint(await workspace.readPart('checkpoint', parentId, checkpointPart)) : null;
	const { isLimitedFirst } = detail;
	const basis = { kind: 'resumed', config, checkpoint: parent, isLimitedFirst } as const;
	const { data } = await readRun(basis, await pinnedSource(workspace, saved, detail.input));
	return checkpointShell({ config, data, dataHashes, versions });
}

/** Keeps the model of a run under the run's id, in place of an earlier one. Throws a UserError `storage-…`. */
export async function keepCheckpoint(
	context: WorkerContext,
	{ runId, name }: { runId: string; name: string },
	checkpoint: Checkpoint,
): Promise<ItemOf<'checkpoint'>> {
	const workspace = await context.workspace();
	const item = newItemOf(checkpoint, { runId, name, nowMs: context.nowMs() });
	const isThere = (await workspace.find('checkpoint', runId)) !== null;
	if (!isThere) return workspace.create(item);
	const { detail, parts, nowMs } = item;
	return workspace.update('checkpoint', runId, { revision: 'any', nowMs, detail, parts });
}

/** A run's model as it can be brought back or given out; `isRestored` when it was an item of its own. */
export function heldModel(
	checkpoint: Checkpoint,
	{ runId, name, isRestored, nowMs }: { runId: string; name: string; isRestored: boolean; nowMs: number },
): HeldItem {
	return {
		kind: 'checkpoint',
		id: runId,
		name,
		isRestored,
		copyTo: async (workspace) => void (await workspace.create(newItemOf(checkpoint, { runId, name, nowMs }))),
	};
}

function newItemOf(
	checkpoint: Checkpoint,
	{ runId, name, nowMs }: { runId: string; name: string; nowMs: number },
): NewItem<'checkpoint'> {
	const detail = describeCheckpoint(checkpoint, runId);
	const parts = { [checkpointPart]: encodeCheckpoint(checkpoint) };
	return { kind: 'checkpoint', id: runId, name, detail, parts, nowMs };
}

function withoutModel(): UserError {
	return new UserError({
		code: 'run-without-model',
		expected: 'a run with at least one evaluation',
		found: 'none of its epochs',
		remedy: 'Resume the run and let it finish its first evaluation.',
	});
}
