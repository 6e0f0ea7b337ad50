import { expect, test } from 'vitest';
import { countResults, describeCounts } from './test-counts.mjs';

const report = (overrides: object) => ({
	numPassedTests: 3,
	numFailedTests: 0,
	numPendingTests: 1,
	numTodoTests: 0,
	testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
	...overrides,
});

test('passed, failed and skipped tests are counted', () => {
	expect(describeCounts(countResults(report({ numFailedTests: 2 }), 1))).toBe('3 passed, 2 failed, 1 skipped');
});

test('a file that could not be collected counts as a failure', () => {
	expect(countResults(report({ testResults: [{ status: 'failed', assertionResults: [] }] }), 1).failed).toBe(1);
});

test('an error outside all tests counts as a failure', () => {
	expect(countResults(report({}), 1).failed).toBe(1);
});

test('a run without a report counts as a failure', () => {
	expect(countResults(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
