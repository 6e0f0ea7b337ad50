// A folder of its own for each test of a file, gone when the test has ended.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Called at the top of a test file, before other hooks; gives the path of a name in the folder, or of the folder itself. */
export function folderPerTest(): (name?: string) => string {
	let folder = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'nerco-test-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));
	return (name = '') => join(folder, name);
}
