// Where the records of a workspace lie: in the browser's database, or in memory where the browser keeps nothing.

import { recordStoreName, settled, transactionDone } from './database';
import type { DatabaseLink } from './database-link';

export interface RecordStore {
	/** All records as they lie there, unchecked. */
	all(): Promise<unknown[]>;
	get(kind: string, id: string): Promise<unknown>;
	/**
	 * One transaction: `decide` sees the record as it is now (undefined when there is none) and gives the new one; null
	 * deletes it. What `decide` throws is thrown on, and nothing is changed then.
	 */
	change(kind: string, id: string, decide: (current: unknown) => unknown): Promise<void>;
	close(): void;
}

export class DatabaseRecords implements RecordStore {
	constructor(private readonly link: DatabaseLink) {}

	async all(): Promise<unknown[]> {
		return this.link.use((database) => settled(() => storeOf(database).getAll()));
	}

	async get(kind: string, id: string): Promise<unknown> {
		return this.link.use((database) => settled(() => storeOf(database).get([kind, id])));
	}

	async change(kind: string, id: string, decide: (current: unknown) => unknown): Promise<void> {
		let refusal: { error: unknown } | null = null;
		const start = (database: IDBDatabase) => {
			const transaction = database.transaction(recordStoreName, 'readwrite', { durability: 'strict' });
			const store = transaction.objectStore(recordStoreName);
			const request = store.get([kind, id]);
			request.onsuccess = () => {
				try {
					const next = decide(request.result);
					if (next === null) store.delete([kind, id]);
					else store.put(next);
				} catch (error) {
					refusal = { error };
					transaction.abort();
				}
			};
			return transaction;
		};
		await this.link.use((database) =>
			transactionDone(() => start(database)).catch((error) => {
				throw refusal ? refusal.error : error;
			}),
		);
	}

	close(): void {
		this.link.close();
	}
}

function storeOf(database: IDBDatabase): IDBObjectStore {
	return database.transaction(recordStoreName, 'readonly').objectStore(recordStoreName);
}

export class MemoryRecords implements RecordStore {
	private readonly records = new Map<string, unknown>();

	async all(): Promise<unknown[]> {
		return structuredClone([...this.records.values()]);
	}

	async get(kind: string, id: string): Promise<unknown> {
		return structuredClone(this.records.get(keyOf(kind, id)));
	}

	async change(kind: string, id: string, decide: (current: unknown) => unknown): Promise<void> {
		const next = decide(structuredClone(this.records.get(keyOf(kind, id))));
		if (next === null) this.records.delete(keyOf(kind, id));
		else this.records.set(keyOf(kind, id), structuredClone(next));
	}

	close(): void {}
}

/** Records of another store, and new ones that found no room there: those last as long as the page. */
export class OverflowRecords implements RecordStore {
	private readonly memory = new MemoryRecords();
	private readonly inMemory = new Set<string>();

	constructor(private readonly kept: RecordStore) {}

	/** Whether a record was taken by `create`. */
	isInMemory(kind: string, id: string): boolean {
		return this.inMemory.has(keyOf(kind, id));
	}

	get memoryCount(): number {
		return this.inMemory.size;
	}

	/** Takes a record that the other store has no room for; `decide` sees what stands there under its name. */
	async create(kind: string, id: string, decide: (current: unknown) => unknown): Promise<void> {
		const record = decide(await this.get(kind, id));
		await this.memory.change(kind, id, () => record);
		this.inMemory.add(keyOf(kind, id));
	}

	async all(): Promise<unknown[]> {
		return [...(await this.kept.all()), ...(await this.memory.all())];
	}

	async get(kind: string, id: string): Promise<unknown> {
		return this.storeOf(kind, id).get(kind, id);
	}

	async change(kind: string, id: string, decide: (current: unknown) => unknown): Promise<void> {
		const store = this.storeOf(kind, id);
		await store.change(kind, id, decide);
		if (store === this.memory && (await this.memory.get(kind, id)) === undefined) this.inMemory.delete(keyOf(kind, id));
	}

	close(): void {
		this.kept.close();
	}

	private storeOf(kind: string, id: string): RecordStore {
		return this.isInMemory(kind, id) ? this.memory : this.kept;
	}
}

function keyOf(kind: string, id: string): string {
	return `${kind}/${id}`;
}
