import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { longestFiles, longestFirst } from './longest-first.mjs';

test('the files that take longest come first, the others keep their order', () => {
	const [longest, next] = longestFiles;
	expect(longestFirst(['src/b.test.ts', next, 'src/a.test.ts', longest])).toEqual([
		longest,
		next,
		'src/b.test.ts',
		'src/a.test.ts',
	]);
});

test('every file of the list is there', () => {
	expect(longestFiles.filter((path: string) => !existsSync(path))).toEqual([]);
});
