// Runs the unit and browser tests: `npm test` installs what is missing, and prints their sums last.
// Options: --unit or --e2e for one half; file names after `--` go to vitest.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { findBrowser } from './find-browser.mjs';
import { countResults, describeCounts } from './test-counts.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'nerco-test-'));

function runNode(args) {
	return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit', env: process.env }).status ?? 1;
}

function runVitest(name, config, files) {
	const output = join(scratch, `${name}.json`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
	const exitCode = runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...reporters, ...files]);
	const report = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : null;
	return countResults(report, exitCode);
}

async function runBrowserTests(files) {
	try {
		process.env.NERCO_BROWSER = await findBrowser();
	} catch (error) {
		console.error(error.message);
		return countResults(null, 1);
	}
	if (runNode(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']) !== 0) return countResults(null, 1);
	return runVitest('e2e', 'e2e/vitest.config.ts', files);
}

const args = process.argv.slice(2);
const halves = args.filter((arg) => arg === '--unit' || arg === '--e2e');
const files = args.filter((arg) => !arg.startsWith('--'));
ensureInstalled();
const suites = [];
// The browser comes first: its package also holds the software Vulkan driver that the unit tests use.
if (!halves.includes('--unit')) suites.push(await runBrowserTests(files));
if (!halves.includes('--e2e')) suites.push(runVitest('unit', 'vitest.config.ts', files));
rmSync(scratch, { recursive: true, force: true });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const counts of suites) for (const key of Object.keys(total)) total[key] += counts[key];
console.log(describeCounts(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
