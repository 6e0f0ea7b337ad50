// Everything that the browser keeps: corpora, lexicons, vectors, runs, checkpoints, settings. Lists read records only;
// bytes are read part by part. Every change is whole or not at all: new bytes first, then the record in one transaction,
// then the old bytes go. Where the browser keeps nothing, all of it is kept in memory; where the disk
// is full, what is new does. `whyNotKept` says why.

import { UserError } from '../../util/errors';
import { versionOf } from '../../util/migrations';
import { storageError } from '../storage-error';
import { maxCount } from '../workbench-file';
import { DatabaseBytes, FileBytes, MemoryBytes, SplitBytes } from './byte-store';
import { DatabaseLink } from './database-link';
import { type AnyItem, type Details, type ItemOf, itemKinds, readAnyItem } from './item-kinds';
import { type ItemKind, type ItemRecord, nextRevision, type PartInfo, type ReadItem } from './item-record';
import { DatabaseRecords, MemoryRecords, OverflowRecords, type RecordStore } from './record-store';
import { type StorageState, watched } from './storage-state';

export interface WorkspaceOptions {
	databaseName?: string;
	/** A new unused name each time, e.g. `crypto.randomUUID`. Used for keys of bytes and, by callers, for ids. */
	newId(): string;
	/** Told of every change made through this object. */
	onChange?(change: ItemChange): void;
	/** Told whether the browser's storage answers, at each change of that. */
	onState?(state: StorageState): void;
	/** What was stored is gone while this object was open; it continues with an empty storage. */
	onCleared?(): void | Promise<void>;
	/** Milliseconds after which storage that does not answer is told; 5 s when not given. */
	patienceMs?: number;
}

/** Which item changed; revision 0 when it is gone. */
export interface ItemChange {
	kind: string;
	id: string;
	revision: number;
}

export type ListedItem = { isReadable: true; item: AnyItem } | Extract<ReadItem<never>, { isReadable: false }>;

type Parts = Readonly<Record<string, Uint8Array>>;

export interface NewItem<Kind extends ItemKind> {
	kind: Kind;
	id: string;
	name: string;
	detail: Details[Kind];
	parts?: Parts;
	nowMs: number;
}

export interface ItemUpdate<Kind extends ItemKind> {
	/** The revision that the caller read; 'any' where the caller alone may write (a lock). */
	revision: number | 'any';
	nowMs: number;
	name?: string;
	detail?: Details[Kind];
	/** New bytes of parts; null removes one. Others stay. */
	parts?: Readonly<Record<string, Uint8Array | null>>;
}

export interface WorkspaceStores {
	records: RecordStore;
	bytes: SplitBytes;
	/** Null when the browser keeps what is stored. */
	whyNotKept: UserError | null;
	/** Finds out whether storage is still there; absent where it cannot go away. Never rejects. */
	check?(): Promise<void>;
}

const defaultName = 'nerco-workbench';

export class Workspace {
	private readonly records: OverflowRecords;
	private whyFull: UserError | null = null;

	constructor(
		private readonly stores: WorkspaceStores,
		private readonly options: WorkspaceOptions,
	) {
		this.records = new OverflowRecords(stores.records);
	}

	/** Why something of it lasts only as long as the page: all of it, or what a full disk did not take. */
	get whyNotKept(): UserError | null {
		return this.stores.whyNotKept ?? (this.records.memoryCount > 0 ? this.whyFull : null);
	}

	/** Never rejects for storage that is blocked: then the workspace is in memory. */
	static async open(options: WorkspaceOptions): Promise<Workspace> {
		return new Workspace(await openStores(options), options);
	}

	/** Finds out whether what is stored is still there, and tells `onState` and `onCleared`. Never rejects. */
	async check(): Promise<void> {
		await this.stores.check?.();
	}

