// How long tests wait before they say that something never comes. Limits on the clock only catch what hangs: they grow with
// the machine's load, so that a busy machine is slow and not wrong. What a test costs is measured in processor time.

import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';

/** Long for a single wait on an idle machine. */
const idlePatienceMs = 120_000;

/** Processes that want each core, at least 1: by the system, or as `under-load` says (the system's number lags by a minute). */
export function crowd({ load = loadavg()[0], announced = Number(process.env.NERCO_BUSY ?? 0) } = {}) {
	return Math.max(1, Math.max(load, announced) / availableParallelism());
}

/** For one wait: an element, a state, a message. */
export const patienceMs = Math.round(idlePatienceMs * crowd());

/** For a whole test or hook. */
export const wholeTestMs = 15 * patienceMs;
