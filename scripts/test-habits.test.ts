// Habits of tests that fail on a busy machine: limits of their own on the clock, fixed sleeps, axe on a page that moves.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Habit {
	what: string;
	pattern: RegExp;
	/** Files that may. */
	allowed?: RegExp;
}

const habits: Habit[] = [
	{ what: 'a limit of its own: scripts/patience.mjs has the one of all tests', pattern: /\btimeout:\s*[\d_]+/ },
	{ what: 'a limit of its own: scripts/patience.mjs has the one of all tests', pattern: /^\t*\}, [\d_]{4,}\);$/m },
	{ what: 'a limit of its own: scripts/patience.mjs has the one of all tests', pattern: /Date\.now\(\) \+ [\d_]+/ },
	{ what: 'a limit of its own: scripts/patience.mjs has the one of all tests', pattern: /\n\t+[\d_]{5,},\n\t*\);/ },
	{ what: 'a limit of its own: scripts/patience.mjs has the one of all tests', pattern: /setDefault\w*Timeout\([\d_]/ },
	{ what: 'a fixed sleep: wait for a state', pattern: /waitForTimeout\(/, allowed: /^e2e\/screenshot/ },
	{ what: 'a fixed sleep: wait for a state', pattern: /setTimeout\((resolve|done), [\d_]{3,}\)/ },
	{
		what: 'axe on a page that may still move: axeFindings waits',
		pattern: /new AxeBuilder/,
		allowed: /^e2e\/page-acts\.ts$/,
	},
];

const isTest = /\.test\.tsx?$|^e2e\/.*\.ts$/;
const files = ['src', 'scripts', 'bench', 'e2e']
	.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
	.map((path) => path.replaceAll('\\', '/'))
	.filter((path) => isTest.test(path) && path !== 'scripts/test-habits.test.ts');

function findHabits(path: string, text: string): string[] {
	return habits
		.filter(({ pattern, allowed }) => pattern.test(text) && !allowed?.test(path))
		.map(({ what }) => `${path}: ${what}`);
}

test('no test fails for being slow', () => {
	expect(files.length).toBeGreaterThan(100);
	expect(files.flatMap((path) => findHabits(path, readFileSync(path, 'utf8')))).toEqual([]);
});

test.each([
	['e2e/a.e2e.ts', 'const slow = { timeout: 90_000 };'],
	['src/a.test.ts', "test('x', async () => {\n}, 240_000);"],
	['src/a.test.ts', "test(\n\t'x',\n\tasync () => {},\n\t60_000,\n);"],
	['src/a.test.ts', 'for (const limit = Date.now() + 30_000; !isSo(); ) {'],
	['e2e/a.e2e.ts', 'await page.waitForTimeout(500);'],
	['src/a.test.ts', 'await new Promise((resolve) => setTimeout(resolve, 250));'],
	['e2e/a.e2e.ts', 'await new AxeBuilder({ page }).analyze();'],
])('%s with %s is found', (path, text) => {
	expect(findHabits(path, text)).toHaveLength(1);
});
