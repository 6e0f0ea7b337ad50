// The part of the wire about what the workspace keeps: lists, corpora, imports, runs, checkpoints, the workspace file.
// Long tasks carry a name that the page chooses: progress comes as `task-progress` events, `cancel-task` ends one.

import type { Sentence, SentenceRef, Span, SplitName } from '../data/corpus';
import type { StorageStatus } from '../storage/storage-status';
import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import type { ItemKind } from '../storage/workspace/item-record';
import type { RunLog } from '../storage/workspace/run-log';
import type { ItemChange } from '../storage/workspace/workspace';
import type { ImportReport } from '../storage/workspace/workspace-file';
import type { SourceFile } from './protocol';
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
	/** Why everything goes on in memory only; null when the browser keeps it. */
	whyNotKept: WireError | null;
}

export interface OpenedCorpus {
	item: ItemOf<'corpus'>;
	/** What was done to it since it was imported, in order (data/corpus-changes.ts). */
	changes: unknown[];
}

export interface SentenceFilter {
	split?: SplitName;
	/** Part of the text, as it stands. */
	text?: string;
	/** Only sentences with a mention of this type. */
	entityType?: string;
}

export interface SentenceRow {
	ref: SentenceRef;
	/** From 1; 0 when there is no file. */
	line: Sentence['line'];
	characters: string[];
	spans: Span[];
	hasTags: boolean;
}

export interface SentencePage {
	/** Sentences that the filter lets through. */
	total: number;
	rows: SentenceRow[];
	/** Revision of the corpus that was read. */
	revision: number;
}

/** Most rows of one answer: the page asks for what it shows. */
export const mostRows = 1000;

export interface TaskProgress {
	/** Bytes or items, of how many; null when the end is not known. */
	done: number;
	total: number | null;
	unit: 'bytes' | 'items';
	/** Further counts by name: rows read, rows kept. */
	counts: Record<string, number>;
}

export interface DataCommands {
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
	'cancel-task': { request: { task: string }; reply: { isCancelled: boolean } };

	/** Null when it was never saved. */
	'load-setting': { request: { name: string }; reply: { value: unknown } };
	'save-setting': { request: { name: string; value: unknown }; reply: { isSaved: true } };

	'open-corpus': { request: { id: string }; reply: OpenedCorpus };
	/** Refused (`workspace-conflict`) when the corpus was changed since that revision. */
	'save-corpus-changes': {
		request: { id: string; revision: number; changes: unknown[] };
		reply: { revision: number };
	};
	/** A part of the sentences that a filter lets through, in corpus order; at most `mostRows`. */
	sentences: { request: { id: string; filter: SentenceFilter; offset: number; limit: number }; reply: SentencePage };

	/** One word a line, jieba's dictionary, or the words of a vector file. */
	'import-lexicon': { request: { task: string; file: SourceFile; name: string }; reply: ItemOf<'lexicon'> };

	/** What a run said, and its record. */
	'load-run': { request: { id: string }; reply: { item: ItemOf<'run'>; log: RunLog } };
	/** A checkpoint file of the workbench. */
	'import-checkpoint': { request: { file: SourceFile; name: string }; reply: ItemOf<'checkpoint'> };
	'export-checkpoint': { request: { id: string }; reply: { file: Blob } };
}

export interface DataEvents {
	/** Something in the workspace changed, in this tab or another: lists are to be read again. */
	'workspace-changed': { change: ItemChange; isHere: boolean };
	'task-progress': { task: string; progress: TaskProgress };
}
