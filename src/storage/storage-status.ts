// How much the browser keeps for this page, how much it would take, and whether it promises not to clear it.

/** Sizes are the browser's estimates; null where it does not say. */
export interface StorageStatus {
	/** False where everything goes on in memory only. */
	isKept: boolean;
	/** True when the browser clears nothing of it by itself; null where it does not say. */
	isPersistent: boolean | null;
	usageBytes: number | null;
	quotaBytes: number | null;
}

/** Never rejects: what the browser does not say is null. */
export async function readStorageStatus(isKept: boolean): Promise<StorageStatus> {
	const manager = typeof navigator === 'undefined' ? undefined : navigator.storage;
	const estimate = await orNull(() => manager?.estimate?.());
	const isPersistent = await orNull(() => manager?.persisted?.());
	return { isKept, isPersistent, usageBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null };
}

/** Asks the browser not to clear what is kept. Browsers let only a page ask, no worker; some ask the user. Returns
 *  whether it agreed; null where it cannot be asked. */
export async function requestPersistence(): Promise<boolean | null> {
	const manager = typeof navigator === 'undefined' ? undefined : navigator.storage;
	return orNull(() => manager?.persist?.());
}

async function orNull<T>(ask: () => Promise<T> | undefined): Promise<T | null> {
	try {
		return (await ask()) ?? null;
	} catch {
		return null; // a private window refuses the question
	}
}
