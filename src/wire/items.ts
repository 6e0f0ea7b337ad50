// The part of the wire about everything that the workspace keeps: lists, names, the trash, single items and the whole
// workspace as files, and settings of the page.

import type { StorageStatus } from '../storage/storage-status';
import type { AnyItem } from '../storage/workspace/item-kinds';
import type { ItemKind } from '../storage/workspace/item-record';
import type { ItemChange } from '../storage/workspace/workspace';
import type { ImportReport } from '../storage/workspace/workspace-file';
import type { SourceFile } from './source-file';
import type { WireError } from './wire-error';

export interface ItemRef {
	kind: ItemKind;
	id: string;
}

/** A record that this version cannot read: it can be exported as it is, and deleted. */
export interface UnreadableItem {
	kind: string;
	id: string;
	reason: string;
}

export interface ItemList {
	/** Latest change first; those in the trash too. */
	items: AnyItem[];
	unreadable: UnreadableItem[];
	/** Runs that some tab trains now. One whose state is `running` without being here was cut off. */
	claimedRuns: string[];
}

export interface WorkspaceStatus extends StorageStatus {
	/** Why everything is kept in memory only; null when the browser keeps it. */
	whyNotKept: WireError | null;
}

export interface ItemCommands {
	/** Cheap: no content is read. */
	'list-items': { request: { kind?: ItemKind }; reply: ItemList };
	'rename-item': { request: ItemRef & { name: string }; reply: { revision: number } };
	/** Into the trash, out of which `restore-item` takes it until the trash is emptied. */
	'trash-item': { request: ItemRef; reply: { isTrashed: true } };
	'restore-item': { request: ItemRef; reply: { isTrashed: false } };
	/** For good; also what cannot be read. */
	'delete-item': { request: { kind: string; id: string }; reply: { isDeleted: true } };
	'empty-trash': { request: Record<string, never>; reply: { deleted: number } };
	/** One item, readable or not, as a file that `import-workspace` takes. */
	'export-item': { request: { kind: string; id: string }; reply: { file: Blob } };
	'export-workspace': { request: { task: string }; reply: { file: Blob } };
	'import-workspace': { request: { task: string; file: SourceFile }; reply: ImportReport };
	'workspace-status': { request: Record<string, never>; reply: WorkspaceStatus };
	/** Null when it was never saved. */
	'load-setting': { request: { name: string }; reply: { value: unknown } };
	'save-setting': { request: { name: string; value: unknown }; reply: { isSaved: true } };
}

export interface ItemEvents {
	/** Something in the workspace changed, in this tab or another: lists are to be read again. */
	'workspace-changed': { change: ItemChange; isHere: boolean };
}
