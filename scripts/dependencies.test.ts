import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockEntry {
	version?: string;
	resolved?: string;
	license?: string;
	dev?: boolean;
}

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const ours = readJson('package.json');
/** The project's own, and that of `npm run docs`. */
const folders = ['.', 'scripts/api-docs'];
const entriesOf = (folder: string): [string, LockEntry][] =>
	Object.entries<LockEntry>(readJson(`${folder}/package-lock.json`).packages).filter(([path]) => path !== '');

/** Version by package of the tables of docs/dependencies.md. */
function documentedVersions(): Map<string, string> {
	const text = readFileSync('docs/dependencies.md', 'utf8');
	return new Map([...text.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, version]) => [name, version]));
}

test('every dependency has an exact version, and a row in docs/dependencies.md with that version', () => {
	const tools = Object.entries<string>(readJson('scripts/api-docs/package.json').dependencies);
	const named: Record<string, string> = {
		...ours.dependencies,
		...ours.devDependencies,
		...Object.fromEntries(tools.map(([name, version]) => [`${name} (docs)`, version])),
	};
	expect(Object.values(named).filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
	expect(Object.fromEntries(documentedVersions())).toEqual(named);
});

test('every row says a licence, a size and a reason', () => {
	const rows = readFileSync('docs/dependencies.md', 'utf8').match(/^\| `.*$/gm) ?? [];
	const whole = /^\| `[^`]+` \| \S+ \| [^|]*\w[^|]* \| \d+\.\d+ MB \| [^|]{4,} \|$/;
	expect(rows.filter((row) => !whole.test(row))).toEqual([]);
});

test.each(folders)('the lock file of %s holds no registry address', (folder) => {
	const addressed = entriesOf(folder).filter(([, { resolved }]) => resolved !== undefined);
	expect(addressed).toEqual([]);
	expect(readFileSync(`${folder}/package-lock.json`, 'utf8')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

test('nothing that ships has a copyleft licence, or none', () => {
	const permissive = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|CC0-1\.0|Unlicense|BlueOak-1\.0\.0|Python-2\.0)$/;
	const shipped = entriesOf('.').filter(([, { dev }]) => !dev);
	expect(shipped.length).toBeGreaterThan(80);
	const refused = shipped
		.filter(([, { license = '' }]) => !license.split(/ (?:AND|OR) /).every((each) => permissive.test(each)))
		.map(([path, { license }]) => `${path}: ${license}`);
	expect(refused).toEqual([]);
});
