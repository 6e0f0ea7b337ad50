// What the browser keeps of the workbench, read past the page: its records, and whether the bytes that each names are there.

import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright';
import { patienceMs } from '../scripts/patience.mjs';

export interface StoredItem {
	kind: string;
	id: string;
	name: string;
	trashedAtMs: number | null;
	changedAtMs: number;
	/** Names of parts whose bytes are missing or have another length than the record says. */
	torn: string[];
	detail: Record<string, unknown>;
}

/** All records of the workspace; none where there is no workspace yet. */
export async function storedItems(page: Page): Promise<StoredItem[]> {
	return page.evaluate(async () => {
		const name = 'nerco-workbench';
		const settled = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const known = await indexedDB.databases();
		if (!known.some((database) => database.name === name)) return [];
		const database = await settled(indexedDB.open(name));
		try {
			// One transaction: no record is swapped to other bytes meanwhile.
			const transaction = database.transaction(['items', 'contents']);
			const contents = transaction.objectStore('contents');
			const records = await settled(transaction.objectStore('items').getAll());
			const sizes = new Map<string, number>();
			for (const { parts } of records)
				for (const { key } of parts) {
					if (key.startsWith('file-')) continue;
					const bytes = await settled(contents.get(key));
					if (bytes !== undefined) sizes.set(key, bytes.length);
				}
			const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
			// An active run replaces its files meanwhile.
			for await (const [key, handle] of folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>)
				sizes.set(key, (await handle.getFile().catch(() => null))?.size ?? 0);
			return records.map(({ parts, ...record }) => ({
				...record,
				torn: parts
					.filter(({ key, sizeBytes }: { key: string; sizeBytes: number }) => sizes.get(key) !== sizeBytes)
					.map((part: { name: string }) => part.name),
			}));
		} finally {
			database.close();
		}
	});
}

export interface SavedState {
	savedAtMs: number;
	/** Events of the log up to the state. */
	logEvents: number;
}

/** Where a run can be resumed, by its record; null before its first saved state. */
export function savedStateOf(run: StoredItem | undefined): SavedState | null {
	return (run?.detail.resumable as SavedState | null | undefined) ?? null;
}

/** Waits until some item is as wanted, and gives it. */
export async function waitForItem(page: Page, isWanted: (item: StoredItem) => boolean): Promise<StoredItem> {
	const deadline = performance.now() + patienceMs;
	for (;;) {
		const found = (await storedItems(page)).find(isWanted);
		if (found) return found;
		if (performance.now() > deadline) throw new Error('nothing that was waited for is stored');
		await setTimeout(100);
	}
}

/** Waits until some run of the browser has a saved state. */
export async function waitForSavedState(page: Page): Promise<void> {
	await waitForItem(page, (item) => item.kind === 'run' && savedStateOf(item) !== null);
}
