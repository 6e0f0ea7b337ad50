import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exceptions, measuredFolders, percentText, shortfalls, sumByFolder } from './coverage.mjs';

const counts = (covered: number, total: number) => ({ lines: { covered: 1, total: 2 }, branches: { covered, total } });

test('files are summed by folder, those below it included, others not', () => {
	const summary = {
		total: counts(9, 9),
		'/root/src/storage/a.ts': counts(1, 4),
		'/root/src/storage/node/b.ts': counts(2, 2),
		'/root/src/storage-other/c.ts': counts(5, 5),
	};
	const [sum, none] = sumByFolder(summary, ['src/storage', 'src/model'], '/root');
	expect(sum).toMatchObject({ lines: { covered: 2, total: 4 }, branches: { covered: 3, total: 6 } });
	expect(sum.files.map(({ path }: { path: string }) => path)).toEqual(['src/storage/a.ts', 'src/storage/node/b.ts']);
	expect(none.branches.total).toBe(0);
});

test('a share is rounded down', () => {
	expect(percentText({ covered: 8999, total: 10_000 })).toBe('89.9%');
	expect(percentText({ covered: 0, total: 0 })).toBe('-');
});

test('the measured folders are there', () => {
	expect(measuredFolders.filter((folder) => !existsSync(folder))).toEqual([]);
});

test('a folder below its least share of branches is named', () => {
	const sums = (covered: number) => [
		{ folder: 'src/training', branches: { covered, total: 100 } },
		{ folder: 'src/model', branches: { covered, total: 100 } },
	];
	expect(shortfalls(sums(90))).toEqual([]);
	expect(shortfalls(sums(89))).toEqual([
		'src/training: 89.0% of branches, at least 90%',
		'src/model: 89.0% of branches, at least 90%',
	]);
});

test('the documentation states a figure for each measured folder, and each exception', () => {
	const text = readFileSync('docs/evidence.md', 'utf8');
	for (const folder of measuredFolders)
		expect(text).toMatch(new RegExp(`^\\| \`${folder}\` \\| \\d+ \\| [\\d.]+% \\| [\\d.]+% `, 'm'));
	for (const [folder, { min }] of Object.entries(exceptions)) expect(text).toContain(`\`${folder}\` needs ${min}%`);
});
