// What git runs before a commit, once `npm run hooks` has installed it: staged files are formatted and pass the linter,
// imports point down, the tree is current. Types and tests take longer; `npm run check` and `npm test` run them.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './ensure-installed.mjs';

/** Name, then arguments of Node, then what to do when it fails. */
const steps = [
	{
		name: 'formatting of staged files',
		args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--staged', '--no-errors-on-unmatched'],
		remedy: 'npx biome check --write --staged, then stage the files again',
	},
	{
		name: 'floors',
		args: ['scripts/check-floors.mjs'],
		remedy: 'docs/architecture.md says which folder may import which',
	},
	{ name: 'tree', args: ['scripts/tree.mjs', '--check'], remedy: 'npm run tree, then stage docs/tree.md' },
];

/** Runs all steps in a checkout; prints the output of those that fail. Returns the names of the failed ones. */
export function runSteps(root = projectRoot) {
	const failed = [];
	for (const { name, args, remedy } of steps) {
		const [script, ...rest] = args;
		const result = spawnSync(process.execPath, [join(root, script), ...rest], { cwd: root, encoding: 'utf8' });
		if (result.status === 0) continue;
		failed.push(name);
		process.stderr.write(`${result.stdout}${result.stderr}pre-commit: ${name} failed. To fix it: ${remedy}\n`);
	}
	return failed;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
	process.exitCode = runSteps().length === 0 ? 0 : 1;
