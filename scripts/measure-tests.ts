// Set-up of every test file: writes down the processor time of each test, and of the file before its first one, into the
// test's own record, where the JSON report shows it.

import { afterEach, beforeEach } from 'vitest';
import { processorSeconds } from './processor-time.mjs';

declare module 'vitest' {
	interface TaskMeta {
		processorSeconds?: number;
		/** What the file took before its first test. */
		openingSeconds?: number;
	}
}

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
