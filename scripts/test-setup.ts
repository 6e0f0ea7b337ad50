// Set-up of every test file: writes down the processor time of each test, and of the file before its first one, into the
// test's own record, where the JSON report shows it; and makes vitest's own waiting as patient as the tests.

import { afterEach, beforeEach, vi } from 'vitest';
import { patienceMs } from './patience.mjs';
import { processorSeconds } from './processor-time.mjs';

declare module 'vitest' {
	interface TaskMeta {
		processorSeconds?: number;
		/** What the file took before its first test. */
		openingSeconds?: number;
	}
}

// It gives up after a second by default, and vitest has no setting for it.
const { waitFor } = vi;
vi.waitFor = (callback, options) =>
	waitFor(callback, { timeout: patienceMs, ...(typeof options === 'number' ? { timeout: options } : options) });

const fileStart = processorSeconds();
let testStart: number | null = null;

beforeEach(({ task }) => {
	const now = processorSeconds();
	if (testStart === null) task.meta.openingSeconds = now - fileStart;
	testStart = now;
});

afterEach(({ task }) => {
	task.meta.processorSeconds = processorSeconds() - (testStart ?? fileStart);
});
