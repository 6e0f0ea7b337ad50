// Styles of all places end up in one page: a class that two files describe as a whole would look different by the order
// in which places were opened.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../src/ui');

test('no class is described as a whole by two style sheets', () => {
	const owner = new Map<string, string>();
	const shared: string[] = [];
	const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.css'));
	expect(sheets.length).toBeGreaterThan(5);
	for (const sheet of sheets) {
		const names = new Set(
			[...readFileSync(join(folder, sheet), 'utf8').matchAll(/^\.([a-z][a-z0-9-]*) \{/gm)].map((match) => match[1]),
		);
		for (const name of names) {
			if (owner.has(name)) shared.push(`.${name} in ${owner.get(name)} and ${sheet}`);
			owner.set(name, sheet);
		}
	}
	expect(shared).toEqual([]);
});