	/** All items, latest change first; those in the trash too. Cheap: no bytes are read. */
	async list(kind?: ItemKind): Promise<ListedItem[]> {
		const read = (await this.records.all()).map(readAnyItem);
		const items = read.map(
			(item): ListedItem => (item.isReadable ? { isReadable: true, item: item.record as AnyItem } : item),
		);
		const isWanted = (item: ListedItem) => !kind || kindOf(item) === kind;
		return items.filter(isWanted).sort((left, right) => changedAt(right) - changedAt(left));
	}

	/** Throws a UserError `storage-missing` or `storage-damaged`. */
	async get<Kind extends ItemKind>(kind: Kind, id: string): Promise<ItemOf<Kind>> {
		const found = await this.find(kind, id);
		if (!found) throw storageError('missing', 'none', `the ${kind} '${id}'`);
		return found;
	}

	/** Null when there is none. Throws a UserError `storage-damaged` when it cannot be read. */
	async find<Kind extends ItemKind>(kind: Kind, id: string): Promise<ItemOf<Kind> | null> {
		const value = await this.records.get(kind, id);
		return value === undefined ? null : requireReadable<Kind>(value);
	}

	/** Throws a UserError `storage-missing` or `storage-damaged`. */
	async readPart(kind: ItemKind, id: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
		let lastKey = '';
		for (;;) {
			const part = (await this.get(kind, id)).parts.find((candidate) => candidate.name === name);
			if (!part) throw storageError('missing', 'none', `the part ${name} of the ${kind} '${id}'`);
			const bytes = await this.stores.bytes.get(part.key);
			if (bytes?.byteLength === part.sizeBytes) return bytes;
			// Another tab may have swapped the part between the two reads; its record names another key then.
			if (part.key === lastKey)
				throw storageError('damaged', 'different content', `the part ${name} of the ${kind} '${id}'`);
			lastKey = part.key;
		}
	}

	/** On a full disk the new item stands in memory. Throws a UserError `storage-unavailable`, or `workspace-conflict` when the id is taken. */
	async create<Kind extends ItemKind>(item: NewItem<Kind>): Promise<ItemOf<Kind>> {
		const { kind, id, name, detail, nowMs } = item;
		const contents = item.parts ?? {};
		const decide = (current: unknown, parts: PartInfo[]): ItemRecord<Details[Kind]> => {
			if (current !== undefined) throw conflict(kind, id, 'another one of that id');
			const version = versionOf(itemKinds[kind].migrations);
			const times = { createdAtMs: nowMs, changedAtMs: nowMs, trashedAtMs: null };
			return { kind, id, version, revision: 1, name, ...times, parts, detail };
		};
		try {
			return await this.write(kind, id, contents, decide);
		} catch (error) {
			if (!(error instanceof UserError) || error.code !== 'storage-full') throw error;
			this.whyFull = error;
			return this.createInMemory(kind, id, contents, decide);
		}
	}

	/** Throws a UserError `workspace-conflict` when the item was changed since the given revision. */
	async update<Kind extends ItemKind>(kind: Kind, id: string, update: ItemUpdate<Kind>): Promise<ItemOf<Kind>> {
		return this.write(kind, id, update.parts ?? {}, (current, added) => {
			if (current === undefined) throw storageError('missing', 'none', `the ${kind} '${id}'`);
			const item = requireReadable<Kind>(current);
			if (update.revision !== 'any' && item.revision !== update.revision) {
				throw conflict(kind, item.name, `revision ${item.revision} instead of ${update.revision}`);
			}
			const kept = item.parts.filter((part) => !Object.hasOwn(update.parts ?? {}, part.name));
			return {
				...item,
				revision: nextRevision(item.revision),
				changedAtMs: update.nowMs,
				name: update.name ?? item.name,
				detail: update.detail ?? item.detail,
				parts: [...kept, ...added],
			};
		});
	}

