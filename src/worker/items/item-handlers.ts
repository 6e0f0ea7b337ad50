// Commands about items of every kind: lists, names, the trash, files of the whole workspace, settings, storage.

import { readStorageStatus } from '../../storage/storage-status';
import { importWorkspace, type TransferProgress } from '../../storage/workspace/workspace-file';
import type { ItemList } from '../../wire/items';
import type { TaskProgress } from '../../wire/tasks';
import { toWireError } from '../../wire/wire-error';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { workspaceBlob } from './workspace-blob';

type ItemCommand =
	| 'list-items'
	| 'rename-item'
	| 'trash-item'
	| 'restore-item'
	| 'delete-item'
	| 'empty-trash'
	| 'export-item'
	| 'export-workspace'
	| 'import-workspace'
	| 'workspace-status'
	| 'cancel-task'
	| 'load-setting'
	| 'save-setting';

export function itemHandlers(context: WorkerContext): Pick<Handlers, ItemCommand> {
	const { tabs, tasks, nowMs } = context;
	/** A run that a tab trains is neither trashed nor deleted under it. */
	const requireFree = async (kind: string, id: string) => {
		if (kind === 'run') await tabs.requireUnclaimed(id);
	};
	return {
		'list-items': async ({ kind }) => {
			const listed = await (await context.workspace()).list(kind);
			const list: ItemList = { items: [], unreadable: [], claimedRuns: await tabs.claimedRuns() };
			for (const item of listed) {
				if (item.isReadable) list.items.push(item.item);
				else list.unreadable.push({ kind: item.kind, id: item.id, reason: item.reason });
			}
			return list;
		},
		'rename-item': async ({ kind, id, name }) => {
			const item = await (await context.workspace()).update(kind, id, { revision: 'any', nowMs: nowMs(), name });
			return { revision: item.revision };
		},
		'trash-item': async ({ kind, id }) => {
			await requireFree(kind, id);
			await (await context.workspace()).setTrashed(kind, id, nowMs());
			return { isTrashed: true };
		},
		'restore-item': async ({ kind, id }) => {
			await (await context.workspace()).setTrashed(kind, id, null);
			return { isTrashed: false };
		},
		'delete-item': async ({ kind, id }) => {
			await requireFree(kind, id);
			await (await context.workspace()).delete(kind, id);
			return { isDeleted: true };
		},
		'empty-trash': async () => ({ deleted: await (await context.workspace()).emptyTrash() }),
		'export-item': async ({ kind, id }) => {
			const isWanted = (otherKind: string, otherId: string) => otherKind === kind && otherId === id;
			return { file: await workspaceBlob(await context.workspace(), { nowMs: nowMs(), isWanted }) };
		},
		'export-workspace': ({ task }) =>
			tasks.run(task, async ({ report }) => {
				const onProgress = (progress: TransferProgress) => report(itemProgress(progress));
				return { file: await workspaceBlob(await context.workspace(), { nowMs: nowMs(), onProgress }) };
			}),
		'import-workspace': ({ task, file }) =>
			tasks.run(task, async ({ report }) => {
				const claimed = new Set(await tabs.claimedRuns());
				return importWorkspace(await context.workspace(), file.content, {
					file: file.name,
					onProgress: (progress) => report(itemProgress(progress)),
					mayReplace: (kind, id) => kind !== 'run' || !claimed.has(id),
				});
			}),
		'workspace-status': async () => {
			const { whyNotKept } = await context.workspace();
			const status = await readStorageStatus(whyNotKept === null);
			return { ...status, whyNotKept: whyNotKept && toWireError(whyNotKept) };
		},
		'cancel-task': async ({ task }) => ({ isCancelled: tasks.cancel(task) }),
		'load-setting': async ({ name }) => {
			const found = await (await context.workspace()).find('setting', name);
			return { value: found?.detail.value ?? null };
		},
		'save-setting': async ({ name, value }) => {
			await saveSetting(context, name, value);
			return { isSaved: true };
		},
	};
}

export async function saveSetting(context: WorkerContext, name: string, value: unknown): Promise<void> {
	const workspace = await context.workspace();
	const nowMs = context.nowMs();
	const detail = { value };
	if (await workspace.find('setting', name)) {
		await workspace.update('setting', name, { revision: 'any', nowMs, detail });
	} else await workspace.create({ kind: 'setting', id: name, name, detail, nowMs });
}

function itemProgress({ itemsDone, itemsTotal }: TransferProgress): TaskProgress {
	return { done: itemsDone, total: itemsTotal, unit: 'items', counts: {} };
}
