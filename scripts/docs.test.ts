import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { entryPoints } from './docs.mjs';

const root = ['README.md', 'README.zh.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const below = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path));
const documents = [...root, ...below].filter((path) => path.endsWith('.md'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const read = (path: string) => readFileSync(path, 'utf8');

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
	const headings = read(path).match(/^#{1,6} .*$/gm) ?? [];
	return headings.map((heading) =>
		heading
			.replace(/^#+ /, '')
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

test.each(documents)('every link of %s leads somewhere', (path) => {
	const links = [...read(path).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);
	const broken = links.filter((link) => {
		const [file, anchor] = link.split('#');
		const target = file === '' ? path : join(dirname(path), file);
		if (!existsSync(target)) return true;
		return anchor !== undefined && !anchorsOf(target).includes(anchor);
	});
	expect(broken).toEqual([]);
});

/** Files of the repository that documents may name. */
const sources = ['src', 'scripts', 'e2e', 'bench', 'models', 'fixtures', 'docs', 'public'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((path) => join(folder, path).replaceAll('\\', '/'))
		.filter((path) => !path.includes('/node_modules/')),
);
const isTemplate = (name: string) => /[*$]|NAME|TEST_FILES|VERSION/.test(name);
/** Named as what nobody should make. */
const refusedNames = new Set(['index.ts', 'types.ts', 'utils.ts', 'helpers.ts']);

test.each(documents.filter((path) => !/CHANGELOG|tree\.md/.test(path)))('every source named in %s is there', (path) => {
	const names = [...read(path).matchAll(/`([\w./-]+\.(?:tsx?|mjs|css|json))`/g)].map(([, name]) => name);
	const missing = names.filter(
		(name) =>
			!isTemplate(name) &&
			!refusedNames.has(name) &&
			!existsSync(name) &&
			!sources.some((source) => source.endsWith(`/${name}`)) &&
			!/^(dist-cli\/)?nerco\.mjs$|^result\.json$|^(tokenizer|bert_config)\.json$/.test(name),
	);
	expect(missing).toEqual([]);
});

test('the modules of the API pages are there', () => {
	expect(entryPoints.filter((path) => !existsSync(path))).toEqual([]);
});

test('every npm command that a document names is there', () => {
	const named = documents.flatMap((path) =>
		[...read(path).matchAll(/npm run (?:-s )?([a-z][\w:]*)/g)].map(([, name]) => name),
	);
	expect([...new Set(named)].filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
});

test('each README is under 10 kB, and each decision is in the list of decisions', () => {
	for (const path of ['README.md', 'README.zh.md']) expect(statSync(path).size).toBeLessThan(10_000);
	const list = read('docs/decisions/README.md');
	const files = readdirSync('docs/decisions').filter((name) => /^\d{3}-/.test(name));
	expect(files.filter((name) => !list.includes(`](${name})`))).toEqual([]);
	const numbers = files.map((name) => name.slice(0, 3));
	expect(new Set(numbers).size).toBe(numbers.length);
});

test('the change log has a part for what is unreleased and one for the version', () => {
	const text = read('CHANGELOG.md');
	expect(text).toContain('## [Unreleased]');
	expect(text).toContain(`## [${manifest.version}] - `);
});
