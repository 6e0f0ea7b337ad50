// Text of a user's files as it is shown in lines: what would move a cursor, break the line or turn the reading order
// round is written as an escape (Trojan Source, CVE-2021-42574; terminal escape sequences).

// C0 and C1 controls, line and paragraph separators, marks and overrides of direction, halves of surrogate pairs.
const hidden =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\x1b' };

/** One line: `\n`, `\t`, `\x1b` or `\u202e` in place of each such character. */
export function printable(text: string): string {
	return text.replace(hidden, (character) => short[character] ?? codeOf(character));
}

/** JSON of the same value in which such characters are escaped too; JSON itself escapes only the first 32. */
export function printableJson(json: string): string {
	return json.replace(hidden, (character) =>
		character === '\n' || character === '\t' ? character : codeOf(character),
	);
}

function codeOf(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
