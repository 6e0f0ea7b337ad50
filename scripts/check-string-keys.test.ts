import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStringKeys } from './check-string-keys.mjs';

function complaintsOf(files: Record<string, string>): string[] {
	const root = mkdtempSync(join(tmpdir(), 'nerco-keys-'));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	const complaints = checkStringKeys(root);
	rmSync(root, { recursive: true });
	return complaints;
}

test('objects keyed by any text are found with their line, in types, signatures and arguments', () => {
	const text =
		'const a: Map<string, number> = new Map();\nlet b: Record<string, number>;\ninterface C { [type: string]: number }\n';
	const found = complaintsOf({ 'data/new.ts': text, 'state/other.tsx': 'f<Partial<Record<string, Row[]>>>();' });
	expect(found.map((line) => line.replace(/: an object.*/, ''))).toEqual([
		'data/new.ts:2',
		'data/new.ts:3',
		'state/other.tsx:1',
	]);
});

test('comments, constants, JSON of others and tests are no matter', () => {
	const text =
		'// Record<string, number>\nconst a = {} satisfies Record<string, Kind>;\nlet b: Record<string, unknown>;\n';
	expect(complaintsOf({ 'data/new.ts': text, 'data/new.test.ts': 'let b: Record<string, number>;' })).toEqual([]);
});

test('a file of the list may have as many as the list says', () => {
	const one = 'let a: Record<string, number>;\n';
	expect(complaintsOf({ 'cli/nerco.ts': one })).toEqual([]);
	expect(complaintsOf({ 'cli/nerco.ts': one + one })).toHaveLength(2);
});
