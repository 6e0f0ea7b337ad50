import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawTree, fragmentOf, openingSentence } from './tree.mjs';

test('the first sentence of the opening comment describes a file', () => {
	expect(openingSentence('// Reads a corpus, line by line. Not\n// a tree.\nimport x;')).toBe(
		'Reads a corpus, line by line',
	);
	expect(openingSentence('// Reads\n// vectors: as text (Li et al. 2020); fast.\n')).toBe(
		'Reads vectors: as text (Li et al. 2020)',
	);
	expect(openingSentence('/// <reference lib="webworker" />\n// The entry.\n')).toBe('The entry');
	expect(openingSentence('/* The looks.\n * More. */\n')).toBe('The looks');
	expect(openingSentence("import x from 'y';\n")).toBe('');
});

test('a long sentence ends at the border of a clause', () => {
	expect(fragmentOf('A corpus format as text')).toBe('A corpus format as text');
	expect(fragmentOf('Somebody works without a mouse: text is pasted, imported, renamed, deleted')).toBe(
		'Somebody works without a mouse',
	);
	expect(fragmentOf('One measured case, as it is written to JSON files and to the printed tables')).toBe(
		'One measured case',
	);
	expect(
		fragmentOf('Reads the representations of chosen tokens off a network without dropout and without gradients'),
	).toBe('Reads the representations of chosen tokens off a network');
	expect(fragmentOf('The headless command `npm run nerco -- train|forecast|evaluate|tag|export|corpus`')).toBe(
		'The headless command',
	);
	expect(fragmentOf('`nerco corpus doctor`: what is odd about a corpus, said in words or as JSON for programs')).toBe(
		'What is odd about a corpus',
	);
	expect(fragmentOf('x'.repeat(70))).toBe('');
});

test('the tree has a fragment of at most 60 characters for every file', () => {
	const problems: string[] = [];
	const lines = drawTree(problems);
	expect(problems).toEqual([]);
	const fragments = lines.map((line) => line.trim().replace(/^\S+\s+/, ''));
	expect(fragments.filter((fragment) => fragment.length > 60 || /…|\.\.\.$/.test(fragment))).toEqual([]);
	expect(fragments.filter((fragment) => fragment === '' || /[,:;]$/.test(fragment))).toEqual([]);
});

test('docs/tree.md is the tree, and README.md no longer holds it', () => {
	const tree = drawTree([]).map((line) => `    ${line}`);
	expect(readFileSync('docs/tree.md', 'utf8')).toContain(tree.join('\n'));
	expect(readFileSync('README.md', 'utf8')).not.toContain('<!-- tree');
});
