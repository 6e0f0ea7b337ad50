import { expect, test } from 'vitest';
import { openingSentence } from './tree.mjs';

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
