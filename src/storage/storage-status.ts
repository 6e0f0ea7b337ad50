// How much the browser keeps for this page, how much it would take, and whether it promises not to clear it.

/** Sizes are the browser's estimates; null where it does not say. */
export interface StorageStatus {
	/** False where everything is kept in memory only. */
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
	// Not timed: some browsers ask the user first.
	return (await manager?.persist?.().catch(() => null)) ?? null;
}

/** Lists of the page wait for the answer: a storage that is silent must not hold them up. */
const answerMs = 2000;

async function orNull<T>(ask: () => Promise<T> | undefined): Promise<T | null> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const silence = new Promise<null>((resolve) => {
		timer = setTimeout(() => resolve(null), answerMs);
	});
	try {
		return (await Promise.race([ask(), silence])) ?? null;
	} catch {
		return null; // a private window refuses the question
	} finally {
		clearTimeout(timer);
	}
}
