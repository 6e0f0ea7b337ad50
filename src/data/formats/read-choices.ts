// Choices of reading as words, as a command line or a stored record gives them: `overlaps=longest`, `tagNames=O,B-PER`.

import { UserError } from '../../util/errors';
import { splitNames } from '../corpus';
import { textEncodings } from '../decode-text';
import { tagSchemes } from '../tag-scheme';
import { corpusFormats } from './format-list';
import { choiceValues, type ReadingChoices } from './reading';

const listed: Readonly<Record<string, readonly string[]>> = {
	...choiceValues,
	format: corpusFormats,
	encoding: textEncodings,
	unit: ['character', 'word'],
	split: splitNames,
	scheme: tagSchemes,
};
const columns = ['tokenColumn', 'tagColumn'];
const names = [...Object.keys(listed), ...columns, 'tagNames'];

/** Throws `corpus-unknown-choice`, `corpus-choice-value`. */
export function readChoices(given: Readonly<Record<string, string>>): ReadingChoices {
	const choices: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) choices[name] = readChoice(name, value);
	return choices as ReadingChoices;
}

function readChoice(name: string, value: string): unknown {
	if (!names.includes(name)) throw refuse('corpus-unknown-choice', `an import choice: ${names.join(', ')}`, name);
	if (name === 'tagNames') return value.split(',').map((tag) => tag.trim());
	if (columns.includes(name)) {
		const column = Number(value);
		if (Number.isInteger(column) && column !== 0 && Math.abs(column) <= 100) return column;
		throw refuse('corpus-choice-value', `${name}: a column counted from 1, or from the end (-1 is the last)`, value);
	}
	const found = listed[name].find((option) => option.toLowerCase() === value.toLowerCase());
	if (found === undefined) throw refuse('corpus-choice-value', `${name}: ${listed[name].join(', ')}`, value);
	return found;
}

function refuse(code: string, expected: string, found: string): UserError {
	return new UserError({ code, expected, found: `'${found}'`, remedy: 'Choose one of these.' });
}