	/** Puts an item into the trash (a time) or takes it out (null). Its content stays. */
	async setTrashed(kind: ItemKind, id: string, trashedAtMs: number | null): Promise<void> {
		await this.write(kind, id, {}, (current) => {
			if (current === undefined) throw storageError('missing', 'none', `the ${kind} '${id}'`);
			const item = requireReadable<ItemKind>(current);
			return { ...item, revision: nextRevision(item.revision), trashedAtMs };
		});
	}

	/** Deletes for good, unreadable items too. Nothing happens when there is none. */
	async delete(kind: string, id: string): Promise<void> {
		let keys: string[] = [];
		await this.records.change(kind, id, (current) => {
			keys = partsOf(current).map((part) => part.key);
			return null;
		});
		await this.stores.bytes.delete(keys);
		this.options.onChange?.({ kind, id, revision: 0 });
	}

	/** Deletes everything in the trash for good; returns how many items that were. */
	async emptyTrash(): Promise<number> {
		const trashed = (await this.list()).filter((listed) => listed.isReadable && listed.item.trashedAtMs !== null);
		for (const listed of trashed) await this.delete(kindOf(listed), idOf(listed));
		return trashed.length;
	}

	/** A record as it lies there, unchecked; undefined when there is none. */
	async readRecord(kind: string, id: string): Promise<unknown> {
		return this.records.get(kind, id);
	}

	/** The bytes of a record's parts, one after another; null for those that are gone. Also of what cannot be read. */
	async *readParts(record: unknown): AsyncGenerator<readonly [name: string, bytes: Uint8Array<ArrayBuffer> | null]> {
		for (const part of partsOf(record)) yield [part.name, await this.stores.bytes.get(part.key)];
	}

	/** Takes an item from outside with its own times: new, or in place of the one that is there. */
	async adopt(item: AnyItem, contents: AsyncIterable<readonly [string, Uint8Array]>): Promise<void> {
		const parts: PartInfo[] = [];
		try {
			for await (const [name, bytes] of contents) parts.push(await this.putPart(name, bytes));
			await this.swap(item.kind, item.id, (current) => ({
				...item,
				revision: Math.max(item.revision, nextRevision(revisionOf(current))),
				parts,
			}));
		} catch (error) {
			await this.stores.bytes.delete(parts.map((part) => part.key));
			throw error;
		}
	}

	/** Deletes bytes that no record names: what a closed tab or a full disk left half done. Only while no other tab writes. */
	async sweep(): Promise<number> {
		const named = new Set((await this.records.all()).flatMap((record) => partsOf(record).map((part) => part.key)));
		const stray = (await this.stores.bytes.keys()).filter((key) => !named.has(key));
		await this.stores.bytes.delete(stray);
		return stray.length;
	}

	close(): void {
		this.records.close();
	}

	private async write<Kind extends ItemKind>(
		kind: Kind,
		id: string,
		contents: Readonly<Record<string, Uint8Array | null>>,
		decide: (current: unknown, added: PartInfo[]) => ItemRecord<Details[Kind]>,
	): Promise<ItemOf<Kind>> {
		const added: PartInfo[] = [];
		try {
			const isInMemory = this.records.isInMemory(kind, id);
			for (const [name, bytes] of Object.entries(contents)) {
				if (bytes) added.push(await this.putPart(name, bytes, isInMemory));
			}
			return await this.swap(kind, id, (current) => decide(current, added));
		} catch (error) {
			await this.stores.bytes.delete(added.map((part) => part.key));
			throw error;
		}
	}

	private async createInMemory<Kind extends ItemKind>(
		kind: Kind,
		id: string,
		contents: Parts,
		decide: (current: unknown, added: PartInfo[]) => ItemRecord<Details[Kind]>,
	): Promise<ItemOf<Kind>> {
		const added: PartInfo[] = [];
		for (const [name, bytes] of Object.entries(contents)) added.push(await this.putPart(name, bytes, true));
		await this.records.create(kind, id, (current) => decide(current, added));
		const item = await this.get(kind, id);
		this.options.onChange?.({ kind, id, revision: item.revision });
		return item;
	}

