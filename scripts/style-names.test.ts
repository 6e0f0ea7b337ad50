// Styles of all pages end up in one page, in the order in which pages are opened. So that this order decides nothing,
// every sheet keeps to its layer, and a class belongs to one sheet, which names the prefixes of its classes.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../src/ui');
const layers = ['tokens', 'base', 'kit', 'shell', 'pages'];
const order = `@layer ${layers.join(', ')};`;

interface Sheet {
	path: string;
	/** Without comments and the contents of strings. */
	text: string;
	/** Beginnings of its classes: written in its first comment, else its file name. */
	prefixes: string[];
}

const sheets: Sheet[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
	.filter((path) => path.endsWith('.css'))
	.map((path) => path.replaceAll('\\', '/'))
	.sort()
	.map((path) => {
		const source = readFileSync(join(folder, path), 'utf8');
		const named = /^\/\*[^*]*?\b(?:Prefixes|Classes): ([^.*]+)\./.exec(source)?.[1];
		return {
			path,
			text: source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/"[^"\n]*"/g, '""'),
			prefixes: named?.split(/,\s*/) ?? [basename(path, '.css')],
		};
	});

function classesOf({ text }: Sheet): string[] {
	const selectors = [...text.matchAll(/([^{};]+)\{/g)].map((match) => match[1]).filter((part) => !/^\s*@/.test(part));
	return [...new Set(selectors.flatMap((part) => [...part.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((match) => match[1])))];
}

/** What stands in no block, the order of the layers left out. */
function outermost(text: string): string[] {
	let depth = 0;
	let shown = '';
	for (const character of text.replace(order, '')) {
		if (character === '}') depth--;
		if (depth === 0) shown += character === '}' ? '\n' : character === '{' ? '' : character;
		if (character === '{') depth++;
	}
	return shown
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

/** The layer of a sheet follows from where it lies. */
function layerOf(path: string): string {
	const first = path.split('/')[0].replace('.css', '');
	return first === 'gallery' ? 'pages' : first;
}

test('every sheet of the page is in the layer of its folder', () => {
	expect(sheets.length).toBeGreaterThan(15);
	for (const { path, text } of sheets) {
		expect(layers, path).toContain(layerOf(path));
		expect(outermost(text), path).toEqual([`@layer ${layerOf(path)}`]);
	}
});

test('the order of the layers is declared once, in the sheet that the page loads first', () => {
	const declaring = sheets.filter(({ text }) => /@layer [^{};]*;/.test(text));
	expect(declaring.map(({ path }) => path)).toEqual(['tokens.css']);
	expect(declaring[0].text).toContain(order);
	for (const [entry, path] of [
		['App.tsx', './shell/page-styles'],
		['gallery/gallery-entry.tsx', '../shell/page-styles'],
	]) {
		const source = readFileSync(join(folder, entry), 'utf8');
		expect(/^import [^;]*;/m.exec(source)?.[0], entry).toBe(`import '${path}';`);
	}
	const loaded = readFileSync(join(folder, 'shell/page-styles.ts'), 'utf8');
	expect(/import '([^']*\.css)'/.exec(loaded)?.[1]).toBe('../tokens.css');
});

test('no class name appears in two sheets', () => {
	const owners = new Map<string, string[]>();
	for (const sheet of sheets) {
		for (const name of classesOf(sheet)) owners.set(name, [...(owners.get(name) ?? []), sheet.path]);
	}
	const shared = [...owners].filter(([, paths]) => paths.length > 1);
	expect(shared.map(([name, paths]) => `.${name} in ${paths.join(' and ')}`)).toEqual([]);
});

test('the classes of a sheet begin with its prefixes, and no other sheet has these', () => {
	const strange = sheets.flatMap((sheet) =>
		classesOf(sheet)
			.filter((name) => !sheet.prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}-`)))
			.map((name) => `.${name} in ${sheet.path}`),
	);
	expect(strange).toEqual([]);
	const prefixes = sheets.flatMap(({ prefixes }) => prefixes);
	expect(prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index)).toEqual([]);
	// A class of one sheet must not look like one of another.
	const pairs = sheets.flatMap((one) =>
		sheets.flatMap((other) =>
			one === other
				? []
				: one.prefixes.flatMap((prefix) =>
						other.prefixes.filter((longer) => longer.startsWith(`${prefix}-`)).map((longer) => `${prefix}, ${longer}`),
					),
		),
	);
	expect(pairs).toEqual([]);
});

test('no animation has the name of another', () => {
	const names = sheets.flatMap(({ text }) => [...text.matchAll(/@keyframes ([\w-]+)/g)].map((match) => match[1]));
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
