// Runs the unit and browser tests: `npm test` installs what is missing, names the tests that cost more processor time
// than one should, and prints the sums last.
// Options: --unit or --e2e for one half, --report FOLDER keeps vitest's reports there; file names after `--` go to vitest.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { findBrowser, findFirefox, firefoxMissing } from './find-browser.mjs';
import { bearableSeconds, describeTest, rankTests } from './slowest-tests.mjs';
import { countResults, describeCounts } from './test-counts.mjs';

const { values: options, positionals: files } = parseArgs({
	allowPositionals: true,
	options: { unit: { type: 'boolean' }, e2e: { type: 'boolean' }, report: { type: 'string' } },
});
const scratch = mkdtempSync(join(tmpdir(), 'nerco-test-'));
const folder = options.report ? resolve(options.report) : scratch;
mkdirSync(folder, { recursive: true });
const reports = [];
/** What was left out, said before the sums. */
const notes = [];

function runNode(args) {
	return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit', env: process.env }).status ?? 1;
}

function runVitest(name, config, files) {
	const output = join(folder, `${name}.json`);
	rmSync(output, { force: true });
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
	const exitCode = runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...reporters, ...files]);
	const report = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : null;
	if (report) reports.push(report);
	return countResults(report, exitCode);
}

/** Whether the names on the command line choose the test in Firefox. */
function includesFirefox(files) {
	return files.length === 0 || files.some((name) => 'e2e/firefox.e2e.ts'.includes(name));
}

async function runBrowserTests(files) {
	try {
		process.env.NERCO_BROWSER = await findBrowser();
	} catch (error) {
		console.error(error.message);
		return countResults(null, 1);
	}
	if (includesFirefox(files) && !(await findFirefox({ installs: true }))) notes.push(firefoxMissing);
	if (runNode(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']) !== 0) return countResults(null, 1);
	return runVitest('e2e', 'e2e/vitest.config.ts', files);
}

ensureInstalled();
const suites = [];
// The browser comes first: its package also holds the software Vulkan driver that the unit tests use.
if (options.e2e || !options.unit) suites.push(await runBrowserTests(files));
if (options.unit || !options.e2e) suites.push(runVitest('unit', 'vitest.config.ts', files));
rmSync(scratch, { recursive: true, force: true });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const counts of suites) for (const key of Object.keys(total)) total[key] += counts[key];
for (const test of rankTests(reports, projectRoot).filter(({ seconds }) => seconds > bearableSeconds))
	console.log(`over ${bearableSeconds} s of processor time: ${describeTest(test).trim()}`);
for (const note of notes) console.log(note);
console.log(describeCounts(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