	private async putPart(name: string, bytes: Uint8Array, isInMemory = false): Promise<PartInfo> {
		const { bytes: store } = this.stores;
		const id = this.options.newId();
		const key = isInMemory ? store.keyInMemory(id) : store.keyFor(id, bytes.byteLength);
		await this.stores.bytes.put(key, bytes);
		return { name, key, sizeBytes: bytes.byteLength };
	}

	private async swap<Kind extends ItemKind>(
		kind: Kind,
		id: string,
		decide: (current: unknown) => ItemRecord<Details[Kind]>,
	): Promise<ItemOf<Kind>> {
		let written: ItemRecord<Details[Kind]> | null = null;
		let before: PartInfo[] = [];
		await this.records.change(kind, id, (current) => {
			before = partsOf(current);
			written = decide(current);
			return written;
		});
		const item = written as unknown as ItemOf<Kind>;
		const kept = new Set(item.parts.map((part) => part.key));
		await this.stores.bytes.delete(before.map((part) => part.key).filter((key) => !kept.has(key)));
		this.options.onChange?.({ kind, id, revision: item.revision });
		return item;
	}
}

async function openStores(options: WorkspaceOptions): Promise<WorkspaceStores> {
	const { databaseName: name = defaultName, newId, onState, onCleared, patienceMs } = options;
	const link = new DatabaseLink({ name, newId, onState, onCleared, patienceMs });
	try {
		await link.open();
		const files = await watched(
			FileBytes.open(name),
			() => onState?.({ kind: 'waiting', reason: 'no-answer' }),
			patienceMs,
		);
		onState?.({ kind: 'ready' });
		const check = async () => {
			await link.check();
			const isThere = (await files?.check().catch(() => true)) ?? true;
			if (!isThere) await onCleared?.();
		};
		return {
			records: new DatabaseRecords(link),
			bytes: new SplitBytes(new DatabaseBytes(link), files),
			whyNotKept: null,
			check,
		};
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return memoryStores(error);
	}
}

/** Stores that last as long as the page. */
export function memoryStores(whyNotKept: UserError): WorkspaceStores {
	return { records: new MemoryRecords(), bytes: new SplitBytes(new MemoryBytes(), null), whyNotKept };
}

function requireReadable<Kind extends ItemKind>(value: unknown): ItemOf<Kind> {
	const read = readAnyItem(value);
	if (read.isReadable) return read.record as unknown as ItemOf<Kind>;
	throw storageError(
		'damaged',
		read.reason,
		`the ${read.kind} '${read.id}' as this version of the workbench writes it`,
	);
}

function conflict(kind: string, name: string, found: string): UserError {
	return new UserError({
		code: 'workspace-conflict',
		expected: `the ${kind} '${name}' as it was when it was opened`,
		found,
		remedy: 'It was changed in another tab: reload it, then repeat your change.',
	});
}

/** Parts of a record that may be unreadable. */
function partsOf(record: unknown): PartInfo[] {
	const parts: unknown = (record as Partial<ItemRecord> | undefined)?.parts;
	return Array.isArray(parts) ? parts.filter((part): part is PartInfo => typeof part?.key === 'string') : [];
}

function revisionOf(record: unknown): number {
	const revision = (record as Partial<ItemRecord> | undefined)?.revision;
	return typeof revision === 'number' && revision < maxCount ? revision : 0;
}

export function kindOf(listed: ListedItem): string {
	return listed.isReadable ? listed.item.kind : listed.kind;
}

export function idOf(listed: ListedItem): string {
	return listed.isReadable ? listed.item.id : listed.id;
}

function changedAt(listed: ListedItem): number {
	return listed.isReadable ? listed.item.changedAtMs : Number.NEGATIVE_INFINITY;
}
