// `npm run hooks`: installs the pre-commit check of this checkout (pre-commit.mjs). `git commit --no-verify` skips it once.
// A hook that somebody else put there stays, and the command says so.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './ensure-installed.mjs';

const mark = '# installed by `npm run hooks`';
const hook = `#!/bin/sh\n${mark}\nexec node scripts/pre-commit.mjs\n`;

const byHand = "Add 'node scripts/pre-commit.mjs' to the hook yourself.";

/** The path of the installed hook. Throws where another one is there, or where there is no git. */
export function installHook(root = projectRoot) {
	const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
	const elsewhere = git('config', 'core.hooksPath');
	if (elsewhere !== '')
		throw new Error(`expected git's own folder of hooks, found core.hooksPath ${elsewhere}. ${byHand}`);
	const folder = git('rev-parse', '--git-path', 'hooks');
	if (folder === '') throw new Error(`expected a git checkout, found none in ${root}.`);
	const path = join(resolve(root, folder), 'pre-commit');
	if (existsSync(path) && !readFileSync(path, 'utf8').includes(mark))
		throw new Error(`expected no pre-commit hook of another origin, found ${path}. ${byHand}`);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, hook);
	chmodSync(path, 0o755);
	return path;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	try {
		console.log(`installed ${installHook()}`);
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
