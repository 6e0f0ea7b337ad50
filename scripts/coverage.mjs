// `npm run coverage [-- TEST_FILES...]`: runs the unit tests that reach the folders below and prints how much of their lines
// and branches they run. Tests of kernels, projections and the page are left out: they take long and add nothing here.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

export const measuredFolders = ['src/data/formats', 'src/storage', 'src/training', 'src/model', 'src/analysis'];
const testFolders = [
	'data',
	'storage',
	'training',
	'model',
	'analysis',
	'experiment',
	'util',
	'cli',
	'state',
	'worker',
];
const shownFiles = 10;

/** Least share of branches in percent, for every measured folder. */
const minBranches = 90;

/** Folders that need not reach it, with the share they must keep and the reason. docs/evidence.md names the same. */
/** @type {Record<string, { min: number, reason: string }>} */
export const exceptions = {};

const minOf = (folder) => exceptions[folder]?.min ?? minBranches;

/** Sums of a summary (absolute paths as vitest writes them) for each folder, in the order given. */
export function sumByFolder(summary, folders, root = projectRoot) {
	const files = Object.entries(summary)
		.filter(([path]) => path !== 'total')
		.map(([path, counts]) => ({ path: relative(root, path).replaceAll('\\', '/'), ...counts }));
	return folders.map((folder) => {
		const inside = files.filter(({ path }) => path.startsWith(`${folder}/`));
		const sum = (kind) => ({
			covered: inside.reduce((total, file) => total + file[kind].covered, 0),
			total: inside.reduce((total, file) => total + file[kind].total, 0),
		});
		return { folder, files: inside, lines: sum('lines'), branches: sum('branches') };
	});
}

/** Rounded down, so that 90 is never said of less. */
export function percentText({ covered, total }) {
	return total === 0 ? '-' : `${(Math.floor((1000 * covered) / total) / 10).toFixed(1)}%`;
}

function print(sums) {
	console.log('\n| folder | files | lines | branches |\n|---|---|---|---|');
	for (const { folder, files, lines, branches } of sums)
		console.log(
			`| \`${folder}\` | ${files.length} | ${percentText(lines)} | ${percentText(branches)} (${branches.covered} of ${branches.total}) |`,
		);
	const missed = sums
		.flatMap(({ files }) => files)
		.map(({ path, branches }) => ({ path, branches, missed: branches.total - branches.covered }))
		.sort((one, other) => other.missed - one.missed);
	for (const [folder, { min, reason }] of Object.entries(exceptions))
		console.log(`\n${folder} needs ${min}%, not ${minBranches}%: ${reason}`);
	console.log('\nMost branches without a test:');
	for (const { path, branches, missed: count } of missed.slice(0, shownFiles))
		console.log(`    ${String(count).padStart(3)}  ${path}  (${percentText(branches)})`);
}

/** Folders below their least share of branches, in words. */
export function shortfalls(sums) {
	return sums
		.filter(({ folder, branches }) => 100 * branches.covered < minOf(folder) * branches.total)
		.map(({ folder, branches }) => `${folder}: ${percentText(branches)} of branches, at least ${minOf(folder)}%`);
}

function main(files) {
	ensureInstalled();
	const folder = join(projectRoot, 'coverage');
	const report = join(folder, 'coverage-summary.json');
	rmSync(report, { force: true });
	const options = [
		'--coverage.enabled',
		'--coverage.provider=v8',
		'--coverage.reporter=json-summary',
		'--coverage.reporter=html',
		`--coverage.reportsDirectory=${folder}`,
		'--coverage.reportOnFailure',
		...measuredFolders.map((each) => `--coverage.include=${each}/**/*.ts`),
		'--coverage.exclude=**/*.test.ts',
	];
	const tests = files.length > 0 ? files : testFolders.map((each) => `src/${each}/`);
	const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...options, ...tests];
	const { status } = spawnSync(process.execPath, vitest, { cwd: projectRoot, stdio: 'inherit' });
	process.exitCode = status ?? 1;
	if (!existsSync(report)) return;
	const sums = sumByFolder(JSON.parse(readFileSync(report, 'utf8')), measuredFolders);
	print(sums);
	const short = files.length > 0 ? [] : shortfalls(sums);
	for (const line of short) console.error(line);
	if (short.length > 0) process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
