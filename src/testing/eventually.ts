// Waiting in tests for something that another process or thread does, as long as a busy machine may need.

import { patienceMs } from '../../scripts/patience.mjs';

/** Resolves once `isSo` is true, looking every few milliseconds. Throws after a limit that only ends what hangs. */
export async function eventually(isSo: () => boolean): Promise<void> {
	const limit = Date.now() + patienceMs;
	while (!isSo()) {
		if (Date.now() > limit) throw new Error(`not within ${patienceMs} ms`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
