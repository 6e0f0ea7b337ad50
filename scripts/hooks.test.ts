import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installHook } from './hooks.mjs';

let folder: string;
const git = (...args: string[]) =>
	spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder, encoding: 'utf8' });

// Settings of this machine and of a commit under way do not count.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
process.env.GIT_CONFIG_GLOBAL = '/dev/null';
process.env.GIT_CONFIG_NOSYSTEM = '1';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-hooks-'));
	execFileSync('git', ['init', '-q'], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the hook is installed as an executable file, again where it is there already', () => {
	const path = installHook(folder);
	expect(installHook(folder)).toBe(path);
	expect(statSync(path).mode & 0o111).not.toBe(0);
});

test('a hook of another origin stays', () => {
	writeFileSync(join(folder, '.git/hooks/pre-commit'), '#!/bin/sh\ntrue\n');
	expect(() => installHook(folder)).toThrow(/found .*pre-commit/);
});

test('hooks that git reads from another folder are not touched', () => {
	git('config', 'core.hooksPath', 'shared');
	expect(() => installHook(folder)).toThrow(/core.hooksPath shared/);
});

/** A checkout small enough to commit in: the scripts and settings of this one, a tree that is always current. */
function makeCheckout(): void {
	for (const name of ['pre-commit.mjs', 'check-floors.mjs', 'ensure-installed.mjs'])
		cpSync(resolve('scripts', name), join(folder, 'scripts', name), { recursive: true });
	writeFileSync(join(folder, 'scripts/tree.mjs'), '');
	cpSync('biome.json', join(folder, 'biome.json'));
	writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
	symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
	mkdirSync(join(folder, 'src/util'), { recursive: true });
	installHook(folder);
}

test('a commit with a badly formatted file or an upward import is refused, a clean one passes', () => {
	makeCheckout();
	const source = join(folder, 'src/util/one.ts');
	const commit = (text: string) => {
		writeFileSync(source, text);
		git('add', 'src');
		return git('commit', '-m', 'x');
	};
	const badly = commit("export const one   = 'a'\n");
	expect(badly.status).not.toBe(0);
	expect(badly.stderr).toContain('pre-commit: formatting of staged files failed');
	mkdirSync(join(folder, 'src/ui'));
	writeFileSync(join(folder, 'src/ui/two.ts'), 'export const two = 2;\n');
	const upward = commit("import { two } from '../ui/two';\n\nexport const one = two;\n");
	expect(upward.stderr).toContain('pre-commit: floors failed');
	const clean = commit("export const one = 'a';\n");
	expect(clean.stderr).not.toContain('failed');
	expect(clean.status).toBe(0);
});
