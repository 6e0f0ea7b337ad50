// Runs all tests: `npm test` installs what is missing, checks (`npm run check`), runs the unit and the browser
// tests, side by side where the machine has room, names the tests that cost more processor time than one should,
// and prints the sums last.
// Options: --unit or --e2e for one half, without the check; --together runs the halves side by side on a busy
// machine too; --report FOLDER keeps vitest's reports there; file names after `--` go to vitest, also without the
// check.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { findBrowser, findFirefox, firefoxMissing } from './find-browser.mjs';
import { runTogether } from './run-together.mjs';
import { bearableSeconds, describeTest, rankTests } from './slowest-tests.mjs';
import { planSuites } from './suite-plan.mjs';
import { countResults, describeCounts } from './test-counts.mjs';

const plan = planSuites(); // before the check and the build are part of the load
const { values: options, positionals: files } = parseArgs({
	allowPositionals: true,
	options: {
		unit: { type: 'boolean' },
		e2e: { type: 'boolean' },
		report: { type: 'string' },
		together: { type: 'boolean' },
	},
});
const isSideBySide = plan.isSideBySide || options.together === true;
const hasUnit = options.unit || !options.e2e;
const hasBrowser = options.e2e || !options.unit;
const scratch = mkdtempSync(join(tmpdir(), 'nerco-test-'));
const folder = options.report ? resolve(options.report) : scratch;
mkdirSync(folder, { recursive: true });
/** What was left out, said before the sums. */
const notes = [];

function runNode(args) {
	return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit', env: process.env }).status ?? 1;
}

function passesCheck() {
	const shell = process.platform === 'win32';
	return spawnSync('npm', ['run', 'check'], { cwd: projectRoot, stdio: 'inherit', shell }).status === 0;
}

/** Whether the names on the command line choose the test in Firefox. */
function includesFirefox() {
	return files.length === 0 || files.some((name) => 'e2e/firefox.e2e.ts'.includes(name));
}

/** Finds the browsers and builds the page; false when there is nothing to test with. */
async function prepareBrowserTests() {
	try {
		process.env.NERCO_BROWSER = await findBrowser();
	} catch (error) {
		console.error(error.message);
		return false;
	}
	if (includesFirefox() && !(await findFirefox({ installs: true }))) notes.push(firefoxMissing);
	return runNode(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']) === 0;
}

const outputOf = (name) => join(folder, `${name}.json`);

function vitestArgs(name, config, more = []) {
	rmSync(outputOf(name), { force: true });
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputOf(name)}`];
	return ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...more, ...reporters, ...files];
}

/** Exit codes of vitest's halves, as the plan says. */
async function runSuites(suites) {
	if (suites.length < 2 || !isSideBySide) return suites.map(({ args }) => runNode(args));
	console.log(
		`Unit and browser tests run side by side (${plan.unitWorkers} unit workers); the browser tests print first.`,
	);
	// They are as patient as if others kept the machine busy.
	const busy = Number(process.env.NERCO_BUSY ?? 0) + plan.unitWorkers + 2;
	const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
	const env = { ...process.env, ...colours, NERCO_BUSY: String(busy) };
	return runTogether(suites.map(({ args }) => ({ args, env, cwd: projectRoot })));
}

function printSums(reports, counts) {
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const each of counts) for (const key of Object.keys(total)) total[key] += each[key];
	for (const test of rankTests(reports.filter(Boolean), projectRoot).filter(({ seconds }) => seconds > bearableSeconds))
		console.log(`over ${bearableSeconds} s of processor time: ${describeTest(test).trim()}`);
	for (const note of notes) console.log(note);
	console.log(describeCounts(total));
	process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function main() {
	const counts = [];
	const suites = [];
	// The browser comes first: its package also holds the software Vulkan driver that the unit tests use.
	if (hasBrowser) {
		if (await prepareBrowserTests()) suites.push({ name: 'e2e', args: vitestArgs('e2e', 'e2e/vitest.config.ts') });
		else counts.push(countResults(null, 1));
	}
	if (hasUnit) {
		const workers = [`--maxWorkers=${hasBrowser ? plan.unitWorkers : Math.max(2, plan.unitWorkers)}`];
		suites.push({ name: 'unit', args: vitestArgs('unit', 'vitest.config.ts', workers) });
	}
	const codes = await runSuites(suites);
	const reports = suites.map(({ name }) =>
		existsSync(outputOf(name)) ? JSON.parse(readFileSync(outputOf(name), 'utf8')) : null,
	);
	for (const [index, report] of reports.entries()) counts.push(countResults(report, codes[index]));
	rmSync(scratch, { recursive: true, force: true });
	printSums(reports, counts);
}

ensureInstalled();
if (hasUnit && hasBrowser && files.length === 0 && !passesCheck()) {
	// Counts as one failed test, so that the sums never look better than the run.
	console.log('npm run check failed: no test was run');
	console.log(describeCounts({ passed: 0, failed: 1, skipped: 0 }));
	process.exitCode = 1;
} else await main();
