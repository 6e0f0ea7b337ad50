// Reads text without tags: one sentence a line, for tagging.

import type { Sentence } from './corpus';

/** The lines that are not blank, every code point of them a character, white space too. */
export function readPlainText(text: string): Sentence[] {
	const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\r|\n/);
	return lines.flatMap((content, index) =>
		content.trim() === '' ? [] : [{ characters: [...content], tags: null, line: index + 1 }],
	);
}
