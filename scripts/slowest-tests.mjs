// The tests that took the most processor time, from the JSON reports of vitest:
//   node scripts/slowest-tests.mjs REPORT.json ... (`npm test -- --report FOLDER` writes them)
// Processor time says what a test costs; how long it took on the clock says as much about the machine.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What one test may cost before it is named. */
export const bearableSeconds = 20;

/** Tests of reports with their costs, dearest first. What a file computes before its first test is a row of its own. */
export function rankTests(reports, root = process.cwd()) {
	const rows = reports.flatMap(({ testResults }) =>
		testResults.flatMap(({ name, assertionResults }) => {
			const file = relative(root, name);
			return assertionResults.flatMap(({ fullName, duration, meta }) => [
				{ file, title: fullName, seconds: meta?.processorSeconds ?? 0, clockSeconds: (duration ?? 0) / 1000 },
				{ file, title: '(before the first test)', seconds: meta?.openingSeconds ?? 0, clockSeconds: 0 },
			]);
		}),
	);
	return rows.filter(({ seconds }) => seconds > 0).sort((left, right) => right.seconds - left.seconds);
}

export function describeTest({ file, title, seconds, clockSeconds }) {
	return `${seconds.toFixed(1).padStart(6)} s  ${clockSeconds.toFixed(1).padStart(6)} s on the clock  ${file}: ${title}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const rows = rankTests(process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8'))));
	for (const row of rows.slice(0, 20)) console.log(describeTest(row));
	console.log(`${rows.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s of processor time in all`);
}
