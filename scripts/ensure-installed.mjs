// Makes node_modules agree with package-lock.json, with plain Node and npm only, so that the other scripts may import
// what the project depends on. Install scripts of packages are not needed by anything here.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const minNode = [20, 19];

/** Ends the process with a message when Node is older than the tools need. */
export function requireNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major > minNode[0] || (major === minNode[0] && minor >= minNode[1])) return;
	console.error(
		`expected Node ${minNode.join('.')} or newer, found ${process.versions.node}. Install a newer Node and try again.`,
	);
	process.exit(1);
}

function readPackages(path) {
	if (!existsSync(path)) return null;
	return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
}

/** The first locked package that is not installed in that version, or null. Optional ones depend on the machine. */
export function findOutdatedPackage(root = projectRoot) {
	const locked = readPackages(join(root, 'package-lock.json'));
	const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
	if (!locked) throw new Error('package-lock.json is missing: download the whole project and try again');
	if (!installed) return 'node_modules';
	for (const [path, entry] of Object.entries(locked)) {
		if (path === '' || entry.optional || entry.devOptional || entry.peer) continue;
		if (installed[path]?.version !== entry.version) return path;
	}
	return null;
}

/** Runs `npm ci` when something that the lock file names is missing or has another version. */
export function ensureInstalled() {
	requireNode();
	const outdated = findOutdatedPackage();
	if (!outdated) return;
	console.log(`Installing dependencies (${outdated} is missing or outdated)`);
	const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
		cwd: projectRoot,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (result.status === 0) return;
	console.error('npm ci failed. Check the network connection to the package registry, then run the command again.');
	process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
