// What holds for the text of every WGSL program.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('every loop variable of our programs starts with a value', () => {
	const files = readdirSync(import.meta.dirname).filter((name) => /-programs?\.ts$/.test(name));
	expect(files.length).toBeGreaterThan(6);
	for (const name of files) {
		const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8');
		expect(text.match(/\bvar (?!<)\w+\s*(:[^=;]*)?;/g), name).toBeNull();
	}
});
