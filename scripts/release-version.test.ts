// A version is named in several files; a release forgets none of them.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workbenchVersion } from '../src/experiment/workbench-version';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const { version } = readJson('package.json');
const released = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/gm)];

test('the lock file and the files that the workbench writes name the version of package.json', () => {
	const lock = readJson('package-lock.json');
	expect([lock.version, lock.packages[''].version, workbenchVersion]).toEqual([version, version, version]);
});

test('the change log has a dated entry for the version of package.json, above those of earlier versions', () => {
	expect(released[0]?.[1]).toBe(version);
	const dates = released.map(([, , date]) => date);
	expect(dates).toEqual([...dates].sort().reverse());
});

test('the change log keeps a part for what is not released yet', () => {
	expect(readFileSync('CHANGELOG.md', 'utf8')).toMatch(/^## \[Unreleased\]$/m);
});
