// Counts of a vitest JSON report, with everything that went wrong outside a test counted as a failure.

/** `report` is null when vitest wrote none. A file that could not be collected, or an error outside tests, is one failure. */
export function countResults(report, exitCode) {
	if (!report) return { passed: 0, failed: 1, skipped: 0 };
	const broken = report.testResults.filter(
		(file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
	);
	const failed = report.numFailedTests + broken.length;
	return {
		passed: report.numPassedTests,
		failed: failed === 0 && exitCode !== 0 ? 1 : failed,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}

export function describeCounts({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
