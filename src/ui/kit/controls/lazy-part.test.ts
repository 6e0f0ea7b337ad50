import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../..', import.meta.url));

/** Has its own answer to a file that cannot be fetched: errors stay in English. */
const withoutPart = ['words/error-words.ts'];

test('every part of the page that is loaded later has the one wrapper with a boundary', () => {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
		/(?<!\.test)\.tsx?$/.test(name),
	);
	const plain: string[] = [];
	const parts: string[] = [];
	for (const name of files) {
		const code = readFileSync(join(folder, name), 'utf8').replace(/\/\/.*$/gm, '');
		const isWrapper = name === join('kit', 'controls', 'lazy-part.tsx');
		if (!isWrapper && /\b(lazy|Suspense)\b(?=[\s,}(<])/.test(code)) plain.push(`${name}: lazy or Suspense`);
		const rest = code
			.replace(/typeof import\('/g, '')
			.replace(
				/lazyPart\(\s*(async )?\(\) =>\s*(\(\{\s*default: \(await )?import\('([^']+)'\)/g,
				(_, __, ___, path) => {
					parts.push(path);
					return '';
				},
			);
		if (/\bimport\(/.test(rest) && !withoutPart.includes(name)) plain.push(`${name}: import(`);
	}
	expect(plain).toEqual([]);
	expect(parts.length).toBeGreaterThan(20);
});
