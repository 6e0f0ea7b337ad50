// Processor time of the thread that runs JavaScript. On a machine that others use too it says more than the clock;
// beside a GPU it is the host's share of a step. Linux reports it to the nanosecond; elsewhere the clock is used.

import { readFileSync } from 'node:fs';

const path = `/proc/self/task/${process.pid}/schedstat`;
const never = new Int32Array(new SharedArrayBuffer(4));
const isReadable = canRead();
const costMs = isReadable ? costOfReading() : 0;
let readings = 0;

/** Milliseconds since the thread began, without those that this function took. */
export function threadMs(): number {
	return isReadable ? readMs() - costMs * readings++ : performance.now();
}

function canRead(): boolean {
	try {
		return readMs() > 0;
	} catch {
		return false;
	}
}

/** Linux books the time of a running thread only at its ticks, every 4 ms, and when it sleeps: so it sleeps briefly. */
function readMs(): number {
	Atomics.wait(never, 0, 0, 0.05);
	return Number(readFileSync(path, 'latin1').split(' ')[0]) / 1e6;
}

function costOfReading(): number {
	const costs = Array.from({ length: 60 }, () => {
		const before = readMs();
		return readMs() - before;
	});
	return costs.sort((left, right) => left - right)[costs.length >> 1];
}

/** Milliseconds of processor time of the whole process, all threads. */
export function processMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}
