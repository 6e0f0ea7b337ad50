// Plans how the halves of the tests run: side by side or in turn, and with how many workers, by the machine's cores
// and load. The browser tests run one after another and wait between steps, so they leave time on their core that
// the other half can use.

import { availableParallelism, loadavg } from 'node:os';

/** More would need too much memory: some unit tests hold a software GPU or a whole model. */
const maxWorkers = 4;

/**
 * On a busy machine the halves run one after the other: side by side they would only wait for each other. Two cores:
 * one unit worker beside the browser. `load`: processes that want a core before the tests begin.
 */
export function planSuites({ cores = availableParallelism(), load = loadavg()[0] } = {}) {
	const isSideBySide = cores > 1 && cores - load >= 1;
	const workers = isSideBySide ? cores - (cores > 2 ? 2 : 1) : cores;
	return { isSideBySide, unitWorkers: Math.max(1, Math.min(maxWorkers, workers)) };
}
