import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockEntry {
	version?: string;
	resolved?: string;
	license?: string;
	dev?: boolean;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const named: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies };
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Version by package of the tables of docs/dependencies.md. */
function documentedVersions(): Map<string, string> {
	const text = readFileSync('docs/dependencies.md', 'utf8');
	return new Map([...text.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, version]) => [name, version]));
}

test('every dependency has an exact version, and a row in docs/dependencies.md with that version', () => {
	const exact = Object.entries(named).map(([name, range]): [string, string] => [name, range.replace(/^npm:.*@/, '')]);
	expect(exact.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
	expect(Object.fromEntries(documentedVersions())).toEqual(Object.fromEntries(exact));
});

test('every row says a licence, a size and a reason', () => {
	const rows = readFileSync('docs/dependencies.md', 'utf8').match(/^\| `.*$/gm) ?? [];
	const whole = /^\| `[^`]+` \| \S+ \| [^|]*\w[^|]* \| \d+\.\d+ MB \| [^|]{4,} \|$/;
	expect(rows.filter((row) => !whole.test(row))).toEqual([]);
});

test('the lock file holds no registry address', () => {
	const addressed = entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path);
	expect(addressed).toEqual([]);
	expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

test('nothing that ships has a copyleft licence, or none', () => {
	const permissive = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|CC0-1\.0|Unlicense|BlueOak-1\.0\.0|Python-2\.0)$/;
	const shipped = entries.filter(([, { dev }]) => !dev);
	expect(shipped.length).toBeGreaterThan(100);
	const refused = shipped
		.filter(([, { license = '' }]) => !license.split(/ (?:AND|OR) /).every((each) => permissive.test(each)))
		.map(([path, { license }]) => `${path}: ${license}`);
	expect(refused).toEqual([]);
});
