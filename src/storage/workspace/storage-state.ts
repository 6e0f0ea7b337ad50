// Whether the browser's storage answers, as it is told to the page: opening, ready, or why not.

import { UserError } from '../../util/errors';

export type StorageState =
	| { kind: 'opening' }
	| { kind: 'ready' }
	/** Asked and not answered for `patienceMs`; `blocked` by another tab with an older version of the page. */
	| { kind: 'waiting'; reason: 'blocked' | 'no-answer' }
	/** Closed under the page and not open again; `error` is null while it is being opened. */
	| { kind: 'closed'; error: UserError | null };

export const patienceMs = 5000;
const tickMs = 250;

/**
 * Calls `onSlow` once when the work takes longer than so many milliseconds, counted in short ticks: a thread that
 * computes for seconds delays the answer and the clock alike, and its storage is not to blame.
 */
export async function watched<T>(work: Promise<T>, onSlow: () => void, limitMs = patienceMs): Promise<T> {
	let waitedMs = 0;
	const timer = setInterval(() => {
		waitedMs += tickMs;
		if (waitedMs < limitMs) return;
		clearInterval(timer);
		onSlow();
	}, tickMs);
	try {
		return await work;
	} finally {
		clearInterval(timer);
	}
}

/** Whether another connection may do what one refused: nothing was changed by it. */
export function isConnectionError(error: unknown): error is UserError {
	return error instanceof UserError && (error.code === 'storage-closed' || error.code === 'storage-unavailable');
}
