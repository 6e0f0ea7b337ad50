// Processor time of the thread that runs JavaScript. On a machine that others use too it says more than the clock;
// beside a GPU it is the host's share of a step. Linux tells it to the nanosecond; elsewhere the clock stands in.

import { readFileSync } from 'node:fs';

const path = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds since the thread began. */
export const threadMs: () => number = isReadable() ? () => readNanoseconds() / 1e6 : () => performance.now();

function isReadable(): boolean {
	try {
		return readNanoseconds() > 0;
	} catch {
		return false;
	}
}

function readNanoseconds(): number {
	return Number(readFileSync(path, 'latin1').split(' ')[0]);
}
