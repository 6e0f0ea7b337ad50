// What memory holds of the user's work: brought back into a storage that has lost it, or given out as a file.

import { storageError } from '../../storage/storage-error';
import type { AnyItem } from '../../storage/workspace/item-kinds';
import type { ItemKind } from '../../storage/workspace/item-record';
import { memoryStores, Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { workspaceBlob } from './workspace-blob';

export interface HeldItem {
	kind: ItemKind;
	id: string;
	name: string;
	/** False for what goes into a file only: the model of a run that is still training. */
	isRestored: boolean;
	copyTo(workspace: Workspace): Promise<void>;
}

/** Makes the parts of an item anew, only when they are wanted: meanwhile memory holds what was read, and no second copy. */
export type HeldParts = () => Readonly<Record<string, Uint8Array>>;

/** An item as it was read, with its parts made anew from what was read. */
export function heldItem(item: AnyItem, parts: HeldParts): HeldItem {
	const { kind, id, name } = item;
	async function* contents(): AsyncGenerator<readonly [string, Uint8Array]> {
		yield* Object.entries(parts());
	}
	return { kind, id, name, isRestored: true, copyTo: (workspace) => workspace.adopt(item, contents()) };
}

/** Those that the workspace lacks, each once. */
export async function missingOf(workspace: Workspace, held: readonly HeldItem[]): Promise<HeldItem[]> {
	const missing = new Map<string, HeldItem>();
	for (const item of held) {
		const { kind, id } = item;
		if ((await workspace.readRecord(kind, id)) === undefined) missing.set(`${kind}/${id}`, item);
	}
	return [...missing.values()];
}

/** Brings back what the workspace lacks; what it has stays. */
export async function restoreHeld(workspace: Workspace, held: readonly HeldItem[]): Promise<void> {
	for (const { isRestored, copyTo } of await missingOf(workspace, held)) {
		if (!isRestored) continue;
		try {
			await copyTo(workspace);
		} catch (error) {
			// One that cannot be stored, or that another tab has just stored, keeps no other from it.
			if (!(error instanceof UserError)) throw error;
		}
	}
}

/** All of it as a workspace file; null when there is nothing. */
export async function heldFile(
	held: readonly HeldItem[],
	{ newId, nowMs }: Pick<WorkerContext, 'newId' | 'nowMs'>,
): Promise<Blob | null> {
	if (held.length === 0) return null;
	const workspace = new Workspace(memoryStores(storageError('unavailable', 'a workspace in memory')), { newId });
	for (const { copyTo } of await missingOf(workspace, held)) await copyTo(workspace);
	return workspaceBlob(workspace, { nowMs: nowMs() });
}

export interface HeldTools {
	held(): HeldItem[];
	/** Null when no run of that id is held. */
	saveRun(id: string): Promise<boolean | null>;
}

export function storageHandlers(
	context: WorkerContext,
	{ held, saveRun }: HeldTools,
): Pick<Handlers, 'check-storage' | 'export-held' | 'save-run'> {
	return {
		'check-storage': async () => {
			await (await context.workspace()).check();
			return { isChecked: true };
		},
		'export-held': async () => {
			const items = held();
			const file = await heldFile(items, context);
			return { file, items: items.map(({ kind, id, name }) => ({ kind, id, name })) };
		},
		'save-run': async ({ id }) => ({ isSaved: (await saveRun(id)) ?? true }),
	};
}
